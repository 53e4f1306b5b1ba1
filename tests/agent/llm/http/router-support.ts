// Two backends behind the real router, the first of which is told to fail. No cases here.

import { CallFailed } from "../../../../agent/llm/call-failed.ts";
import type { ChatOutcome } from "../../../../agent/llm/chat.ts";
import type { TokenPrice } from "../../../../agent/llm/http/answer.ts";
import { createLlmService, type LlmBounds, type LlmService } from "../../../../agent/llm/service.ts";
import { createLog, createSecretMask } from "../../../../agent/log.ts";
import type { CallFailure, UnderstandCall } from "../../../../protocol/call.ts";
import { type ProviderAttempt, Routing } from "../../../../protocol/llm.ts";
import type { FakeModelServer } from "../../../helpers/model-servers/http-fake.ts";
import { startOpenAi } from "../../../helpers/model-servers/openai.ts";
import { type HttpKind, httpProvider, QUESTION, startFake, UNENDING } from "./support.ts";

export interface Pair {
  first: FakeModelServer;
  second: FakeModelServer;
  /** Looked at both already. `firstWithinMs`: the bound of the first one's answer. */
  service(options?: { firstWithinMs?: number; price?: TokenPrice; bounds?: Partial<LlmBounds> }): Promise<LlmService>;
  clock: { ms: number }; // of the breaker
  close(): Promise<void>;
}

const EPOCH_MS = Date.parse("2026-11-21T10:00:00Z");

export async function startPair(kind: HttpKind): Promise<Pair> {
  const [first, second] = await Promise.all([startFake(kind), startOpenAi()]);
  const services: LlmService[] = [];
  const clock = { ms: EPOCH_MS };
  return {
    ...{ first, second, clock },
    async service({ firstWithinMs, price, bounds } = {}) {
      const rest = { model: "fake-model", prices: price === undefined ? undefined : { "*": price } };
      const service = await createLlmService({
        specs: [
          {
            provider: httpProvider(kind, first.url, { ...rest, id: "first", name: "First" }),
            model: "fake-model",
            ...(firstWithinMs === undefined ? {} : { timeoutMs: firstWithinMs }),
          },
          { provider: httpProvider("openai-compatible", second.url, { ...rest, id: "second", name: "Second" }), model: "fake-model" },
        ],
        ...{ dataDir: null, now: () => new Date(clock.ms), log: createLog({ level: "silent", secrets: createSecretMask() }) },
        ...(bounds === undefined ? {} : { bounds }),
      });
      service.use(Routing.parse({ order: ["first", "second"] }));
      await service.discover(UNENDING);
      services.push(service);
      return service;
    },
    async close() {
      await Promise.all(services.map((service) => service.close()));
      await Promise.all([first.close(), second.close()]);
    },
  };
}

export interface Talk {
  yielded: string[];
  outcome: ChatOutcome | null;
  failure: CallFailure | null;
}

export async function talk(service: LlmService, signal = UNENDING): Promise<Talk> {
  const yielded: string[] = [];
  const stream = service.chat({ messages: QUESTION.messages, options: {}, model: null, only: null }, signal);
  try {
    for (;;) {
      const next = await stream.next();
      if (next.done === true) return { yielded, outcome: next.value, failure: null };
      yielded.push(next.value);
    }
  } catch (error) {
    if (error instanceof CallFailed) return { yielded, outcome: null, failure: error.failure };
    throw error;
  }
}

/** "first overloaded", "second answered": what is told of who was asked. */
export function told(attempts: readonly ProviderAttempt[] | undefined): string[] {
  return (attempts ?? []).map(({ provider, outcome }) => `${provider} ${outcome}`);
}

export const DRAFT = {
  ...{ action: "deploy", serviceType: "eMBB", targetSites: ["edge1"], slice: null, priority: null, unclear: [], reason: "it says so" },
  requirements: {
    ...{ downlinkMbps: 200, uplinkMbps: null, latencyMs: 20, reliabilityPercent: null, availabilityPercent: null, maxDevices: null },
  },
};
export const CALL: UnderstandCall = {
  ...{ intentId: "int_1", text: "Deploy an eMBB slice on edge1 with 200 Mbps and 20 ms latency", context: {}, targetSites: [] },
  ...{ answers: null, sites: [{ id: "edge1", aliases: [] }], slices: [] },
};
