// The language models as the rest of the agent sees them: understand, chat, embed, and who is there. Which adapters there are is build.ts's.
import path from "node:path";
import type { UnderstandInput } from "../../intent/understand.ts";
import { CALL_TIMEOUT_MS, type CallFailure, UNDERSTAND_TIMEOUT_MS, type UnderstandCall } from "../../protocol/call.ts";
import type { Correction } from "../../protocol/correction.ts";
import type { Understanding } from "../../protocol/intent.ts";
import type { Integration, IntegrationStatus, Routing } from "../../protocol/llm.ts";
import { ok, type Result } from "../../protocol/result.ts";
import type { Log } from "../log.ts";
import type { LlmPort } from "../ports.ts";
import type { BreakerBounds } from "./breaker.ts";
import { openCache } from "./cache.ts";
import { type ChatBounds, type ChatCall, type ChatOutcome, chat } from "./chat.ts";
import { type EmbedCall, type EmbedOutcome, embed } from "./embed.ts";
import type { Asked, MemberSpec } from "./member.ts";
import { createTeam } from "./team.ts";
import { createUnderstander, type UnderstandBounds } from "./understanding.ts";

export interface LlmBounds {
  call: UnderstandBounds; // somebody waits at an open connection
  stage: UnderstandBounds; // a job
  chat: ChatBounds;
  embed: { totalMs: number; eachMs: number };
}

const SPARE_MS = 2_000; // the answer has to go back before the one who asked gives up

const DEFAULT_BOUNDS: LlmBounds = {
  call: { totalMs: UNDERSTAND_TIMEOUT_MS - SPARE_MS, eachMs: 12_000 }, // one may hang, and a quick second one still answers
  stage: { totalMs: 90_000, eachMs: 40_000 }, // a large model on a small machine
  chat: { totalMs: CALL_TIMEOUT_MS - SPARE_MS, firstTokenMs: 45_000, idleMs: 30_000 }, // a cold model is loaded from disk first
  embed: { totalMs: CALL_TIMEOUT_MS - SPARE_MS, eachMs: 50_000 },
};

const CALL_PRIORITY = 10; // before jobs: a person looks on

/** What is counted about it. */
export interface LlmObserver {
  asked(asked: Asked): void;
  lookup(hit: boolean): void; // of the cache
}

export interface LlmDeps {
  specs: readonly MemberSpec[];
  dataDir: string | null; // null: nothing is kept on disk
  now: () => Date;
  log: Log;
  observer?: LlmObserver;
  bounds?: Partial<LlmBounds>;
  breaker?: BreakerBounds;
}

export interface LlmService extends LlmPort {
  /** Always answers; by the rules at once when nobody waits any more. */
  understandCall(call: UnderstandCall, signal: AbortSignal, only?: string | null): Promise<Understanding>;
  /** Throws CallFailed. Whoever stops reading stops the backend. */
  chat(call: ChatCall, signal: AbortSignal): AsyncGenerator<string, ChatOutcome, undefined>;
  embed(call: EmbedCall, signal: AbortSignal): Promise<Result<EmbedOutcome, CallFailure>>;
  integrations(): Integration[];
  /** Ids of those that are connected and can be asked now. */
  available(): string[];
  use(routing: Routing): void;
  learn(corrections: readonly Correction[]): void;
  /** Looks at all backends now. */
  discover(signal: AbortSignal): Promise<void>;
  /** Has processes ready for the first sentence about these sites. */
  warm(sites: UnderstandInput["sites"]): Promise<void>;
  onChange(listener: () => void): void;
  run(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

function isUp(status: IntegrationStatus): boolean {
  return status === "healthy" || status === "degraded";
}

export async function createLlmService({ specs, dataDir, now, log, observer, breaker, ...deps }: LlmDeps): Promise<LlmService> {
  const bounds = { ...DEFAULT_BOUNDS, ...deps.bounds };
  const dir = dataDir === null ? null : path.join(dataDir, "llm");
  const cache = await openCache({ dir, now, log });
  const observe = (asked: Asked) => observer?.asked(asked);
  const team = createTeam({ specs, now, log, observe, ...(breaker === undefined ? {} : { breaker }) });
  const understander = createUnderstander({ team, cache, now, onLookup: (hit) => observer?.lookup(hit) });

  return {
    async understand(input, context, signal) {
      const { intentId, text, targetSites, answers, priority } = input;
      const slices = context.slices.map(({ slice }) => slice);
      const sentence = { intentId, text, context: input.context, targetSites, answers, sites: context.sites, slices, now: now() };
      return ok(await understander.understand(sentence, { bounds: bounds.stage, priority, signal }));
    },
    understandCall: (call, signal, only = null) =>
      understander.understand({ ...call, now: now() }, { bounds: bounds.call, priority: CALL_PRIORITY, signal, only }),
    chat: (call, signal) => chat({ team, now, bounds: bounds.chat }, call, signal),
    embed: (call, signal) => embed({ team, now, bounds: bounds.embed }, call, signal),
    integrations: team.integrations,
    available: () => team.integrations().flatMap(({ id, connected, status }) => (connected && isUp(status) ? [id] : [])),
    use: team.use,
    learn: understander.learn,
    discover: team.discover,
    async warm(sites) {
      const prompt = understander.prompt(sites);
      const there = team.members.filter((member) => member.away() === null);
      await Promise.allSettled(there.map(({ spec }) => spec.warm?.(prompt)));
    },
    onChange: team.onChange,
    run: team.run,
    async close() {
      await Promise.allSettled(specs.map(({ provider }) => provider.close()));
      await cache.close();
    },
  };
}
