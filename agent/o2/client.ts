// The public API over HTTP, for the command line: bounded, parsed, tried again where that is safe. Failures carry their exit code.
import { setTimeout as sleep } from "node:timers/promises";
import type * as z from "zod";
import { ErrorBody } from "../../protocol/errors.ts";
import { CommandFailure, EXIT } from "./failure.ts";

const CALL_TIMEOUT_MS = 15_000;
const TRIES = 4; // in all; every command carries its Idempotency-Key, so a repeated one has one effect
const RETRY_BASE_MS = 300;
const MAX_RETRY_AFTER_MS = 10_000;
const RETRIED: readonly number[] = [429, 502, 503, 504];

export interface Api {
  readonly url: URL;
  get<S extends z.ZodType>(path: string, answer: S, signal?: AbortSignal): Promise<z.output<S>>;
  post<S extends z.ZodType>(path: string, body: object | undefined, answer: S): Promise<z.output<S>>;
}

export interface ApiOptions {
  url: URL;
  token: string;
  version: string;
  newKey(): string; // an Idempotency-Key, one per command
}

interface Call {
  method: "GET" | "POST";
  path: string;
  body: object | undefined;
  key: string | null;
  signal: AbortSignal | undefined;
}

export function createApi(options: ApiOptions): Api {
  async function ask<S extends z.ZodType>(call: Call, answer: S): Promise<z.output<S>> {
    const { status, text } = await send(options, call);
    const body = parseJson(text);
    if (status < 200 || status >= 300) throw refusal(status, body);
    const parsed = answer.safeParse(body);
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new CommandFailure(
      EXIT.unreachable,
      `${options.url.host} answered something else than this o2 understands (${where}); update it`,
      {
        code: "UNKNOWN_ANSWER",
      },
    );
  }
  return {
    url: options.url,
    get: (path, answer, signal) => ask({ method: "GET", path, body: undefined, key: null, signal }, answer),
    post: (path, body, answer) => ask({ method: "POST", path, body, key: options.newKey(), signal: undefined }, answer),
  };
}

async function send(options: ApiOptions, call: Call): Promise<{ status: number; text: string }> {
  const url = new URL(call.path.replace(/^\//, ""), options.url);
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      const response = await fetch(url, requestOf(options, call));
      if (left === 0 || !RETRIED.includes(response.status)) return { status: response.status, text: await response.text() };
      await response.body?.cancel();
      await sleep(retryAfterMs(response) ?? backoffMs(left), undefined, { signal: call.signal });
    } catch (error) {
      if (call.signal?.aborted) throw error;
      if (left === 0) throw unreachable(options.url, error);
      await sleep(backoffMs(left), undefined, { signal: call.signal });
    }
  }
}

function requestOf({ token, version }: ApiOptions, { method, body, key, signal }: Call): RequestInit {
  const bound = AbortSignal.timeout(CALL_TIMEOUT_MS);
  return {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/json",
      "user-agent": `o2/${version}`,
      ...(key === null ? {} : { "idempotency-key": key }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    signal: signal === undefined ? bound : AbortSignal.any([bound, signal]),
    redirect: "error", // the token must not follow to another host
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

function backoffMs(left: number): number {
  return RETRY_BASE_MS * 2 ** (TRIES - 1 - left) * (0.5 + Math.random());
}

function retryAfterMs(response: Response): number | null {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1_000, MAX_RETRY_AFTER_MS) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(status: number, body: unknown): CommandFailure {
  const exitCode = status >= 500 ? EXIT.unreachable : EXIT.refused;
  const parsed = ErrorBody.safeParse(body);
  if (!parsed.success) return new CommandFailure(exitCode, `the server answered HTTP ${status}`, { code: `HTTP_${status}` });
  const { code, message, requestId, details = [] } = parsed.data.error;
  const fields = details.map((issue) => `\n  ${issue.field}: ${issue.message}`).join("");
  const hint = code === "UNAUTHENTICATED" ? "; sign in with `o2 login`" : "";
  return new CommandFailure(exitCode, `${message}${hint}${fields}`, {
    code,
    requestId,
    ...(details.length === 0 ? {} : { issues: details }),
  });
}

/** fetch says only "fetch failed"; the reason hangs below it. */
function unreachable(url: URL, error: unknown): CommandFailure {
  let last = error;
  while (last instanceof Error && last.cause instanceof Error) last = last.cause;
  const code = last instanceof Error && "code" in last && typeof last.code === "string" ? last.code : null;
  const timedOut = error instanceof Error && error.name === "TimeoutError";
  const why = timedOut
    ? `no answer within ${CALL_TIMEOUT_MS / 1_000} s`
    : (code ?? (last instanceof Error ? last.message : "no connection"));
  return new CommandFailure(EXIT.unreachable, `${url.origin} cannot be reached: ${why}`, { code: "UNREACHABLE" });
}
