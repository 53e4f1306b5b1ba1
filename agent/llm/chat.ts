// A chat along the backends: until the first piece of text another one may take over, after it none does, and the failure is said.
import type { CallRequest, FinishReason } from "../../protocol/call.ts";
import type { Served } from "../../protocol/llm.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import { CallFailed } from "./call-failed.ts";
import { type Candidate, choose } from "./order.ts";
import type { ChatEnd, ProviderFailure } from "./port.ts";
import type { Team } from "./team.ts";
import { failureOf as callFailureOf, type Reached, walk } from "./walk.ts";
import { cancelled, failureOf } from "./within.ts";

export type ChatCall = Omit<Extract<CallRequest, { kind: "chat" }>, "kind"> & { priority?: number };

export interface ChatOutcome {
  finishReason: FinishReason;
  served: Served;
}

export interface ChatBounds {
  totalMs: number;
  firstTokenMs: number;
  idleMs: number; // between two pieces
}

export interface ChatDeps {
  team: Team;
  now: () => Date;
  bounds: ChatBounds;
}

type Step = IteratorResult<string, ChatEnd>;

interface Open {
  first: Step;
  next(ms: number): Promise<Result<Step, ProviderFailure>>;
  close(): void;
}

const DEFAULT_PRIORITY = 5; // the middle of 1..10

/** A stream with a bound on every step. Closing it stops the backend's work, also when its adapter does not listen. */
function openStream({ member, model }: Candidate, call: ChatCall, signal: AbortSignal) {
  const { provider } = member.spec;
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) stop.abort();
  const { messages, options, priority = DEFAULT_PRIORITY } = call;
  const stream = provider.chat?.({ messages, options, model, priority }, stop.signal);
  let finished = false;
  const step = (ms: number): Promise<Result<Step, ProviderFailure>> => {
    if (stream === undefined) return Promise.resolve(err({ kind: "refused", message: `${provider.name} does not chat` }));
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", gone);
        settle();
      };
      const gone = (): void => end(() => resolve(err(cancelled(provider.name))));
      const late = (): void =>
        end(() => resolve(err({ kind: "timeout", message: `${provider.name} said nothing for ${Math.round(ms)} ms` })));
      const timer = setTimeout(late, ms);
      signal.addEventListener("abort", gone);
      if (signal.aborted) return gone();
      stream.next().then(
        (next) => {
          finished = next.done === true;
          end(() => resolve(ok(next)));
        },
        (error: unknown) => {
          finished = true;
          const failure = failureOf(error);
          end(() => (failure === undefined ? reject(error) : resolve(err(failure))));
        },
      );
    });
  };
  const close = (): void => {
    signal.removeEventListener("abort", onAbort);
    stop.abort();
    // Not waited for: an adapter that hangs must not hold the one who reads.
    if (!finished) stream?.return({ finishReason: "stop", model: "", usage: null, cost: { usd: null, source: "unknown" } }).catch(() => {});
  };
  return { step, close };
}

/** Up to the first text, or to an end without any. */
async function begin(
  candidate: Candidate,
  call: ChatCall,
  limit: { ms: number; signal: AbortSignal },
): Promise<Result<Open, ProviderFailure>> {
  const { step, close } = openStream(candidate, call, limit.signal);
  const until = performance.now() + limit.ms;
  try {
    for (;;) {
      const first = await step(until - performance.now());
      if (first.ok && first.value.done !== true && first.value.value === "") continue;
      if (first.ok) return ok({ first: first.value, next: step, close });
      close();
      return first;
    }
  } catch (error) {
    close();
    throw error;
  }
}

/** Throws CallFailed. Whoever stops reading stops the backend. */
export async function* chat(deps: ChatDeps, call: ChatCall, signal: AbortSignal): AsyncGenerator<string, ChatOutcome, undefined> {
  const { team, bounds } = deps;
  await team.looked(signal);
  const deadline = performance.now() + bounds.totalMs;
  const { candidates, known } = choose(team.members, team.routing(), { capability: "chat", model: call.model, only: call.only });
  if (!known) {
    const message = `no connected backend has ${JSON.stringify(call.only ?? call.model)}`.slice(0, 500);
    throw new CallFailed({ code: "UNKNOWN_MODEL", message, attempts: [] });
  }
  const way = { candidates, purpose: "chat", early: call.only !== null, signal, now: () => deps.now().getTime(), deadline } as const;
  const reached = await walk<Open>({
    ...way,
    ask: (candidate, limit) =>
      begin(candidate, call, { ...limit, ms: Math.min(limit.ms, candidate.member.spec.timeoutMs ?? bounds.firstTokenMs) }),
  });
  if (!reached.ok) throw new CallFailed(callFailureOf(way, reached.error));
  return yield* read(reached.value, bounds, { deadline, signal });
}

async function* read(
  { candidate, value: stream, attempt, before }: Reached<Open>,
  { idleMs }: ChatBounds,
  { deadline, signal }: { deadline: number; signal: AbortSignal },
): AsyncGenerator<string, ChatOutcome, undefined> {
  const { id } = candidate.member;
  let settled = false;
  let step: Result<Step, ProviderFailure> = ok(stream.first);
  if (stream.first.done !== true) attempt.begun();
  try {
    for (;;) {
      if (!step.ok) {
        settled = true;
        const failed = attempt.failed(step.error);
        const code = signal.aborted ? "CANCELLED" : "PROVIDER_FAILED";
        const message = `${id} failed after it had begun to answer: ${step.error.message}`.slice(0, 500);
        throw new CallFailed({ code, message, attempts: [...before, failed] });
      }
      if (step.value.done === true) {
        settled = true;
        const { finishReason, model, usage, cost } = step.value.value;
        const attempts = [...before, attempt.answered({ usage, cost })];
        return { finishReason, served: { provider: id, model: model.slice(0, 200), attempts, usage, cost, arm: null } };
      }
      yield step.value.value;
      step = await stream.next(Math.max(1, Math.min(idleMs, deadline - performance.now())));
    }
  } finally {
    stream.close();
    if (!settled) attempt.failed({ kind: "cancelled", message: `${id}: nobody reads the answer any more` });
  }
}
