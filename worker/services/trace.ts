// W3C Trace Context of an intent: made once, handed to whoever works for it.
import type { Deps } from "../deps.ts";

/** A new trace for a new intent, sampled. */
export function traceparentFor(_deps: Deps): string {
  const hex = (bytes: number) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `00-${hex(16)}-${hex(8)}-01`;
}
