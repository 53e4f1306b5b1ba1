// One question to a backend from its start to its end: stopped by the one who asked, by its whole bound, or because the backend is closed.
import { err, ok, type Result } from "../../../protocol/result.ts";
import { ProviderFailed, type ProviderFailure } from "../port.ts";
import { failed } from "./failure.ts";

export interface Call {
  /** Calls back when the call is stopped, at once when it is already; returns how to forget that. */
  onStop(stop: (reason: ProviderFailed) => void): () => void;
  /** Throws when it is stopped. */
  check(): void;
  end(): void;
}

export interface Calls {
  begin(signal: AbortSignal): Call;
  /** Runs one call and gives its failure as a value. */
  run<T>(signal: AbortSignal, work: (call: Call) => Promise<T>): Promise<Result<T, ProviderFailure>>;
  close(): void;
}

export function createCalls(name: string, totalMs: number): Calls {
  const running = new Set<(reason: ProviderFailed) => void>();
  let closed = false;

  function begin(signal: AbortSignal): Call {
    const listeners = new Set<(reason: ProviderFailed) => void>();
    let reason: ProviderFailed | null = null;
    const stop = (why: ProviderFailed) => {
      if (reason !== null) return;
      reason = why;
      for (const listener of listeners) listener(why);
    };
    const cancel = () => stop(failed("cancelled", `${name}: the call was cancelled`));
    const timer = setTimeout(() => stop(failed("timeout", `${name} did not finish within ${totalMs} ms`)), totalMs);
    timer.unref(); // the connection keeps the process alive for as long as there is something to wait for
    // Not AbortSignal.any: its dependents stay reachable from a signal that lives as long as the agent.
    signal.addEventListener("abort", cancel, { once: true });
    running.add(stop);
    if (signal.aborted || closed) cancel();
    return {
      onStop(listener) {
        if (reason !== null) listener(reason);
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      check() {
        if (reason !== null) throw reason;
      },
      end() {
        clearTimeout(timer);
        signal.removeEventListener("abort", cancel);
        running.delete(stop);
        stop(failed("cancelled", `${name}: the call is over`)); // frees what nobody reads any more
      },
    };
  }

  return {
    begin,
    async run(signal, work) {
      const call = begin(signal);
      try {
        call.check();
        return ok(await work(call));
      } catch (error) {
        if (error instanceof ProviderFailed) return err(error.failure);
        throw error;
      } finally {
        call.end();
      }
    },
    close() {
      closed = true;
      for (const stop of [...running]) stop(failed("cancelled", `${name} was closed`));
    },
  };
}
