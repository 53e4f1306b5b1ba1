// What the adapters of HTTP model servers share: address, credential, refusals and JSON bodies. It knows no dialect.
import type * as z from "zod";
import type { Result } from "../../../protocol/result.ts";
import type { ProviderFailure } from "../port.ts";
import { parseJson } from "./answer.ts";
import { type Bounds, DEFAULT_BOUNDS, MAX_ERROR_BYTES, MAX_JSON_BYTES } from "./bounds.ts";
import { type Call, createCalls } from "./call.ts";
import { failed, HttpRefusal, kindOfStatus, quotable, retryAfterMs, saidIn, WebPage } from "./failure.ts";
import { createAgent, exchange, type HttpAnswer } from "./transport.ts";

export interface BackendOptions {
  name: string;
  url: URL; // requests go to paths under it
  secret?: (() => Promise<string | undefined>) | undefined;
  headers?: Record<string, string>;
  bounds?: Partial<Bounds> | undefined;
}

export interface Request {
  path: string; // without a leading slash
  body?: unknown; // sent as JSON; absent: GET
  asked?: readonly string[]; // texts that must not come back in a message
}

export interface Backend {
  name: string;
  begin(signal: AbortSignal): Call;
  run<T>(signal: AbortSignal, work: (call: Call) => Promise<T>): Promise<Result<T, ProviderFailure>>;
  /** A success that is no web page. Throws ProviderFailed, HttpRefusal when the server said no. */
  open(call: Call, request: Request): Promise<HttpAnswer>;
  /** Its whole body, parsed. Throws as `open` does. */
  json<T>(call: Call, request: Request, shape: { schema: z.ZodType<T>; maxBytes?: number }): Promise<T>;
  close(): void;
}

export function createBackend(options: BackendOptions): Backend {
  const { name } = options;
  const bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
  const base = options.url.href.endsWith("/") ? options.url : new URL(`${options.url.href}/`);
  const agent = createAgent(base);
  const calls = createCalls(name, bounds.totalMs);
  const peer = { name, bounds, agent };

  async function key(): Promise<string | null> {
    if (options.secret === undefined) return null;
    const value = await options.secret();
    if (value === undefined) throw failed("unauthenticated", `${name}: its API key is configured and is not there`);
    if (!/^[\x21-\x7e]+$/.test(value)) throw failed("unauthenticated", `${name}: its API key is malformed`);
    return value;
  }

  async function open(call: Call, request: Request): Promise<HttpAnswer> {
    const secret = await key();
    call.check();
    const headers: Record<string, string> = { accept: "application/json, text/event-stream, application/x-ndjson", ...options.headers };
    const body = request.body === undefined ? null : JSON.stringify(request.body);
    if (secret !== null) headers["authorization"] = `Bearer ${secret}`;
    if (body !== null) {
      headers["content-type"] = "application/json";
      headers["content-length"] = String(Buffer.byteLength(body));
    }
    const url = new URL(request.path, base);
    const answer = await exchange(peer, { method: body === null ? "GET" : "POST", url, headers, body }, call);
    const hidden = [...(request.asked ?? []), ...(secret === null ? [] : [secret])];
    if (answer.status < 200 || answer.status >= 300) throw await refusal(answer, hidden);
    if (/^text\/html\b/i.test(answer.headers["content-type"] ?? "")) {
      for await (const _ of answer.chunks()) break; // closes the connection
      throw new WebPage(name);
    }
    return answer;
  }

  async function refusal(answer: HttpAnswer, hidden: readonly string[]): Promise<HttpRefusal> {
    const { status, headers } = answer;
    // What it says is a help, not a need: a body that is late, cut or long changes nothing.
    const text = await readText(answer, MAX_ERROR_BYTES, "begin").catch(() => "");
    const said = saidIn(parseJson(text)).text;
    const retry = retryAfterMs(headers, Date.now());
    const words =
      status >= 300 && status < 400 ? `with a redirect (${status}), which is not followed` : `${status}${quotable(said, hidden)}`;
    const failure = {
      kind: kindOfStatus(status),
      message: `${name} answered ${words}`,
      ...(retry === undefined ? {} : { retryAfterMs: retry }),
    };
    return new HttpRefusal(failure, status, said);
  }

  async function readText(answer: HttpAnswer, maxBytes: number, part: "all" | "begin"): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.chunks()) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size <= maxBytes) continue;
      if (part === "begin") break;
      throw failed("invalid", `${name} answered more than ${maxBytes} bytes`);
    }
    return Buffer.concat(chunks).toString("utf8", 0, Math.min(size, maxBytes));
  }

  return {
    name,
    begin: calls.begin,
    run: calls.run,
    open,
    async json(call, request, { schema, maxBytes = MAX_JSON_BYTES }) {
      const body = parseJson(await readText(await open(call, request), maxBytes, "all"));
      if (body === undefined) throw failed("invalid", `${name} answered something that is not JSON`);
      const parsed = schema.safeParse(body);
      if (!parsed.success) throw failed("invalid", `${name} answered JSON of another shape than the API's`);
      return parsed.data;
    },
    close() {
      calls.close();
      agent.destroy();
    },
  };
}
