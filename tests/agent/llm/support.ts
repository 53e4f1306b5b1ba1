// Backends inside this process that do what a test says, behind the real service. What real servers do is in the folders http/ and claude/.
import { type BreakerBounds, DEFAULT_BREAKER } from "../../../agent/llm/breaker.ts";
import type { MemberSpec } from "../../../agent/llm/member.ts";
import { type Provider, ProviderFailed, type ProviderFailure, type StructuredPrompt } from "../../../agent/llm/port.ts";
import { createLlmService, type LlmDeps, type LlmService } from "../../../agent/llm/service.ts";
import { createLog, createSecretMask } from "../../../agent/log.ts";
import type { UnderstandCall } from "../../../protocol/call.ts";
import type { Capability, ProviderAttempt } from "../../../protocol/llm.ts";
import { err, ok } from "../../../protocol/result.ts";

export const UNENDING: AbortSignal = new AbortController().signal;
export const START = new Date("2026-11-21T10:00:00.000Z");

export type Does = ProviderFailure | "hang" | { says: unknown };

export interface FakeBackend extends Provider {
  here: ProviderFailure | "hang" | null; // what a look at it finds; null: it is there
  does: Does;
  models: string[];
  asked: StructuredPrompt[];
  looks: number;
}

/** Ends when the signal does, as an adapter must. */
function hang(signal: AbortSignal): Promise<ProviderFailure> {
  return new Promise((resolve) => {
    const stop = (): void => resolve({ kind: "cancelled", message: "stopped" });
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
  });
}

export const USAGE = { promptTokens: 100, cachedTokens: null, completionTokens: 20 };
export const COST = { usd: 0.001, source: "provider" } as const;

export function backend(id: string, does: Does, capabilities: Capability[] = ["understand", "chat"]): FakeBackend {
  const tail = { model: `${id}-model`, usage: USAGE, cost: COST };
  const fake: FakeBackend = {
    ...{ id, kind: "openai-compatible", name: id, address: `http://${id}.invalid`, configured: false, capabilities },
    ...{ here: null, does, models: [`${id}-model`], asked: [], looks: 0 },
    async probe(signal) {
      fake.looks += 1;
      const { here } = fake;
      if (here === "hang") return err(await hang(signal));
      return here === null ? ok({ models: fake.models, version: "1.0" }) : err(here);
    },
    async ask(prompt, signal) {
      fake.asked.push(prompt);
      if (fake.does === "hang") return err(await hang(signal));
      return "says" in fake.does ? ok({ value: fake.does.says, ...tail }) : err(fake.does);
    },
    async *chat(_request, signal) {
      if (fake.does === "hang") throw new ProviderFailed(await hang(signal));
      if (!("says" in fake.does)) throw new ProviderFailed(fake.does);
      yield String(fake.does.says);
      return { finishReason: "stop", ...tail };
    },
    close: async () => {},
  };
  return fake;
}

/** A clock that stands until the test moves it. */
export interface Clock {
  ms: number;
}

export type ServiceOptions = Partial<Pick<LlmDeps, "dataDir" | "bounds" | "observer" | "log">> & { clock?: Clock; breaker?: BreakerBounds };

export const SILENT = createLog({ level: "silent", secrets: createSecretMask() });

export async function serviceOf(backends: readonly (FakeBackend | MemberSpec)[], options: ServiceOptions = {}): Promise<LlmService> {
  const { clock = { ms: START.getTime() }, breaker = DEFAULT_BREAKER, dataDir = null, log = SILENT, ...rest } = options;
  const specs = backends.map((one) => ("provider" in one ? one : { provider: one, model: null }));
  return createLlmService({ specs, dataDir, breaker, log, now: () => new Date(clock.ms), ...rest });
}

export const DRAFT = {
  action: "deploy",
  serviceType: "eMBB",
  targetSites: ["edge1"],
  slice: null,
  requirements: {
    downlinkMbps: 200,
    uplinkMbps: null,
    latencyMs: null,
    reliabilityPercent: null,
    availabilityPercent: null,
    maxDevices: null,
  },
  priority: null,
  unclear: [],
  reason: "it says so",
};

export const TEXT = "Deploy an eMBB slice on edge1 with 200 Mbps";

export function call(more: Partial<UnderstandCall> = {}): UnderstandCall {
  const sites = ["edge1", "edge2"].map((id) => ({ id, aliases: [] }));
  return { intentId: "int_test", text: TEXT, context: {}, targetSites: [], answers: null, sites, slices: [], ...more };
}

export function told(attempts: readonly ProviderAttempt[] | undefined): string[] {
  return (attempts ?? []).map(({ provider, outcome }) => `${provider} ${outcome}`);
}
