// A request for a capability instead of a model: it is taken to whoever has it, and the answer tells where it ran. No effect on the network.
import { understand } from "../../intent/understand.ts";
import { CALL_TIMEOUT_MS, type CallRequest } from "../../protocol/call.ts";
import { ExecuteAnswer, type ExecuteRequest } from "../../protocol/execute.ts";
import { IntentText } from "../../protocol/intent.ts";
import type { Capability, Served } from "../../protocol/llm.ts";
import type { Deps } from "../deps.ts";
import { invalidField } from "../errors.ts";
import { type Answered, askAgent, callError, textOf } from "./call.ts";
import { decodeVector, vectorsOf } from "./openai.ts";
import { resolveModel } from "./openai-models.ts";
import { understandOne, type WhatIsKnown, whatIsKnown } from "./understanding.ts";

const AUTO = "auto";

export async function execute(deps: Deps, input: ExecuteRequest, signal: AbortSignal): Promise<ExecuteAnswer> {
  const began = deps.now();
  let read: Promise<WhatIsKnown> | undefined;
  const caller: Caller = { signal, known: () => (read ??= whatIsKnown(deps)) };
  const capability = input.capability ?? (await decide(deps, input, caller));
  refuseUnused(capability, input);
  const outcome = await CAPABILITIES[capability](deps, input, caller);
  return ExecuteAnswer.parse({ capability, ...outcome, latency_ms: deps.now() - began });
}

interface Caller {
  signal: AbortSignal; // nobody waits any more
  known(): Promise<WhatIsKnown>; // read once, and only when it is needed
}

type Outcome = Pick<ExecuteAnswer, "result" | "ran_on" | "attempts">;

const CAPABILITIES: Record<Capability, (deps: Deps, input: ExecuteRequest, caller: Caller) => Promise<Outcome>> = {
  understand: understanding,
  chat,
  embeddings,
};

const UNUSED: Record<Capability, readonly ("messages" | "model" | "context" | "target_sites")[]> = {
  understand: ["messages", "model"],
  chat: ["context", "target_sites"],
  embeddings: ["messages", "context", "target_sites"],
};

/** What would have no effect on the answer is not taken: whoever sends it expects one. */
function refuseUnused(capability: Capability, input: ExecuteRequest): void {
  const field = UNUSED[capability].find((name) => input[name] !== undefined);
  if (field !== undefined) throw invalidField(field, `is not used by ${capability}`);
}

/** Words about the network are understood; any others are a chat. The rules decide: they are here, and cost nothing. */
async function decide(deps: Deps, input: ExecuteRequest, caller: Caller): Promise<Capability> {
  if (input.intent === undefined) throw invalidField("intent", "give an intent or a capability");
  return isOfTheNetwork(deps, input.intent, await caller.known()) ? "understand" : "chat";
}

function isOfTheNetwork(deps: Deps, text: string, { sites, slices }: WhatIsKnown): boolean {
  const input = { intentId: "execute", text, context: {}, targetSites: [], answers: null, sites, slices, now: new Date(deps.now()) };
  return understand(input).intent.action !== "unsupported";
}

async function understanding(deps: Deps, input: ExecuteRequest, caller: Caller): Promise<Outcome> {
  const parsed = IntentText.safeParse(oneText(input));
  if (!parsed.success) throw invalidField(fieldOf(input), parsed.error.issues[0]?.message ?? "is not a text");
  const request = { text: parsed.data, context: input.context ?? {}, target_sites: input.target_sites };
  const { understanding: result, agentId } = await understandOne(deps, request, {
    known: await caller.known(),
    signal: caller.signal,
    models: true,
  });
  const { provider, served } = result.metadata;
  const ran_on = { agent_id: agentId, provider, model: served?.model ?? null };
  return { result, ran_on, attempts: served?.attempts ?? [] };
}

async function chat(deps: Deps, input: ExecuteRequest, { signal }: Caller): Promise<Outcome> {
  const messages = input.messages ?? [{ role: "user" as const, content: oneText(input) }];
  const { agentIds, ...target } = await resolveModel(deps, input.model ?? AUTO, "chat");
  const asked = await ask(deps, { kind: "chat", messages, options: {}, ...target }, { agentIds, signal });
  if (asked.result.kind !== "chat") throw new Error("another kind of answer");
  const { finishReason, served } = asked.result;
  return { result: { text: textOf(asked.chunks), finish_reason: finishReason }, ...whereOf(asked, served) };
}

async function embeddings(deps: Deps, input: ExecuteRequest, { signal }: Caller): Promise<Outcome> {
  const texts = Array.isArray(input.input) ? input.input : [oneText(input)];
  const { agentIds, ...target } = await resolveModel(deps, input.model ?? AUTO, "embeddings");
  const asked = await ask(deps, { kind: "embed", input: texts, ...target }, { agentIds, signal });
  if (asked.result.kind !== "embed") throw new Error("another kind of answer");
  return { result: { embeddings: vectorsOf(asked.chunks, texts.length).map(decodeVector) }, ...whereOf(asked, asked.result.served) };
}

interface Way {
  agentIds: string[] | undefined;
  signal: AbortSignal;
}

async function ask(deps: Deps, request: CallRequest, { agentIds, signal }: Way): Promise<Answered> {
  const among = agentIds === undefined ? {} : { agentIds };
  const asked = await askAgent(deps, { request, timeoutMs: CALL_TIMEOUT_MS, signal, ...among });
  if (!asked.ok) throw callError(asked.error);
  return asked.value;
}

function whereOf({ agentId }: Answered, { provider, model, attempts }: Served): Pick<Outcome, "ran_on" | "attempts"> {
  return { ran_on: { agent_id: agentId, provider, model }, attempts };
}

function fieldOf({ intent, prompt }: ExecuteRequest): "intent" | "prompt" | "input" {
  return intent !== undefined ? "intent" : prompt !== undefined ? "prompt" : "input";
}

/** The one text that is asked about. */
function oneText(input: ExecuteRequest): string {
  const text = input.intent ?? input.prompt ?? input.input;
  if (typeof text === "string") return text;
  throw invalidField("input", text === undefined ? "give a text as input or prompt" : "must be one text for this capability");
}
