// What the simulated O2 IMS services share: stable ids and the standard's error body.
import { createHash } from "node:crypto";
import type { Answer } from "../http.ts";

/** The same name gives the same UUID (form of version 5), so that ids survive a restart. */
export function uuidOf(name: string): string {
  const hex = createHash("sha1").update(`intent-lab/${name}`).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}

export function problem(status: number, title: string, detail: string): Answer {
  return { status, type: "application/problem+json", body: { type: "about:blank", title, status, detail } };
}
