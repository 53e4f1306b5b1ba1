// One language model at one agent: how it is, what it has, what it was asked and what that cost, and the commands about it.
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Paper from "@mui/material/Paper";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { IntegrationView } from "../../../protocol/llm.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { Problem } from "../../common/problem.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { INTEGRATION_TONES, type Tone } from "../../state/tones.ts";
import { visible } from "../../state/visible.ts";
import { IntegrationFacts } from "./integration-facts.tsx";
import { TrialForm, type TrialFormProps } from "./trial-form.tsx";
import { useRun } from "./use-run.ts";

export interface IntegrationCardProps {
  integration: IntegrationView;
  refusals: { operate: string | null; admin: string | null }; // why one may not
  onTest: TrialFormProps["onTest"];
  onSwitch(integration: IntegrationView, connected: boolean): Promise<{ error?: unknown }>;
}

export function IntegrationCard({ integration, refusals, onTest, onSwitch }: IntegrationCardProps) {
  const { t } = useTranslation(["system", "common"]);
  const { id, name, connected, status, error, type } = integration;
  const [testing, setTesting] = useState(false);
  const { busy, problem, run } = useRun();
  const isRules = type === "rules";
  const tone = INTEGRATION_TONES[status];
  return (
    <Paper
      component="article"
      aria-label={visible(name)}
      data-testid="integration"
      data-provider={id}
      data-status={status}
      data-connected={connected}
      data-tone={tone}
      sx={{ p: 2, display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 1.25, alignContent: "start" }}
    >
      <Box component="header" sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 1.5, rowGap: 0.5 }}>
        <Typography variant="h2" sx={{ color: connected ? "text.primary" : "text.secondary" }}>
          <Untrusted>{name}</Untrusted>
        </Typography>
        <StateLabel tone={tone}>{t(`integration.${status}`)}</StateLabel>
        <StateLabel tone={connectionTone(integration)}>{t(connected ? "integration.connected" : "integration.disconnected")}</StateLabel>
      </Box>
      <Box sx={{ color: "text.secondary" }}>
        {isRules ? t("integration.rules") : t("integration.at", { type })}{" "}
        <code>
          <Untrusted>{integration.address}</Untrusted>
        </code>
        {integration.configured || isRules ? "" : `${t("common:comma")}${t("integration.not_configured")}`}
        {integration.version !== null && (
          <>
            {t("common:comma")}
            <Untrusted>{t("integration.version", { version: integration.version })}</Untrusted>
          </>
        )}
      </Box>
      {error !== undefined && (
        <Alert severity={tone === "failed" ? "error" : "warning"} variant="outlined" data-testid="integration-error">
          <Untrusted>{error}</Untrusted>
        </Alert>
      )}
      <IntegrationFacts integration={integration} />
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1 }}>
        <ActionButton refusal={refusals.operate} data-testid="test" aria-expanded={testing} onClick={() => setTesting(!testing)}>
          {t("integration.test")}
        </ActionButton>
        <ActionButton
          refusal={isRules ? t("integration.rules.always") : refusals.admin}
          busy={busy}
          data-testid="switch"
          onClick={() => void run(() => onSwitch(integration, !connected))}
          sx={{ minWidth: 110 }}
        >
          {t(connected ? "integration.disconnect" : "integration.connect")}
        </ActionButton>
        {isRules && <Box sx={{ color: "text.secondary", flex: "1 1 200px" }}>{t("integration.rules.always")}</Box>}
      </Box>
      <Problem problem={problem} />
      {testing && <TrialForm integration={integration} onTest={onTest} />}
    </Paper>
  );
}

/** In the router or not; good news only of a backend that can answer. */
function connectionTone({ connected, status }: IntegrationView): Tone {
  if (!connected) return "wait";
  return status === "healthy" || status === "degraded" ? "done" : "pending";
}
