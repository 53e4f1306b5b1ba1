// When a wait ends before its answer, and what that is called.
import { err, type Result } from "../../../protocol/result.ts";
import type { ProviderFailure } from "../port.ts";

/** Why a wait ended early: a bound of ours or of the caller, or nobody waits any more. */
export function stoppedBy(signal: AbortSignal): ProviderFailure {
  const timeout = signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
  return timeout
    ? { kind: "timeout", message: "claude did not answer within the bound of this prompt" }
    : { kind: "cancelled", message: "nobody waits for this answer any more" };
}

/** Never resolves while the signal is quiet. */
export function aborted(signal: AbortSignal): Promise<Result<never, ProviderFailure>> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(err(stoppedBy(signal))), { once: true });
  });
}

/** Of signals that are quiet still: aborts with the first of them or when the time is over. AbortSignal.any would keep a little of every prompt as long as the agent lives. */
export function firstOf(signals: readonly AbortSignal[], ms: number): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const forgetters = signals.map((signal) => {
    const pass = () => controller.abort(signal.reason);
    signal.addEventListener("abort", pass);
    return () => signal.removeEventListener("abort", pass);
  });
  const timer = setTimeout(() => controller.abort(new DOMException("the bound of a prompt", "TimeoutError")), ms);
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      for (const forget of forgetters) forget();
    },
  };
}
