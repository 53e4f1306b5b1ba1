// How a fake model server can behave. The same words for every dialect; what they look like on the wire is the dialect's.

/** What was asked, as far as an answer may depend on it. */
export interface Asked {
  model: string | null;
  messages: { role: string; content: string }[];
}

export type Behaviour =
  | { kind: "answer"; pieces: string[] | ((asked: Asked) => string[]) }
  | { kind: "slow"; firstAfterMs: number; pieces: string[] } // headers at once, the first piece later
  | { kind: "hang" } // before the headers
  | { kind: "hang-after"; pieces: string[] }
  | { kind: "status"; status: number; headers?: Record<string, string>; body?: string }
  | { kind: "cut"; pieces: string[] } // the connection is dropped
  | { kind: "no-end"; pieces: string[] } // a clean end of the body without the dialect's end mark
  | { kind: "error-line"; pieces: string[]; error: unknown } // inside a stream whose status was 200
  | { kind: "malformed"; pieces: string[]; line?: string }
  | { kind: "html" } // status 200
  | { kind: "huge-line"; chars: number };

export interface FakeUsage {
  prompt: number;
  completion: number;
  cached?: number;
  costUsd?: number;
}

/** absent: the server never tells; last-chunk: after the choices; with-choice: on the chunk that ends the answer. */
export type UsageMode = "absent" | "last-chunk" | "with-choice";

export function answers(...pieces: string[]): Behaviour {
  return { kind: "answer", pieces };
}

export function answersJson(value: unknown): Behaviour {
  const text = JSON.stringify(value);
  const half = Math.ceil(text.length / 2);
  return { kind: "answer", pieces: [text.slice(0, half), text.slice(half)] };
}

export function status(code: number, headers: Record<string, string> = {}, body?: string): Behaviour {
  return { kind: "status", status: code, headers, ...(body === undefined ? {} : { body }) };
}

export const PAGE = '<!doctype html>\n<html lang="en"><head><title>Designer</title></head><body><div id="root"></div></body></html>\n';
