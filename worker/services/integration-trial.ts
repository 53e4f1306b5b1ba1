// One prompt at one backend, and a look at all backends now: the only things about integrations for which an agent is really asked.
import { understand } from "../../intent/understand.ts";
import { type CallFailure, UNDERSTAND_TIMEOUT_MS } from "../../protocol/call.ts";
import type { IntegrationRefresh, IntegrationTestRequest, IntegrationTestResult } from "../../protocol/integration-api.ts";
import type { Understanding } from "../../protocol/intent.ts";
import type { ProviderAttempt, Served } from "../../protocol/llm.ts";
import type { Deps } from "../deps.ts";
import { AppError, invalidField } from "../errors.ts";
import { onlineAgentIds } from "./agents.ts";
import { askAgent, callError, textOf } from "./call.ts";
import { type Place, placesOf } from "./integrations.ts";
import { knownSites } from "./sites.ts";

const TEST_TIMEOUT_MS = 60_000; // a cold model is loaded from disk first
const LOOK_TIMEOUT_MS = 5_000; // each probe has 2 s, and all go at once
const MAX_ANSWER_TOKENS = 1_000; // a trial must not empty the purse

/** NOT_FOUND for a backend that nobody told of, NO_AGENT when none of those who did is online, VALIDATION when it takes no prompt. */
export async function tryIntegration(deps: Deps, input: IntegrationTestRequest, signal: AbortSignal): Promise<IntegrationTestResult> {
  const { integration_id: id, agent_id: wanted } = input;
  const places = (await placesOf(deps, id)).filter(({ agentId }) => wanted === undefined || agentId === wanted);
  if (places.length === 0) throw new AppError("NOT_FOUND", `no integration is called ${id}${wanted === undefined ? "" : " at this agent"}`);
  const online = places.filter((place) => place.online);
  const well = online.filter(({ report }) => report.status === "healthy" || report.status === "degraded");
  const [first, ...others] = well.length > 0 ? well : online; // one that was offline a moment ago is tried all the same
  if (first === undefined) throw new AppError("NO_AGENT", `no agent that has ${id} is online`);
  if (first.report.type === "rules") return askRules(deps, first, input.prompt);
  const whom: Whom = { places: [first, ...others], signal };
  if (first.report.capabilities.includes("chat")) return askBackend(deps, whom, input);
  if (first.report.capabilities.includes("understand")) return askReader(deps, whom, input);
  throw invalidField("integration_id", `${id} answers no prompts`);
}

/** The rules do not chat: they say what they understand of the prompt. They are the same code here and at the agent. */
async function askRules(deps: Deps, { agentId }: Place, prompt: string): Promise<IntegrationTestResult> {
  const began = deps.now();
  const response = tellOf(understand({ ...(await trialOf(deps, prompt)), now: new Date(began) }));
  return { success: true, response, latency_ms: deps.now() - began, model_used: "rules", agent_id: agentId };
}

async function trialOf(deps: Deps, prompt: string) {
  return { intentId: "trial", text: prompt, context: {}, targetSites: [], answers: null, sites: await knownSites(deps) };
}

/** What was understood, for a person to read. */
function tellOf({ status, intent, clarifications, warnings }: Understanding): string {
  const { action, intentType, targetSites, slice, requirements } = intent;
  const said = { status, action, intentType, targetSites, ...(slice === undefined ? {} : { slice }), requirements };
  return JSON.stringify({ ...said, questions: clarifications.map(({ question }) => question), warnings }, null, 2);
}

/** A backend that takes sentences and no prompts. Where it fails the agent's rules have answered: that is no success of it. */
async function askReader(deps: Deps, { places, signal }: Whom, input: IntegrationTestRequest): Promise<IntegrationTestResult> {
  const began = deps.now();
  const { integration_id: id, prompt } = input;
  const asked = await askAgent(deps, {
    request: { kind: "understand", input: { ...(await trialOf(deps, prompt)), slices: [] }, only: id },
    timeoutMs: UNDERSTAND_TIMEOUT_MS,
    agentIds: places.map(({ agentId }) => agentId),
    signal,
  });
  const latency = { latency_ms: deps.now() - began };
  if (!asked.ok) return { success: false, error: reasonOf(asked.error), ...latency, agent_id: asked.error.agentId ?? places[0].agentId };
  const { result, agentId } = asked.value;
  if (result.kind !== "understand") throw new Error("another kind of answer");
  const { metadata } = result.understanding;
  const attempt = metadata.served?.attempts.findLast(({ provider }) => provider === id);
  if (metadata.provider === id)
    return { success: true, response: tellOf(result.understanding), ...latency, ...toldBy(metadata.served), agent_id: agentId };
  return { success: false, error: attempt === undefined ? `${id} was not asked` : failed(attempt), ...latency, agent_id: agentId };
}

function failed({ outcome, message }: ProviderAttempt): string {
  return message === "" ? outcome : `${outcome}: ${message}`;
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
  const served = result.kind === "chat" ? result.served : undefined;
  return { success: true, response: textOf(chunks), ...latency, ...toldBy(served), agent_id: agentId };
}

function toldBy(served: Served | undefined): Pick<IntegrationTestResult, "model_used" | "usage"> {
  if (served === undefined) return {};
  const { model, usage } = served;
  return { ...(model === null ? {} : { model_used: model }), ...(usage === null ? {} : { usage }) };
}

/** What the backend did is the answer of a trial; that it could not be asked is an error of this system. */
function reasonOf(failure: CallFailure): string {
  if (failure.code === "NO_AGENT" || failure.code === "BUSY" || failure.code === "CANCELLED") throw callError(failure);
  const last = failure.attempts.at(-1);
  return last === undefined || last.message === "" ? failure.message : failed(last);
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
