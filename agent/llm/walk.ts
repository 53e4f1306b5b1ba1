// The way along the candidates until one of them answers: who is passed over, who is asked again, and what is told of it afterwards.
import type { CallFailure } from "../../protocol/call.ts";
import { MAX_ATTEMPTS, type ProviderAttempt, type ProviderFailureKind } from "../../protocol/llm.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import { pause } from "../retry.ts";
import { type Attempt, type Member, type Purpose, RESTING } from "./member.ts";
import type { Candidate } from "./order.ts";
import type { ProviderFailure } from "./port.ts";

export interface Walk<T> {
  candidates: readonly Candidate[];
  purpose: Purpose;
  early: boolean; // this very backend was asked for: also when it was away, and before its breaker would
  deadline: number; // performance.now()
  signal: AbortSignal;
  now: () => number; // ms since the epoch, for what is told as a time
  ask: (candidate: Candidate, limit: { ms: number; signal: AbortSignal }) => Promise<Result<T, ProviderFailure>>;
}

/** The caller ends the attempt: an answer may still come to a bad end while it is read. */
export interface Reached<T> {
  candidate: Candidate;
  value: T;
  attempt: Attempt;
  before: ProviderAttempt[];
  missed: boolean; // one that is there, and came earlier, did not answer
}

export interface Lost {
  attempts: ProviderAttempt[];
  retryAfterMs: number | null; // the soonest that one of them may be asked again
  asked: boolean;
  missed: boolean;
}

const TRIES = 2; // once more, and only what may be better at once
const PAUSE_MS = 200; // with full jitter on top of a quarter of it
const MAX_WAIT_MS = 2_000; // for a Retry-After; a longer one is the breaker's, and the next backend's turn

const RETRYABLE = new Set<ProviderFailureKind>(["overloaded", "cut", "rate_limited"]);

/** Milliseconds to wait before the same one is asked again; null: it is not. */
function retryIn({ kind, retryAfterMs }: ProviderFailure, leftMs: number): number | null {
  if (!RETRYABLE.has(kind) || (kind === "rate_limited" && retryAfterMs === undefined)) return null;
  const waitMs = retryAfterMs ?? PAUSE_MS / 4 + Math.random() * PAUSE_MS;
  return waitMs <= MAX_WAIT_MS && waitMs < leftMs / 2 ? waitMs : null;
}

/** Whether somebody counts on it: what was only looked for and never found is missed by nobody. */
export function isExpected(member: Member): boolean {
  return member.seen() || member.spec.provider.configured;
}

/** Whether it is worth a line that this one was not asked. */
export function isTold(member: Member, { kind }: ProviderFailure): boolean {
  return isExpected(member) || kind !== "offline";
}

export function passedOver({ id }: Member, { kind, message }: ProviderFailure): ProviderAttempt {
  return { provider: id, outcome: kind, message: message.slice(0, 300), durationMs: 0 };
}

type Reply<T> = { kind: "answered"; value: T; attempt: Attempt } | { kind: "failed"; retryAfterMs?: number | undefined } | { kind: "over" };

/** One backend, once more when that may be better at once. What failed is added to the attempts. */
async function tryOne<T>(way: Walk<T>, candidate: Candidate, attempts: ProviderAttempt[]): Promise<Reply<T>> {
  const { member } = candidate;
  for (let tries = 1; ; tries += 1) {
    const leftMs = way.deadline - performance.now();
    if (way.signal.aborted || leftMs <= 0) return { kind: "over" };
    const attempt = member.begin(way.purpose, way.early);
    if (attempt === null) {
      attempts.push(passedOver(member, RESTING));
      return { kind: "failed", retryAfterMs: Math.max(0, (member.retryAtMs() ?? 0) - way.now()) };
    }
    const answer = await way.ask(candidate, { ms: leftMs, signal: way.signal }).catch(broken);
    if (answer.ok) return { kind: "answered", value: answer.value, attempt };
    const waitMs = tries < TRIES ? retryIn(answer.error, way.deadline - performance.now()) : null;
    const { retryAfterMs, ...failure } = answer.error;
    // A wait that we keep ourselves is none that the breaker has to keep.
    attempts.push(attempt.failed(waitMs === null ? answer.error : failure));
    if (waitMs === null) return { kind: "failed", retryAfterMs };
    await pause(waitMs, way.signal);
  }
}

/** A bug in one adapter is that backend's failure, and the next one is asked. */
function broken(error: unknown): Result<never, ProviderFailure> {
  return err({ kind: "invalid", message: `its adapter failed (${error instanceof Error ? error.name : "not an error"})` });
}

export async function walk<T>(way: Walk<T>): Promise<Result<Reached<T>, Lost>> {
  const attempts: ProviderAttempt[] = [];
  const waits: number[] = [];
  let [asked, missed] = [false, false];
  for (const candidate of way.candidates) {
    const { member } = candidate;
    const away = way.early ? null : member.away();
    if (away !== null) {
      missed ||= isExpected(member);
      if (isTold(member, away)) attempts.push(passedOver(member, away));
      continue;
    }
    const reply = await tryOne(way, candidate, attempts);
    if (reply.kind === "over") break;
    if (reply.kind === "answered") {
      const { value, attempt } = reply;
      return ok({ candidate, value, attempt, before: attempts.slice(1 - MAX_ATTEMPTS), missed });
    }
    asked ||= attempts.at(-1)?.outcome !== "breaker_open";
    missed = true;
    if (reply.retryAfterMs !== undefined) waits.push(reply.retryAfterMs);
  }
  const retryAfterMs = waits.length === 0 ? null : Math.min(...waits);
  return err({ attempts: attempts.slice(-MAX_ATTEMPTS), retryAfterMs, asked, missed });
}

/** Why nobody answered, for the one who asked. */
export function failureOf(way: Pick<Walk<unknown>, "signal" | "deadline">, { attempts, retryAfterMs, asked }: Lost): CallFailure {
  if (way.signal.aborted) return { code: "CANCELLED", message: "nobody waits for the answer any more", attempts };
  const retry = retryAfterMs === null ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1_000) };
  if (performance.now() >= way.deadline) return { code: "TIMEOUT", message: "no backend answered in time", attempts, ...retry };
  if (attempts.length === 0) return { code: "NO_PROVIDER", message: "no backend is there that can do this", attempts };
  const said = attempts.map(({ provider, outcome, message }) => `${provider}: ${message || outcome}`).join("; ");
  const code = !asked && retryAfterMs === null ? "NO_PROVIDER" : "PROVIDER_FAILED";
  return { code, message: `no backend answered: ${said}`.slice(0, 500), attempts, ...retry };
}
