// The alerts that fire about a slice now, each one link away from all that is known of it.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { Empty, Loading } from "../../common/empty.tsx";
import { Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { Panel } from "../../common/page.tsx";
import { Problem } from "../../common/problem.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { SEVERITY_TONES } from "../../state/tones.ts";

export function SliceAlerts({ slice }: { slice: string }) {
  const { t } = useTranslation(["deployments", "common"]);
  const { data, error, refetch } = server.useAlertsQuery({ slice, status: "firing" });
  return (
    <Panel title={t("slice.alerts_title")} testId="slice-alert-list">
      <Problem problem={error} onRetry={refetch} />
      {data === undefined && error === undefined && <Loading rows={1} />}
      {data?.alerts.length === 0 && <Empty title={t("slice.no_alerts")} />}
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: "none" }}>
        {data?.alerts.map(({ alertId, severity, message, startedAt, site }) => (
          <Box component="li" key={alertId} data-testid="slice-alert" sx={{ display: "flex", flexWrap: "wrap", columnGap: 2, py: 0.5 }}>
            <StateLabel tone={SEVERITY_TONES[severity]}>{t(`common:severity.${severity}`)}</StateLabel>
            <Instant at={startedAt} />
            {site !== null && <span>{site}</span>}
            <AppLink href={paths.alert(alertId)}>
              <Untrusted>{message}</Untrusted>
            </AppLink>
          </Box>
        ))}
      </Box>
    </Panel>
  );
}
