// The rungs that were climbed against an alert, in order: what was tried, how far it is, and the intent that carries it out.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { RemediationStep } from "../../../protocol/alert.ts";
import { paths } from "../../app/paths.ts";
import { Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import type { Tone } from "../../state/tones.ts";
import { Quiet, Row } from "./row.tsx";

const TONES: Record<RemediationStep["state"], Tone> = { started: "active", done: "done", failed: "failed", skipped: "pending" };

export function Remediation({ steps }: { steps: readonly RemediationStep[] }) {
  const { t } = useTranslation("monitoring");
  return (
    <Box component="ol" aria-label={t("remediation")} sx={{ m: 0, pl: 2.5, display: "grid", gap: 0.25 }}>
      {steps.map((step) => (
        <li key={`${step.rung} ${step.at}`} data-testid="remediation" data-rung={step.rung} data-state={step.state}>
          <Row gap={1}>
            {t(`rung.${step.rung}`)}: <StateLabel tone={TONES[step.state]}>{t(`rungState.${step.state}`)}</StateLabel>
            <Quiet>
              <Instant at={step.at} /> {isTheAlert(step) ? t("remediation.this_alert") : <Untrusted>{step.message}</Untrusted>}
            </Quiet>
            {step.intentId !== null && <AppLink href={paths.intent(step.intentId)}>{t("alert.intent")}</AppLink>}
          </Row>
        </li>
      ))}
    </Box>
  );
}

/** To notify is to raise the alert: there is no other message that could say more. */
function isTheAlert({ rung, state }: RemediationStep): boolean {
  return rung === "notify" && state === "done";
}
