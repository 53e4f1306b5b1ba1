// From what a backend did to the kind of failure it is. No text that was asked and no credential gets into a message.
import * as z from "zod";
import type { ProviderFailureKind } from "../../../protocol/llm.ts";
import { ProviderFailed } from "../port.ts";

const MAX_COMPARED = 4_000; // characters that are looked through for what must not be repeated
const MAX_DETAIL = 160; // characters of a backend's own words that are passed on; the whole message has at most 300
const MIN_QUOTE = 24; // characters in common from which its words are taken for a quotation of the question
const MIN_SECRET = 6; // a shorter one is a part of too many words
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

export function failed(kind: ProviderFailureKind, message: string, cause?: unknown): ProviderFailed {
  return new ProviderFailed({ kind, message: message.slice(0, 300) }, { cause });
}

/** An answer with a status that is not a success. */
export class HttpRefusal extends ProviderFailed {
  readonly status: number;
  readonly #said: string; // private: it may quote the question, and errors are logged with their fields

  constructor(failure: ProviderFailed["failure"], status: number, said: string) {
    super(failure);
    this.status = status;
    this.#said = said;
  }

  mentions(words: RegExp): boolean {
    return words.test(this.#said);
  }
}

/** A web page where an answer of the API should be: there is a server, and it is not this API's address. */
export class WebPage extends ProviderFailed {
  constructor(name: string) {
    super({ kind: "invalid", message: `${name} answered with a web page` });
  }
}

export function kindOfStatus(status: number): ProviderFailureKind {
  if (status === 401 || status === 403) return "unauthenticated";
  if (status === 429) return "rate_limited";
  if (status === 408) return "timeout";
  return status >= 500 ? "overloaded" : "refused";
}

/** What a backend calls its failure inside a stream whose status was 200: OpenAI's `type` and `code`, OpenRouter's numeric code. */
export function kindOfCode(...codes: (string | number | null | undefined)[]): ProviderFailureKind {
  for (const code of codes) {
    const status = Number(code);
    if (code !== "" && code !== null && Number.isInteger(status) && status >= 400 && status < 600) return kindOfStatus(status);
    if (typeof code !== "string") continue;
    if (/rate_?limit|too_many_requests|insufficient_quota/i.test(code)) return "rate_limited";
    if (/authentication|api_key|permission/i.test(code)) return "unauthenticated";
    if (/invalid_request|not_found|context_length/i.test(code)) return "refused";
  }
  return "overloaded"; // the backend says itself that it could not
}

// OpenAI {error: {message, type, code}}, Ollama {error: "…"}, FastAPI {detail: "…" | [{msg}]}
const ErrorBody = z.object({
  error: z
    .union([
      z.string(),
      z.object({
        message: z.string().optional().catch(undefined),
        type: z.string().nullish().catch(null),
        code: z.union([z.string(), z.number()]).nullish().catch(null),
      }),
    ])
    .optional()
    .catch(undefined),
  detail: z
    .union([z.string(), z.array(z.object({ msg: z.string() })).transform((list) => list.map(({ msg }) => msg).join("; "))])
    .optional()
    .catch(undefined),
  message: z.string().optional().catch(undefined),
});

export interface Said {
  text: string;
  codes: (string | number | null | undefined)[];
}

export function saidIn(body: unknown): Said {
  const parsed = ErrorBody.safeParse(body);
  if (!parsed.success) return { text: "", codes: [] };
  const { error, detail, message } = parsed.data;
  if (typeof error === "object") return { text: error.message ?? "", codes: [error.code, error.type] };
  return { text: error ?? detail ?? message ?? "", codes: [] };
}

/** A backend's own words as they may be shown: short, on one line, and not at all when they repeat the question or a credential. */
export function quotable(text: string, hidden: readonly string[]): string {
  const line = text.slice(0, MAX_COMPARED).replace(/\s+/g, " ").trim();
  if (line === "") return "";
  const repeated = hidden.some((one) => repeats(line, one)); // looked for before it is cut: half a key is one, too
  return repeated ? " (its words are not shown: they repeat what it was sent)" : `: ${line.slice(0, MAX_DETAIL)}`;
}

function repeats(line: string, hidden: string): boolean {
  const text = hidden.replace(/\s+/g, " ").trim();
  if (text.length < MIN_SECRET) return false;
  if (text.length <= MIN_QUOTE) return line.includes(text);
  for (let at = 0; at + MIN_QUOTE <= line.length; at += 1) if (text.includes(line.slice(at, at + MIN_QUOTE))) return true;
  return false;
}

/** Milliseconds; seconds or an HTTP date (RFC 9110), counted from the backend's own clock when it tells it. */
export function retryAfterMs(
  headers: { "retry-after"?: string | undefined; date?: string | undefined },
  nowMs: number,
): number | undefined {
  const value = headers["retry-after"]?.trim();
  if (value === undefined || value === "") return undefined;
  const told = Date.parse(headers.date ?? "");
  const seconds = /^\d+(\.\d+)?$/.test(value);
  if (!seconds && !/^[A-Za-z]{3,9}, .* GMT$/.test(value)) return undefined; // Date.parse takes "-3" for a month
  const ms = seconds ? Number(value) * 1_000 : Date.parse(value) - (Number.isNaN(told) ? nowMs : told);
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(Math.ceil(ms), 0), MAX_RETRY_AFTER_MS);
}
