// One backend as the router sees it: its adapter, whether it is there, its breaker and its figures. It does not decide who is asked.
import type { Capability, Integration, IntegrationStatus, ProviderAttempt, ProviderFailureKind } from "../../protocol/llm.ts";
import type { Log } from "../log.ts";
import { type BreakerBounds, createBreaker, DEFAULT_BREAKER, type Permit } from "./breaker.ts";
import { listable } from "./http/answer.ts";
import type { Provider, ProviderFailure, StructuredPrompt } from "./port.ts";
import { createStats, type Measured } from "./stats.ts";
import { orAborted, within } from "./within.ts";

export const PROBE_MS = 2_000; // a backend that needs longer to say that it is there is not

/** What is made of a configuration: an adapter, and what the router has to know about it. */
export interface MemberSpec {
  provider: Provider;
  model: string | null; // that it is configured with for understanding; null: its own choice
  timeoutMs?: number; // for a whole answer
  warm?: (prompt: Pick<StructuredPrompt, "system" | "schema">) => Promise<void>;
}

export type Purpose = "understand" | "chat" | "embed";

/** One question that one backend was asked, and how it ended. */
export interface Asked {
  provider: string;
  purpose: Purpose;
  outcome: "answered" | ProviderFailureKind;
  durationMs: number;
  measured: Measured | null; // of an answer
}

export const RESTING: ProviderFailure = { kind: "breaker_open", message: "it failed too often lately" };

export interface MemberDeps {
  now: () => Date;
  log: Log;
  observe: (asked: Asked) => void;
  onChange: () => void;
  breaker?: BreakerBounds;
}

/** Exactly one of its ends is called. Each gives the line for the list of attempts. */
export interface Attempt {
  /** The first piece has come: it is well, and the next question need not wait for the last piece. */
  begun(): void;
  answered(measured: Measured): ProviderAttempt;
  failed(failure: ProviderFailure): ProviderAttempt;
}

export interface Member {
  readonly id: string;
  readonly spec: MemberSpec;
  can(capability: Capability): boolean;
  /** It was there once since the agent began. */
  seen(): boolean;
  /** Why it is not asked; null: it may be. */
  away(): ProviderFailure | null;
  /** It is left alone for now, after failures. */
  resting(): ProviderFailure | null;
  begin(purpose: Purpose, early?: boolean): Attempt | null;
  probe(signal: AbortSignal): Promise<void>;
  probed(): boolean;
  models(): readonly string[];
  retryAtMs(): number | null;
  view(): Omit<Integration, "connected" | "arm">;
}

/** These pass by themselves, or are the breaker's business: such a backend is asked. */
const MAY_BE_ASKED = new Set<ProviderFailureKind>(["rate_limited", "overloaded", "busy"]);
/** Nothing was read, so nothing is owed. */
const UNSENT = new Set<ProviderFailureKind>(["unreachable", "busy"]);
const AWAY = new Set<ProviderFailureKind>(["unreachable", "timeout"]);
const MENDED_MS = 60_000; // without another failure: one that answers every second question is not healthy in between
const MAX_MESSAGE = 300; // as the wire takes it, like the next one
const MAX_VERSION = 80;

