// The alerts: what fires comes first; resolved ones when asked for. Which are shown is in the address.
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { Choice } from "../../common/field.tsx";
import { FreshnessLabel } from "../../common/freshness.tsx";
import { Panel } from "../../common/page.tsx";
import { AlertList, type AlertListProps } from "./alert-list.tsx";

const SHOWN = ["firing", "resolved", "all"] as const;

export function AlertsPanel({ about }: Pick<AlertListProps, "about">) {
  const { t } = useTranslation("monitoring");
  const [params, setParams] = useSearchParams();
  const shown = SHOWN.find((one) => one === params.get("alerts")) ?? "firing";
  const choose = (value: string) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === "firing") next.delete("alerts");
        else next.set("alerts", value);
        return next;
      },
      { replace: true },
    );
  const list = (status: "firing" | "resolved") => (
    <AlertList status={status} label={t(`alerts.${status}`)} {...(about === undefined ? {} : { about })} />
  );
  return (
    <Panel
      title={t("alerts")}
      testId="alerts"
      actions={
        <Box sx={{ display: "flex", alignItems: "end", flexWrap: "wrap", gap: 2 }}>
          <FreshnessLabel />
          <Choice label={t("alerts.show")} data-testid="alerts-filter" value={shown} onChange={(event) => choose(event.target.value)}>
            {SHOWN.map((one) => (
              <option key={one} value={one}>
                {t(`alerts.${one}`)}
              </option>
            ))}
          </Choice>
        </Box>
      }
    >
      {shown !== "all" && list(shown)}
      {shown === "all" &&
        (["firing", "resolved"] as const).map((status) => (
          <Box key={status} sx={{ mb: 2 }}>
            <Typography variant="h3" sx={{ mb: 1 }}>
              {t(`alerts.${status}`)}
            </Typography>
            {list(status)}
          </Box>
        ))}
    </Panel>
  );
}
