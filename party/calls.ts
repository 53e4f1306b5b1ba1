// The open calls of the room: who was asked, what came back so far, and how each of them ends, once. Held in memory only:
// a room that goes away cuts the streams, and whoever reads one that stops without an end knows that the call is lost.
import {
  type CallChunk,
  type CallEvent,
  type CallFailure,
  type CallFailureCode,
  type CallRequest,
  KEPT_CALLS,
  MAX_CALL_CHARS,
  MAX_CALLS_PER_AGENT,
} from "../protocol/call.ts";
import { type DownMessage, MAX_AGENT_FRAME_BYTES, type UpMessage } from "../protocol/room.ts";

const MAX_ANSWER_BYTES = 16 * 1024 * 1024; // of one call: as many and as long vectors as may be asked for
const MAX_WAITING_BYTES = 32 * 1024 * 1024; // of all calls, not read yet: a room has 128 MB for everything

type AnswerMessage = Extract<UpMessage, { type: "call.chunk" | "call.end" | "call.failed" }>;

/** How often a reader hears an empty line while the call is open: whoever has stopped reading is found out by it. */
const KEEP_ALIVE_MS = 500;

export interface CallOptions {
  callId: string; // made by the one who asks, to cancel by
  timeoutMs: number;
  /** One of these agents and no other; absent: whoever is there. */
  agentIds?: string[];
}

/** A socket that can be asked. */
export interface Answerer {
  socketId: string;
  agentId: string;
  send(message: DownMessage): void;
}

interface Calls {
  /** NDJSON of CallEvent: pieces, then exactly one end or failure. `ready`: one socket an agent. */
  open(request: CallRequest, options: CallOptions, ready: readonly Answerer[]): ReadableStream<Uint8Array>;
  take(socketId: string, message: AnswerMessage): void;
  /** It has sent an answer that cannot be read: that call fails, its others go on. */
  spoiled(socketId: string, callId: string): void;
  /** Nobody waits for it any more. */
  cancel(callId: string): void;
  /** A socket has gone, and with it the answers it still owes. */
  lost(socketId: string): void;
}

interface OpenCall {
  callId: string;
  asked: Answerer;
  short: boolean; // may use the places that are kept
  controller: ReadableByteStreamController;
  next: number; // index of the chunk that comes now
  chars: number;
  bytes: number;
  timers: ReturnType<typeof setTimeout>[];
}

