// One prompt at one backend: its answer, its model and the time it took, or how it failed.
import { type FormEvent, useState } from "react";
import type { IntegrationTestResult } from "../../protocol/integration-api.ts";
import type { IntegrationView } from "../../protocol/llm.ts";
import type { Api } from "../api.ts";
import { duration } from "../state/format.ts";
import { usageWords } from "../state/served.ts";
import { ProblemNotice } from "./bits.tsx";
import { useCommand } from "./use-command.ts";

const FIRST_PROMPT = "Say in one sentence who you are.";
const RULES_PROMPT = "Deploy eMBB slice on edge1 with 200Mbps";
const MAX_PROMPT = 20_000; // as the server has it

export interface TrialFormProps {
  integration: IntegrationView;
  onTest: Api["testIntegration"];
}

export function TrialForm({ integration, onTest }: TrialFormProps) {
  const { id, agent_id, models, type } = integration;
  const [prompt, setPrompt] = useState(type === "rules" ? RULES_PROMPT : FIRST_PROMPT);
  const [model, setModel] = useState("");
  const [result, setResult] = useState<IntegrationTestResult | null>(null);
  const command = useCommand();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setResult(null);
    const body = { integration_id: id, agent_id, prompt, ...(model === "" ? {} : { model }) };
    command.run(() => onTest(body).then(setResult));
  };
  return (
    <form className="trial" aria-label={`Test ${integration.name}`} onSubmit={submit}>
      <label>
        Prompt
        <textarea rows={2} maxLength={MAX_PROMPT} value={prompt} onChange={(event) => setPrompt(event.target.value)} />
      </label>
      <div className="row">
        {models.length > 0 && (
          <select aria-label="Model" value={model} onChange={(event) => setModel(event.target.value)}>
            <option value="">its own choice of model</option>
            {models.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
        <span className="spring" />
        <button type="submit" className="primary" data-testid="run-test" disabled={command.pending || prompt.trim() === ""}>
          {command.pending ? "Asking…" : "Ask"}
        </button>
      </div>
      <div aria-live="polite">{result !== null && <Result result={result} />}</div>
      {command.error !== undefined && <ProblemNotice problem={command.error} />}
    </form>
  );
}

function Result({ result }: { result: IntegrationTestResult }) {
  const { success, response = "", error = "", latency_ms, model_used, usage } = result;
  if (!success)
    return (
      <p className="notice" data-tone="failed" data-testid="test-error">
        {error} <span className="faint">after {duration(latency_ms)}</span>
      </p>
    );
  return (
    <div className="notice" data-tone="done" data-testid="test-answer">
      <pre className="answer">{response === "" ? "(an empty answer)" : response}</pre>
      <p className="faint">
        {model_used ?? "model unknown"}, {duration(latency_ms)}, tokens {usageWords(usage ?? null)}
      </p>
    </div>
  );
}
