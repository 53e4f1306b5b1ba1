// One alert in a list: how bad, what about, since when, what was measured, what is being done, who has taken note.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../../protocol/alert.ts";
import { paths } from "../../app/paths.ts";
import { Elapsed, Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { SEVERITY_TONES } from "../../state/tones.ts";
import { Acknowledgement } from "./acknowledge.tsx";
import { AlertLinks } from "./alert-links.tsx";
import { Remediation } from "./remediation.tsx";
import { Quiet, Row } from "./row.tsx";
import { useAlertValue } from "./words.ts";

export function AlertState({ alert }: { alert: Pick<Alert, "severity" | "status"> }) {
  const { t } = useTranslation(["monitoring", "common"]);
  return (
    <>
      <StateLabel tone={alert.status === "resolved" ? "pending" : SEVERITY_TONES[alert.severity]} boxed>
        {t(`common:severity.${alert.severity}`)}
      </StateLabel>
      {alert.status === "resolved" && <StateLabel tone="done">{t("alert.resolved")}</StateLabel>}
    </>
  );
}

export function AlertSince({ alert }: { alert: Alert }) {
  const { t } = useTranslation("monitoring");
  return (
    <Quiet>
      {t("alert.since")} <Instant at={alert.startedAt} /> (<Elapsed from={alert.startedAt} to={alert.resolvedAt} />)
    </Quiet>
  );
}

export function AlertFigures({ alert }: { alert: Alert }) {
  const { t } = useTranslation("monitoring");
  const value = useAlertValue()(alert);
  return (
    <Row>
      {value !== null && <span>{value}</span>}
      {alert.burnRate !== null && <span>{t("alert.burn", { rate: Math.round(alert.burnRate * 10) / 10 })}</span>}
    </Row>
  );
}

export function AlertRow({ alert }: { alert: Alert }) {
  const { t } = useTranslation("monitoring");
  return (
    <Box
      component="li"
      data-testid="alert"
      data-kind={alert.kind}
      data-status={alert.status}
      data-severity={alert.severity}
      sx={{ display: "grid", gap: 0.5, py: 1.25, borderTop: 1, borderColor: "divider", "&:first-of-type": { borderTop: 0, pt: 0 } }}
    >
      <Row>
        <AlertState alert={alert} />
        <AppLink href={paths.alert(alert.alertId)} sx={{ fontWeight: 650 }}>
          {t(`alertKind.${alert.kind}`)}
        </AppLink>
        <AlertSince alert={alert} />
      </Row>
      <Untrusted>{alert.message}</Untrusted>
      <AlertFigures alert={alert} />
      <AlertLinks alert={alert} />
      {alert.remediation.length > 0 && <Remediation steps={alert.remediation} />}
      <div>
        <Acknowledgement alert={alert} />
      </div>
    </Box>
  );
}
