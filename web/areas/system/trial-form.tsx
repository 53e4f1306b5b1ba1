// One prompt at one backend: its answer, its model and the time it took, or how it failed.
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { IntegrationTestRequest, IntegrationTestResult } from "../../../protocol/integration-api.ts";
import type { IntegrationView } from "../../../protocol/llm.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { Choice, TextField } from "../../common/field.tsx";
import { Problem } from "../../common/problem.tsx";
import { Untrusted } from "../../common/text.tsx";
import { duration } from "../../state/format.ts";
import { visible } from "../../state/visible.ts";
import { useRun } from "./use-run.ts";

const RULES_PROMPT = "Deploy eMBB slice on edge1 with 200Mbps"; // what the grammar reads in any language of the page
const MAX_PROMPT = 20_000; // as the server has it

export interface TrialFormProps {
  integration: IntegrationView;
  onTest(body: IntegrationTestRequest): Promise<{ data: IntegrationTestResult; error?: undefined } | { error: object }>;
}

export function TrialForm({ integration, onTest }: TrialFormProps) {
  const { t } = useTranslation("system");
  const { id, agent_id, models, type, name } = integration;
  const [prompt, setPrompt] = useState(type === "rules" ? RULES_PROMPT : t("trial.first"));
  const [model, setModel] = useState("");
  const [result, setResult] = useState<IntegrationTestResult | null>(null);
  const { busy, problem, run } = useRun();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy || prompt.trim() === "") return;
    setResult(null);
    const body = { integration_id: id, agent_id, prompt, ...(model === "" ? {} : { model }) };
    void run(async () => {
      const answer = await onTest(body);
      if (answer.error === undefined) setResult(answer.data);
      return answer;
    });
  };
  return (
    <Box
      component="form"
      aria-label={t("trial.title", { name: visible(name) })}
      onSubmit={submit}
      sx={{ display: "grid", gap: 1, pt: 1.5, borderTop: 1, borderColor: "divider", minWidth: 0 }}
    >
      <TextField
        label={t("trial.prompt")}
        rows={2}
        fullWidth
        value={prompt}
        inputProps={{ maxLength: MAX_PROMPT }}
        onChange={(event) => setPrompt(event.target.value)}
      />
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "flex-end" }}>
        {models.length > 0 && (
          <Choice label={t("trial.model")} value={model} onChange={(event) => setModel(event.target.value)}>
            <option value="">{t("trial.own_model")}</option>
            {models.map((one) => (
              <option key={one} value={one}>
                {visible(one)}
              </option>
            ))}
          </Choice>
        )}
        <Box sx={{ flex: 1 }} />
        <ActionButton
          type="submit"
          refusal={null}
          busy={busy || prompt.trim() === ""}
          variant="contained"
          data-testid="run-test"
          sx={{ minWidth: 96 }}
        >
          {busy ? t("trial.asking") : t("trial.ask")}
        </ActionButton>
      </Box>
      <Box aria-live="polite" sx={{ minWidth: 0 }}>
        {result !== null && <Result result={result} />}
      </Box>
      <Problem problem={problem} />
    </Box>
  );
}

function Result({ result }: { result: IntegrationTestResult }) {
  const { t, i18n } = useTranslation("system");
  const { success, response = "", error = "", latency_ms, model_used, usage } = result;
  const time = duration(latency_ms, i18n.language);
  if (!success)
    return (
      <Alert severity="error" variant="outlined" data-testid="test-error">
        <Untrusted>{error}</Untrusted> {t("trial.after", { time })}
      </Alert>
    );
  const count = (tokens: number | null) => tokens ?? t("trial.unknown");
  const tokens =
    usage === undefined
      ? t("trial.tokens_unknown")
      : t("trial.tokens", { input: count(usage.promptTokens), output: count(usage.completionTokens) });
  return (
    <Alert severity="success" variant="outlined" data-testid="test-answer" sx={{ "& .MuiAlert-message": { minWidth: 0, width: "100%" } }}>
      {/* It scrolls, and the keyboard has to be able to scroll it. */}
      <Box component="pre" tabIndex={0} sx={{ m: 0, mb: 0.5, maxHeight: 300, overflow: "auto", whiteSpace: "pre-wrap" }}>
        {response === "" ? t("trial.empty") : visible(response)}
      </Box>
      <Box sx={{ color: "text.secondary" }}>
        {[model_used === undefined ? t("trial.model_unknown") : visible(model_used), time, tokens].join(", ")}
      </Box>
    </Alert>
  );
}
