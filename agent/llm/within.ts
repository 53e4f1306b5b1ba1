// One piece of a backend's work within a bound: it ends by its result, by the caller, or by the clock, also when the adapter does not.
import { err, type Result } from "../../protocol/result.ts";
import { ProviderFailed, type ProviderFailure } from "./port.ts";

export interface Limit {
  ms: number;
  signal: AbortSignal;
  name: string; // of the backend
}

type Outcome<T> = Result<T, ProviderFailure>;

export function cancelled(name: string): ProviderFailure {
  return { kind: "cancelled", message: `${name}: nobody waits for the answer any more` };
}

/** What an adapter threw, as a failure; undefined for what is a bug. */
export function failureOf(error: unknown): ProviderFailure | undefined {
  return error instanceof ProviderFailed ? error.failure : undefined;
}

/** Until the work is done or nobody waits for it; the work goes on. */
export function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = (): void => resolve();
    signal.addEventListener("abort", gone, { once: true });
    if (signal.aborted) gone();
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", gone));
  });
}

/** The signal that `work` gets fires at the bound, so that the backend's work is stopped and not only left alone. A bug is thrown on. */
export function within<T>({ ms, signal, name }: Limit, work: (signal: AbortSignal) => Promise<Outcome<T>>): Promise<Outcome<T>> {
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      settle();
    };
    const giveUp = (failure: ProviderFailure): void => {
      end(() => resolve(err(failure)));
      stop.abort();
    };
    const onAbort = (): void => giveUp(cancelled(name));
    const timer = setTimeout(() => giveUp({ kind: "timeout", message: `${name} did not answer within ${Math.round(ms)} ms` }), ms);
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) return onAbort();
    work(stop.signal).then(
      (outcome) => end(() => resolve(outcome)),
      (error: unknown) => {
        const failure = failureOf(error);
        end(() => (failure === undefined ? reject(error) : resolve(err(failure))));
      },
    );
  });
}