export function createMember(spec: MemberSpec, deps: MemberDeps): Member {
  const { provider } = spec;
  const breaker = createBreaker(() => deps.now().getTime(), deps.breaker ?? DEFAULT_BREAKER);
  const stats = createStats();
  let seen = false;
  let models: string[] = spec.model === null ? [] : [spec.model];
  let version: string | null = null;
  let failure: ProviderFailure | null = null; // of the last look
  let slowLooks = 0; // in a row
  let lastError: { message: string; at: number; mended: boolean } | null = null; // of a question; mended: one was answered since
  let checked: { at: Date; latencyMs: number } | null = null;
  let looking: Promise<void> | null = null;

  /** Shared by whoever wants to know, so nobody's going away ends it: only its bound does. */
  async function look(): Promise<void> {
    const began = performance.now();
    const limit = { ms: PROBE_MS, signal: new AbortController().signal, name: provider.name };
    const probe = await within(limit, (bounded) => provider.probe(bounded));
    checked = { at: deps.now(), latencyMs: performance.now() - began };
    slowLooks = !probe.ok && probe.error.kind === "timeout" ? slowLooks + 1 : 0;
    failure = probe.ok ? null : probe.error;
    if (probe.ok) {
      seen = true;
      ({ models, version } = probe.value);
    }
  }

  /** A loaded machine answers one look late; it is gone when it does so twice. */
  function away(): ProviderFailure | null {
    if (checked === null) return { kind: "offline", message: `${provider.name} has not been looked at yet` };
    if (failure === null || MAY_BE_ASKED.has(failure.kind)) return null;
    if (failure.kind === "timeout" && seen && slowLooks < 2) return null;
    return AWAY.has(failure.kind) ? { ...failure, kind: "offline" } : failure;
  }

  function trouble(): string | null {
    if (lastError === null || (lastError.mended && deps.now().getTime() - lastError.at >= MENDED_MS)) return null;
    return lastError.message;
  }

  function status(): IntegrationStatus {
    const gone = away();
    if (gone !== null) return gone.kind === "offline" ? "offline" : "error";
    return failure !== null || trouble() !== null || breaker.view().state !== "closed" ? "degraded" : "healthy";
  }

  function attempt(given: Permit, purpose: Purpose): Attempt {
    let permit = given;
    let begun = false;
    const began = performance.now();
    const ended = (outcome: Asked["outcome"], message: string, measured: Measured | null): ProviderAttempt => {
      const durationMs = performance.now() - began;
      deps.observe({ provider: provider.id, purpose, outcome, durationMs, measured });
      deps.onChange();
      return { provider: provider.id, outcome, message: message.slice(0, MAX_MESSAGE), durationMs };
    };
    return {
      begun() {
        begun = true;
        permit.succeeded();
        permit = breaker.acquire() ?? permit; // what comes after may still fail, as any question's answer
      },
      answered(measured) {
        permit.succeeded();
        stats.answered(performance.now() - began, measured);
        seen = true;
        if (lastError !== null) lastError.mended = true;
        return ended("answered", "", measured);
      },
      failed(why) {
        permit.failed(why);
        if (begun || why.kind !== "cancelled") stats.failed(begun || !UNSENT.has(why.kind));
        if (why.kind !== "cancelled") {
          if (why.kind !== "refused" && why.kind !== "busy") lastError = { message: why.message, at: deps.now().getTime(), mended: false };
        }
        return ended(why.kind, why.message, null);
      },
    };
  }

  return {
    id: provider.id,
    spec,
    can: (capability) => provider.capabilities.includes(capability),
    seen: () => seen,
    away,
    resting: () => (breaker.view().state === "open" ? RESTING : null),
    begin(purpose, early) {
      const permit = breaker.acquire(early);
      return permit === null ? null : attempt(permit, purpose);
    },
    probe(signal) {
      looking ??= look()
        .catch((error: unknown) => {
          deps.log.error({ error, provider: provider.id }, "the look at a backend failed");
          failure = { kind: "invalid", message: "its adapter failed" };
          checked = { at: deps.now(), latencyMs: PROBE_MS };
        })
        .finally(() => {
          looking = null;
          deps.onChange();
        });
      return orAborted(looking, signal);
    },
    probed: () => checked !== null,
    models: () => models,
    retryAtMs: () => breaker.view().retryAtMs,
    view() {
      const { state, failures, retryAtMs } = breaker.view();
      const { id, name, kind: type, address, configured, capabilities } = provider;
      const error = failure?.message ?? trouble();
      return {
        ...{ id, name: name.slice(0, 80), type, address: address.slice(0, 300), configured, capabilities: [...capabilities] },
        ...{
          status: status(),
          models: listable(models),
          version: version?.slice(0, MAX_VERSION) ?? null,
          error: error === null ? null : error.slice(0, MAX_MESSAGE),
        },
        latencyMs: checked?.latencyMs ?? null,
        lastChecked: checked?.at.toISOString() ?? null,
        breaker: { state, failures, retryAt: retryAtMs === null ? null : new Date(retryAtMs).toISOString() },
        stats: stats.view(),
      };
    },
  };
}
