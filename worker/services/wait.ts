// `Prefer: wait=N` (RFC 7240): hold the answer until the intent is understood, at most N seconds.
import type { IntentAccepted } from "../../protocol/api.ts";
import type { Deps } from "../deps.ts";
import { findIntent } from "./find.ts";

const MAX_WAIT_SECONDS = 30; // longer than any parse; shorter than the patience of proxies
const LOOK_EVERY_MS = 50;

/** The seconds asked for, bounded; null when the header asks for nothing. */
export function preferredWait(header: string | undefined): number | null {
  const seconds = /(?:^|[,;\s])wait=(\d{1,6})(?:$|[,;\s])/i.exec(header ?? "")?.[1];
  return seconds === undefined ? null : Math.min(Number(seconds), MAX_WAIT_SECONDS);
}

/** The intent once it is past parsing, or null when the time is up. */
export async function waitUntilParsed(deps: Deps, intentId: string, seconds: number): Promise<IntentAccepted | null> {
  for (const until = deps.now() + seconds * 1000; ; ) {
    const { status } = await findIntent(deps, intentId);
    if (status !== "received" && status !== "parsing") return { intentId, status };
    if (deps.now() >= until) return null;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
