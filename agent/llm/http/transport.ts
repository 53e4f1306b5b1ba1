// One HTTP exchange with a model server: bounded at every step, freed at once when its call stops. No retries, no redirects, no cookies.
//
// On node:http and not on fetch or a client library, each tried against every behaviour of tests/helpers/model-servers:
// - fetch has no bound for the connection alone, and its pool of kept sockets cannot be closed for one backend.
// - `openai` 7.55.0 takes a web page, a stream without its end mark and a call that was cancelled for complete answers, asks three times
//   by itself after 429 and 500 unless told not to, waits without a bound between two chunks and reads lines of any length.
// - `ollama` 0.6.4 skips malformed lines and prints them (they may quote the question), has no signal for one request before its headers,
//   drops Retry-After, and has no bound at all.
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { ProviderFailed } from "../port.ts";
import type { Bounds } from "./bounds.ts";
import type { Call } from "./call.ts";
import { failed } from "./failure.ts";

export interface HttpRequest {
  method: "GET" | "POST";
  url: URL;
  headers: Record<string, string>;
  body: string | null;
}

export interface HttpAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** The body, once. Leaving the loop early closes the connection. Throws ProviderFailed. */
  chunks(): AsyncGenerator<Buffer, void, undefined>;
}

export interface Peer {
  name: string; // for messages
  bounds: Bounds;
  agent: http.Agent;
}

/** One connection a call: an answer takes seconds, a kept connection may be dead, and none is left over when the backend is closed. */
export function createAgent(url: URL): http.Agent {
  return url.protocol === "https:" ? new https.Agent({ keepAlive: false }) : new http.Agent({ keepAlive: false });
}

/** Any status is an answer. Throws ProviderFailed when there is none. */
export async function exchange(peer: Peer, request: HttpRequest, call: Call): Promise<HttpAnswer> {
  const { name, bounds, agent } = peer;
  const secure = request.url.protocol === "https:";
  let incoming: IncomingMessage | null = null;
  let reason: ProviderFailed | null = null; // ours, and first: what the socket says afterwards is only its echo
  let connected = false;
  let firstByteBy = 0; // ms of performance.now
  let timer: NodeJS.Timeout | undefined;

  const outgoing = (secure ? https : http).request(request.url, { method: request.method, headers: request.headers, agent });
  const stop = (why: ProviderFailed) => {
    reason ??= why;
    (incoming ?? outgoing).destroy(why);
  };
  const arm = (ms: number, why: () => ProviderFailed) => {
    clearTimeout(timer);
    timer = setTimeout(() => stop(why()), ms);
  };
  const slowToBegin = () => failed("timeout", `${name} did not begin to answer within ${bounds.firstByteMs} ms`);
  const classified = (error: unknown): ProviderFailed => {
    if (reason !== null) return reason;
    const code = codeOf(error);
    if (code.startsWith("HPE_")) return failed("invalid", `${name} does not speak HTTP (${code})`, error);
    if (!connected) return failed("unreachable", `${name} cannot be reached (${code})`, error);
    return failed("cut", `${name} closed the connection before the end of its answer (${code})`, error);
  };
  const forget = call.onStop(stop);
  const release = () => {
    clearTimeout(timer);
    forget();
  };

  arm(bounds.connectMs, () => failed("unreachable", `${name} did not take the connection within ${bounds.connectMs} ms`));
  outgoing.on("socket", (socket) => {
    socket.once(secure ? "secureConnect" : "connect", () => {
      connected = true;
      firstByteBy = performance.now() + bounds.firstByteMs;
      arm(bounds.firstByteMs, slowToBegin);
    });
  });
  try {
    incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once("response", resolve);
      outgoing.on("error", reject); // on, not once: a second one after the answer has to find a listener too
      outgoing.end(request.body ?? undefined);
    });
  } catch (error) {
    release();
    throw classified(error);
  }
  clearTimeout(timer);
  const body = incoming;

  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    const pieces: AsyncIterator<unknown> = body[Symbol.asyncIterator]();
    let begun = false;
    try {
      for (;;) {
        // Only while it is waited for: a reader that takes its time is not the backend's fault.
        if (begun) arm(bounds.idleMs, () => failed("timeout", `${name} said nothing for ${bounds.idleMs} ms`));
        else arm(Math.max(firstByteBy - performance.now(), 0), slowToBegin);
        const next = await pieces.next();
        clearTimeout(timer);
        if (next.done === true) return;
        begun = true;
        if (Buffer.isBuffer(next.value)) yield next.value;
      }
    } catch (error) {
      throw classified(error);
    } finally {
      release();
      body.destroy();
    }
  }
  return { status: body.statusCode ?? 0, headers: body.headers, chunks };
}

/** What the system says of a failed connection, in a word ("ECONNREFUSED"); never an address. */
function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string" && /^[A-Z][A-Z0-9_]+$/.test(at.code)) return at.code;
  }
  return "no connection";
}
