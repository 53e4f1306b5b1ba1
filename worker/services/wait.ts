// `Prefer: wait=N` (RFC 7240): hold the answer until the intent is understood, at most N seconds.
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
  const until = deps.now() + seconds * 1000;
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, SLOWEST_LOOK_MS)) {
    const { status } = await findIntent(deps, intentId);
    if (status !== "received" && status !== "parsing") return { intentId, status };
    if (deps.now() >= until) return null;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
