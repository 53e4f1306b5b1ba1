// One prompt at one backend, and a look at all backends now: the only things about integrations for which an agent is really asked.
import { understand } from "../../intent/understand.ts";
import type { CallFailure, CallResult } from "../../protocol/call.ts";
import type { IntegrationRefresh, IntegrationTestRequest, IntegrationTestResult } from "../../protocol/integration-api.ts";
import type { Deps } from "../deps.ts";
import { AppError, invalidField } from "../errors.ts";
import { onlineAgentIds } from "./agents.ts";
import { askAgent, callError, textOf } from "./call.ts";
import { type Place, placesOf } from "./integrations.ts";
import { knownSites } from "./sites.ts";

const TEST_TIMEOUT_MS = 60_000; // a cold model is loaded from disk first
const LOOK_TIMEOUT_MS = 5_000; // each probe has 2 s, and all go at once
const MAX_ANSWER_TOKENS = 1_000; // a trial must not empty the purse

/** NOT_FOUND for a backend that nobody told of, NO_AGENT when none of those who did is online, VALIDATION when it does not chat. */
export async function tryIntegration(deps: Deps, input: IntegrationTestRequest, signal: AbortSignal): Promise<IntegrationTestResult> {
  const { integration_id: id, agent_id: wanted } = input;
  const places = (await placesOf(deps, id)).filter(({ agentId }) => wanted === undefined || agentId === wanted);
  if (places.length === 0) throw new AppError("NOT_FOUND", `no integration is called ${id}${wanted === undefined ? "" : " at this agent"}`);
  const online = places.filter((place) => place.online);
  const well = online.filter(({ report }) => report.status === "healthy" || report.status === "degraded");
  const [first, ...others] = well.length > 0 ? well : online; // one that was offline a moment ago is tried all the same
  if (first === undefined) throw new AppError("NO_AGENT", `no agent that has ${id} is online`);
  if (first.report.type === "rules") return askRules(deps, first, input.prompt);
  if (!first.report.capabilities.includes("chat")) throw cannotChat(first.report);
  return askBackend(deps, { places: [first, ...others], signal }, input);
}

function cannotChat({ id, capabilities }: Place["report"]): AppError {
  const can = capabilities.includes("understand")
    ? "only understands sentences and answers no prompts; put it first in the routing and send a sentence to /api/v1/intent"
    : "answers no prompts";
  return invalidField("integration_id", `${id} ${can}`);
}

/** The rules do not chat: they say what they understand of the prompt. They are the same code here and at the agent. */
async function askRules(deps: Deps, { agentId }: Place, prompt: string): Promise<IntegrationTestResult> {
  const began = deps.now();
  const sites = await knownSites(deps);
  const input = { intentId: "trial", text: prompt, context: {}, targetSites: [], answers: null, sites, now: new Date(began) };
  const { status, intent, clarifications, warnings } = understand(input);
  const { action, intentType, targetSites, slice, requirements } = intent;
  const said = { status, action, intentType, targetSites, ...(slice === undefined ? {} : { slice }), requirements };
  const response = JSON.stringify({ ...said, questions: clarifications.map(({ question }) => question), warnings }, null, 2);
  return { success: true, response, latency_ms: deps.now() - began, model_used: "rules", agent_id: agentId };
}

interface Whom {
  places: [Place, ...Place[]];
  signal: AbortSignal; // nobody waits any more
}

async function askBackend(deps: Deps, { places, signal }: Whom, input: IntegrationTestRequest): Promise<IntegrationTestResult> {
  const began = deps.now();
  const asked = await askAgent(deps, {
    request: {
      kind: "chat",
      messages: [{ role: "user", content: input.prompt }],
      options: { maxTokens: MAX_ANSWER_TOKENS },
      model: input.model ?? null,
      only: input.integration_id,
    },
    timeoutMs: TEST_TIMEOUT_MS,
    agentIds: places.map(({ agentId }) => agentId),
    signal,
  });
  const latency = { latency_ms: deps.now() - began };
  if (!asked.ok) return { success: false, error: reasonOf(asked.error), ...latency, agent_id: asked.error.agentId ?? places[0].agentId };
  const { chunks, result, agentId } = asked.value;
  return { success: true, response: textOf(chunks), ...latency, ...toldBy(result), agent_id: agentId };
}

function toldBy(result: CallResult): Pick<IntegrationTestResult, "model_used" | "usage"> {
  if (result.kind !== "chat") return {};
  const { model, usage } = result.served;
  return { ...(model === null ? {} : { model_used: model }), ...(usage === null ? {} : { usage }) };
}

/** What the backend did is the answer of a trial; that it could not be asked is an error of this system. */
function reasonOf(failure: CallFailure): string {
  if (failure.code === "NO_AGENT" || failure.code === "BUSY" || failure.code === "CANCELLED") throw callError(failure);
  const last = failure.attempts.at(-1);
  return last === undefined || last.message === "" ? failure.message : `${last.outcome}: ${last.message}`;
}

/** Every agent that is online looks at once; what it finds comes with its next heartbeat. NO_AGENT when there is none. */
export async function refreshIntegrations(deps: Deps): Promise<IntegrationRefresh> {
  const online = await onlineAgentIds(deps);
  if (online.length === 0) throw new AppError("NO_AGENT", "no agent is online that could look");
  const agents = await Promise.all(
    online.map(async (agentId) => {
      const asked = await askAgent(deps, { request: { kind: "discover" }, timeoutMs: LOOK_TIMEOUT_MS, agentIds: [agentId] });
      return { agent_id: agentId, refreshed: asked.ok, ...(asked.ok ? {} : { error: asked.error.message }) };
    }),
  );
  return { agents, timestamp: new Date(deps.now()).toISOString() };
}
