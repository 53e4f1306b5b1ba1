// One language model at one agent: how it is, what it has, what it was asked and what that cost, and the commands about it.
import { type ReactNode, useState } from "react";
import type { IntegrationView } from "../../protocol/llm.ts";
import type { Api } from "../api.ts";
import { duration } from "../state/format.ts";
import { BREAKER_WORDS, costWords, INTEGRATION_LABELS, latencyWords, tokenWords } from "../state/integrations.ts";
import type { Label } from "../state/labels.ts";
import { Badge, ProblemNotice, Time } from "./bits.tsx";
import { Sparkline } from "./sparkline.tsx";
import { TrialForm } from "./trial-form.tsx";
import { useCommand } from "./use-command.ts";

const MODELS_SHOWN = 4;

export interface IntegrationCardProps {
  integration: IntegrationView;
  mayOperate: boolean;
  mayAdmin: boolean;
  commands: Pick<Api, "testIntegration" | "switchIntegration">;
}

export function IntegrationCard({ integration, mayOperate, mayAdmin, commands }: IntegrationCardProps) {
  const { id, name, connected, status, error, type } = integration;
  const [testing, setTesting] = useState(false);
  const command = useCommand();
  const isRules = type === "rules";
  return (
    <article
      className="card integration"
      data-testid="integration"
      data-provider={id}
      data-status={status}
      data-connected={connected}
      data-tone={INTEGRATION_LABELS[status].tone}
    >
      <header className="row">
        <h3>{name}</h3>
        <Badge label={INTEGRATION_LABELS[status]} />
        <Badge label={connectionLabel(integration)} />
      </header>
      <p className="faint">
        {isRules ? "grammar, no model: " : `${type} at `}
        <code>{integration.address}</code>
        {integration.configured || isRules ? "" : ", not configured"}
        {integration.version === null ? "" : `, version ${integration.version}`}
      </p>
      {error !== undefined && (
        <p className="notice" data-tone={INTEGRATION_LABELS[status].tone} data-testid="integration-error">
          {error}
        </p>
      )}
      <Facts integration={integration} />
      <div className="row">
        <button
          type="button"
          data-testid="test"
          disabled={!mayOperate}
          title={mayOperate ? "" : "Testing needs the scope operate"}
          aria-expanded={testing}
          onClick={() => setTesting(!testing)}
        >
          Test…
        </button>
        <button
          type="button"
          data-testid="switch"
          disabled={!mayAdmin || isRules || command.pending}
          title={isRules ? "The rules answer when nobody else does" : mayAdmin ? "" : "Switching needs the scope admin"}
          onClick={() => command.run(() => commands.switchIntegration(id, !connected))}
        >
          {connected ? "Disconnect" : "Connect"}
        </button>
        {isRules && <span className="faint">always there, always last</span>}
      </div>
      {command.error !== undefined && <ProblemNotice problem={command.error} />}
      {testing && <TrialForm integration={integration} onTest={commands.testIntegration} />}
    </article>
  );
}

/** In the router or not; good news only of a backend that can answer. */
function connectionLabel({ connected, status }: IntegrationView): Label {
  if (!connected) return { word: "disconnected", tone: "wait" };
  return { word: "connected", tone: status === "healthy" || status === "degraded" ? "done" : "pending" };
}

function Facts({ integration }: { integration: IntegrationView }) {
  const { stats, breaker, arm, capabilities, latency_ms, last_checked } = integration;
  return (
    <dl className="facts">
      <Fact name="Models">
        <Models models={integration.models} />
      </Fact>
      <Fact name="Can">{capabilities.length === 0 ? "nothing" : capabilities.join(", ")}</Fact>
      <Fact name="Looked at">
        {last_checked === null ? "not yet" : <Time at={last_checked} />}
        {latency_ms === null ? "" : `, in ${duration(latency_ms)}`}
      </Fact>
      <Fact name="Calls">
        {stats.calls}, {stats.failures} failed
      </Fact>
      <Fact name="Answers in">
        {latencyWords(stats)} <Sparkline values={stats.recentMs} label={`Latency of ${latencyWords(stats)}`} />
      </Fact>
      <Fact name="Tokens">{tokenWords(stats)}</Fact>
      <Fact name="Cost">{costWords(stats)}</Fact>
      <Fact name="Breaker">
        <span data-testid="breaker" data-breaker={breaker.state}>
          {BREAKER_WORDS[breaker.state]}
          {breaker.retryAt !== null && breaker.state === "open" && (
            <>
              , tried again at <Time at={breaker.retryAt} />
            </>
          )}
        </span>
      </Fact>
      {arm !== null && (
        <Fact name="A/B share">
          {arm.percent} %: {arm.drawn} drawn, {arm.answered} answered{arm.p50Ms === null ? "" : `, p50 ${duration(arm.p50Ms)}`}
        </Fact>
      )}
      <Fact name="Agent">{integration.agent}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Models({ models }: { models: readonly string[] }) {
  if (models.length === 0) return "none told";
  if (models.length <= MODELS_SHOWN) return models.join(", ");
  return (
    <details>
      <summary>
        {models.slice(0, MODELS_SHOWN).join(", ")} and {models.length - MODELS_SHOWN} more
      </summary>
      {models.slice(MODELS_SHOWN).join(", ")}
    </details>
  );
}
