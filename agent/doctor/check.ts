// What one check of `agent doctor` is, and how all of them are run: in parallel, each with its own bound. Not the checks themselves.
import { setTimeout as sleep } from "node:timers/promises";

export type Level = "ok" | "warn" | "fail";

/** One line of the table. `fix` says what to do about it; empty when there is nothing to do. */
export interface Finding {
  level: Level;
  what: string;
  detail: string;
  fix: string;
}

export interface Check {
  what: string;
  run(signal: AbortSignal): Promise<Finding[]>;
}

export const CHECK_TIMEOUT_MS = 5_000; // a person waits for the slowest of them
const SETTLE_MS = 500; // for a check to say what it knows once its signal has fired

export function ok(what: string, detail: string): Finding {
  return { level: "ok", what, detail, fix: "" };
}

export function warn(what: string, detail: string, fix: string): Finding {
  return { level: "warn", what, detail, fix };
}

export function fail(what: string, detail: string, fix: string): Finding {
  return { level: "fail", what, detail, fix };
}

/** Findings in the order of the checks. A check that hangs or throws is a finding, never the end of the others. */
export async function runChecks(checks: readonly Check[], timeoutMs = CHECK_TIMEOUT_MS): Promise<Finding[]> {
  const findings = await Promise.all(checks.map((check) => bounded(check, timeoutMs)));
  return findings.flat();
}

async function bounded(check: Check, timeoutMs: number): Promise<Finding[]> {
  const over = new AbortController();
  const late = async (): Promise<Finding[]> => {
    await sleep(timeoutMs + SETTLE_MS, undefined, { signal: over.signal });
    return [fail(check.what, `gave no answer within ${timeoutMs} ms`, "look whether the machine or the network hangs, then run it again")];
  };
  try {
    return await Promise.race([check.run(AbortSignal.timeout(timeoutMs)), late()]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [fail(check.what, reason, "look at the message; if it says nothing, report it with `agent doctor --json`")];
  } finally {
    over.abort();
  }
}