export function createCalls(): Calls {
  const open = new Map<string, OpenCall>();
  const encoder = new TextEncoder();

  const openOf = (socketId: string) => [...open.values()].filter((call) => call.asked.socketId === socketId);
  const waiting = () => [...open.values()].reduce((sum, call) => sum - (call.controller.desiredSize ?? 0), 0);

  const lineOf = (event: CallEvent) => encoder.encode(`${JSON.stringify(event)}\n`);

  function finish(call: OpenCall, event: Exclude<CallEvent, { type: "chunk" }>): void {
    forget(call);
    call.controller.enqueue(lineOf(event));
    call.controller.close();
  }

  function forget(call: OpenCall): void {
    for (const timer of call.timers) clearTimeout(timer);
    open.delete(call.callId);
  }

  function fail(call: OpenCall, code: CallFailureCode, message: string): void {
    const again = code === "BUSY" ? { retryAfterSeconds: 1 } : {};
    finish(call, failed({ code, message, ...again, attempts: [] }, call.asked.agentId));
  }

  /** For failures that the agent does not know of: it would go on working. */
  function stop(call: OpenCall, code: CallFailureCode, message: string): void {
    call.asked.send({ type: "call.cancel", callId: call.callId });
    fail(call, code, message);
  }

  function chunk(call: OpenCall, index: number, piece: CallChunk): void {
    if (index !== call.next) return stop(call, "INVALID", `piece ${call.next} of the answer is missing`);
    call.next += 1;
    if (piece.kind === "text") call.chars += piece.text.length;
    if (call.chars > MAX_CALL_CHARS) return stop(call, "INVALID", `the answer is longer than ${MAX_CALL_CHARS} characters`);
    const line = lineOf({ type: "chunk", chunk: piece });
    call.bytes += line.byteLength;
    if (call.bytes > MAX_ANSWER_BYTES) return stop(call, "TOO_LARGE", "the answer is longer than one call can carry: ask for less at once");
    if (waiting() + line.byteLength > MAX_WAITING_BYTES) return stop(call, "BUSY", "too many answers wait for their readers");
    call.controller.enqueue(line);
  }

  function start(asked: Answerer, request: CallRequest, { callId, timeoutMs }: CallOptions): ReadableStream<Uint8Array> {
    const message = { type: "call", callId, timeoutMs, request } as const;
    if (encoder.encode(JSON.stringify(message)).byteLength > MAX_AGENT_FRAME_BYTES)
      return ended({ code: "INVALID", message: "the question is too long for a frame", attempts: [] }, asked.agentId);
    return new ReadableStream({
      type: "bytes", // the only kind that crosses RPC
      start(controller) {
        const call: OpenCall = { callId, asked, short: isShort(request), controller, next: 0, chars: 0, bytes: 0, timers: [] };
        const late = setTimeout(() => stop(call, "TIMEOUT", `no end of the answer within ${timeoutMs} ms`), timeoutMs);
        const alive = setInterval(() => controller.enqueue(encoder.encode("\n")), KEEP_ALIVE_MS);
        call.timers.push(late, alive);
        open.set(callId, call);
        asked.send(message);
      },
      // Comes with the first write after the reader has gone, not at once: hence the empty lines.
      cancel() {
        const call = open.get(callId);
        if (call === undefined) return;
        forget(call);
        asked.send({ type: "call.cancel", callId });
      },
    });
  }

  return {
    open(request, options, ready) {
      const candidates = ready
        .filter(({ agentId }) => options.agentIds === undefined || options.agentIds.includes(agentId))
        .map((asked) => ({ asked, calls: openOf(asked.socketId) }))
        .sort((a, b) => a.calls.length - b.calls.length);
      if (candidates.length === 0)
        return ended({ code: "NO_AGENT", message: "no agent is connected that could answer", attempts: [] }, null);
      const free = candidates.find(({ calls }) => hasPlace(calls, request));
      if (free === undefined)
        return ended({ code: "BUSY", message: "all agents have as many calls as they take", retryAfterSeconds: 1, attempts: [] }, null);
      return start(free.asked, request, options);
    },
    take(socketId, message) {
      const call = open.get(message.callId);
      if (call === undefined || call.asked.socketId !== socketId) return; // over already, or not this one's to answer
      const { agentId } = call.asked;
      if (message.type === "call.chunk") chunk(call, message.index, message.chunk);
      else if (message.type === "call.end") finish(call, { type: "end", result: message.result, agentId });
      else finish(call, failed(message.failure, agentId));
    },
    spoiled(socketId, callId) {
      const call = open.get(callId);
      if (call?.asked.socketId === socketId) stop(call, "INVALID", "the agent's answer is not of this protocol");
    },
    cancel(callId) {
      const call = open.get(callId);
      if (call !== undefined) stop(call, "CANCELLED", "nobody waits for it any more");
    },
    lost(socketId) {
      for (const call of openOf(socketId)) fail(call, "LOST", "the agent went away before the end of its answer");
    },
  };

  function ended(failure: CallFailure, agentId: string | null): ReadableStream<Uint8Array> {
    return new ReadableStream({
      type: "bytes",
      start(controller) {
        controller.enqueue(encoder.encode(`${JSON.stringify(failed(failure, agentId))}\n`));
        controller.close();
      },
    });
  }
}

function isShort({ kind }: CallRequest): boolean {
  return kind === "understand" || kind === "discover";
}

/** Of one agent; the places that are kept stay free of long calls. */
function hasPlace(calls: readonly OpenCall[], request: CallRequest): boolean {
  if (calls.length >= MAX_CALLS_PER_AGENT) return false;
  return isShort(request) || calls.filter(({ short }) => !short).length < MAX_CALLS_PER_AGENT - KEPT_CALLS;
}

function failed(failure: CallFailure, agentId: string | null): CallEvent & { type: "failed" } {
  return { type: "failed", failure, agentId };
}
