// A question to a connected agent as a stream: the one place in the worker that reads what the room sends. Nothing is stored.
import { type CallChunk, CallEvent, type CallFailureCode, type CallRequest } from "../../protocol/call.ts";
import type { Deps } from "../deps.ts";

const ROOM_GRACE_MS = 2_000; // the room keeps the bound itself; this is for a room that does not answer

export interface Ask {
  request: CallRequest;
  timeoutMs: number;
  /** One of these agents; absent: whoever is there. */
  agentIds?: string[];
  /** Fires when nobody waits any more: the agent stops its work. */
  signal?: AbortSignal;
}

/** `waiting`: nothing new, the agent is at work. Said about twice a second. */
export type Heard = CallEvent | { type: "waiting" };

/** Pieces, then exactly one end or failure; never throws. Who stops reading early stops the agent. */
export async function* openCall(deps: Deps, { request, timeoutMs, agentIds, signal }: Ask): AsyncGenerator<Heard, void> {
  const callId = deps.newId("call", deps.now());
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort("late"), timeoutMs + ROOM_GRACE_MS);
  const cancelled = () => stop.abort("cancelled");
  signal?.addEventListener("abort", cancelled, { once: true });
  if (signal?.aborted) cancelled();
  let over = false;
  try {
    const options = { callId, timeoutMs, ...(agentIds === undefined ? {} : { agentIds }) };
    const stream = await orStopped(deps.room.call(request, options), stop.signal);
    for await (const line of readLines(stream, stop.signal)) {
      const heard: Heard = line === "" ? { type: "waiting" } : parseEvent(line, request);
      over = heard.type === "end" || (heard.type === "failed" && heard.failure.code !== "INVALID");
      yield heard;
      if (heard.type === "end" || heard.type === "failed") return;
    }
    yield failed("LOST", "the room went away before the end of the answer");
  } catch (error) {
    yield whyStopped(stop.signal, error);
  } finally {
    clearTimeout(late);
    signal?.removeEventListener("abort", cancelled);
    if (!over) deps.defer(deps.room.cancelCall(callId));
  }
}

export function failed(code: CallFailureCode, message: string): CallEvent & { type: "failed" } {
  return { type: "failed", failure: { code, message, attempts: [] }, agentId: null };
}

function whyStopped(signal: AbortSignal, error: unknown): CallEvent {
  if (signal.reason === "cancelled") return failed("CANCELLED", "nobody waits for it any more");
  if (signal.aborted) return failed("TIMEOUT", "the room did not answer within the bound of the call");
  console.error(JSON.stringify({ level: "warn", what: "a call through the room failed", error: String(error) }));
  return failed("LOST", "the room could not be asked");
}

const PIECES: Record<CallRequest["kind"], CallChunk["kind"] | null> = {
  chat: "text",
  embed: "embedding",
  understand: null,
  discover: null,
};

/** An answer to another question than the one that was asked is none. */
function parseEvent(line: string, { kind }: CallRequest): CallEvent {
  const event = CallEvent.safeParse(JSON.parse(line));
  if (!event.success) return failed("INVALID", "the answer is not of this protocol");
  const { data } = event;
  const fits = data.type === "failed" || (data.type === "chunk" ? data.chunk.kind === PIECES[kind] : data.result.kind === kind);
  return fits ? data : failed("INVALID", "the answer is to another question");
}

async function* readLines(stream: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<string, void> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await orStopped(reader.read(), signal);
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } finally {
    reader.cancel().catch(() => undefined); // it is over, or noted by whoever stopped it
  }
}

/** Rejects as soon as the signal fires; what was begun goes on unheard. */
function orStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopped = () => reject(new Error("stopped"));
    if (signal.aborted) return stopped();
    signal.addEventListener("abort", stopped, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stopped));
  });
}
