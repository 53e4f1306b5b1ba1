// `Prefer: wait=N` (RFC 7240): hold the answer until there is more to say, at most N seconds.
import type { IntentAccepted } from "../../protocol/api.ts";
import type { Deps } from "../deps.ts";
import { findIntent } from "./find.ts";

const MAX_WAIT_SECONDS = 30; // longer than any parse; shorter than the patience of proxies
const FIRST_LOOK_MS = 50; // most sentences are read by then
const SLOWEST_LOOK_MS = 400;

/** The seconds asked for, bounded; null when the header asks for nothing. */
export function preferredWait(header: string | undefined): number | null {
  const seconds = /(?:^|[,;\s])wait=(\d{1,6})(?:$|[,;\s])/i.exec(header ?? "")?.[1];
  return seconds === undefined ? null : Math.min(Number(seconds), MAX_WAIT_SECONDS);
}

/** The intent once it is past parsing, or null when the time is up. */
export async function waitUntilParsed(deps: Deps, intentId: string, seconds: number): Promise<IntentAccepted | null> {
  return lookUntil(deps, seconds, async () => {
    const { status } = await findIntent(deps, intentId);
    return status === "received" || status === "parsing" ? null : { intentId, status };
  });
}

/** Asks again, less and less often, until there is an answer or the time is up. */
export async function lookUntil<T>(deps: Deps, seconds: number, look: () => Promise<T | null>): Promise<T | null> {
  const until = deps.now() + seconds * 1000;
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, SLOWEST_LOOK_MS)) {
    const found = await look();
    if (found !== null || deps.now() >= until) return found;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
