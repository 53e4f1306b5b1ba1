// Questions that come over the socket, answered by this agent's language models while somebody waits. Nothing is kept: a call whose
// socket is gone is given up, and is asked again by the one who wants the answer.
import { setImmediate as othersTurn } from "node:timers/promises";
import {
  CallChunk,
  type CallFailure,
  type CallFailureCode,
  type CallRequest,
  CallResult,
  type FinishReason,
  MAX_CALL_CHARS,
  MAX_CALLS_PER_AGENT,
  type UnderstandCall,
} from "../../protocol/call.ts";
import type { Understanding } from "../../protocol/intent.ts";
import type { Served } from "../../protocol/llm.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { DownMessage, UpMessage } from "../../protocol/room.ts";
import { CallFailed } from "../llm/call-failed.ts";
import type { Log } from "../log.ts";
import { createTextBatch } from "../text-batch.ts";
import { encodeVector } from "../vector.ts";

type Asked<K extends CallRequest["kind"]> = Extract<CallRequest, { kind: K }>;
export type CallMessage = Extract<DownMessage, { type: "call" | "call.cancel" }>;
type CallSent = Extract<DownMessage, { type: "call" }>;

/** What is needed of the language models. */
export interface CallService {
  understandCall(input: UnderstandCall, signal: AbortSignal, only: string | null): Promise<Understanding>;
  /** Throws CallFailed. To return early stops the backend. */
  chat(request: Asked<"chat">, signal: AbortSignal): AsyncGenerator<string, { finishReason: FinishReason; served: Served }, undefined>;
  embed(request: Asked<"embed">, signal: AbortSignal): Promise<Result<{ vectors: number[][]; served: Served }, CallFailure>>;
  discover(signal: AbortSignal): Promise<void>;
}

export interface CallsDeps {
  service: CallService;
  /** False when the socket is down. */
  send(message: UpMessage): boolean;
  log: Log;
}

export interface Calls {
  take(message: CallMessage): void;
  /** The socket is gone, or this process ends: nobody can be answered any more. */
  abortAll(): void;
  open(): number;
}

interface Running {
  callId: string;
  stop: AbortController; // aborted with a CallFailureCode: TIMEOUT is told, of the others nobody wants to hear
  next: number; // index of the next piece
}

export function createCalls(deps: CallsDeps): Calls {
  const open = new Map<string, Running>();
  return {
    open: () => open.size,
    take(message) {
      const { callId } = message;
      if (message.type === "call.cancel") return open.get(callId)?.stop.abort("CANCELLED" satisfies CallFailureCode);
      if (open.has(callId)) return; // a frame that came twice
      if (open.size >= MAX_CALLS_PER_AGENT) {
        const failure = failureOf("BUSY", "this agent has as many calls as it takes");
        deps.send({ type: "call.failed", callId, failure: { ...failure, retryAfterSeconds: 1 } });
        return;
      }
      const running = { callId, stop: new AbortController(), next: 0 };
      open.set(callId, running);
      const late = setTimeout(() => running.stop.abort("TIMEOUT" satisfies CallFailureCode), message.timeoutMs);
      // run never rejects
      void run(deps, running, message).finally(() => {
        clearTimeout(late);
        open.delete(callId);
      });
    },
    abortAll() {
      for (const { stop } of open.values()) stop.abort("CANCELLED" satisfies CallFailureCode);
    },
  };
}

async function run(deps: CallsDeps, running: Running, { callId, request }: CallSent): Promise<void> {
  const { signal } = running.stop;
  const began = performance.now();
  const outcome = await answer(deps, running, request).catch((error: unknown) => err(toFailure(deps, error)));
  const durationMs = Math.round(performance.now() - began);
  if (signal.reason === "CANCELLED") return deps.log.info({ callId, kind: request.kind, durationMs }, "a call was given up");
  if (outcome.ok && CallResult.safeParse(outcome.value).success) {
    deps.send({ type: "call.end", callId, result: outcome.value });
    return deps.log.info({ callId, kind: request.kind, durationMs }, "a call was answered");
  }
  const reason = outcome.ok ? failureOf("INVALID", "the answer does not fit the protocol") : outcome.error;
  const failure = signal.reason === "TIMEOUT" ? failureOf("TIMEOUT", "no end of the answer within the bound of the call") : reason;
  deps.send({ type: "call.failed", callId, failure });
  deps.log.info({ callId, kind: request.kind, durationMs, code: failure.code }, "a call has failed");
}

/** Sends the pieces and returns the end. */
async function answer(deps: CallsDeps, running: Running, request: CallRequest): Promise<Result<CallResult, CallFailure>> {
  const { signal } = running.stop;
  switch (request.kind) {
    case "understand":
      return ok({ kind: "understand", understanding: await deps.service.understandCall(request.input, signal, request.only) });
    case "discover":
      await deps.service.discover(signal);
      return ok({ kind: "discover" });
    case "embed": {
      const embedded = await deps.service.embed(request, signal);
      if (!embedded.ok) return embedded;
      const { vectors, served } = embedded.value;
      for (const [index, vector] of vectors.entries()) {
        await othersTurn(); // many vectors take a while, and a cancel wants to be heard meanwhile
        if (signal.aborted) return err(failureOf("CANCELLED", "nobody waits for it any more"));
        const unfit = sendVector(deps, running, { index, vector });
        if (unfit !== null) return err(unfit);
      }
      return ok({ kind: "embed", served });
    }
    case "chat":
      return chat(deps, running, request);
  }
}

async function chat(deps: CallsDeps, running: Running, request: Asked<"chat">): Promise<Result<CallResult, CallFailure>> {
  const batch = createTextBatch((text) => sendPiece(deps, running, { kind: "text", text }));
  const pieces = deps.service.chat(request, running.stop.signal);
  let chars = 0;
  try {
    for (let next = await pieces.next(); ; next = await pieces.next()) {
      if (next.done) return ok({ kind: "chat", ...next.value });
      chars += next.value.length;
      if (chars > MAX_CALL_CHARS)
        running.stop.abort("INVALID" satisfies CallFailureCode); // the next step ends it
      else batch.add(next.value);
    }
  } catch (error) {
    if (chars > MAX_CALL_CHARS) return err(failureOf("INVALID", `the answer is longer than ${MAX_CALL_CHARS} characters`));
    throw error;
  } finally {
    batch.end(); // what was said is said before the end or the failure
  }
}

/** What a backend gives as a vector may not fit: then this call fails, and the socket with all other calls stays. */
function sendVector(deps: CallsDeps, running: Running, { index, vector }: { index: number; vector: number[] }): CallFailure | null {
  const encoded = encodeVector(vector);
  if (encoded === null) return failureOf("INVALID", "a vector has numbers that are none, or too large for 32 bits");
  const chunk = CallChunk.safeParse({ kind: "embedding", index, vector: encoded });
  if (!chunk.success) return failureOf("TOO_LARGE", `a vector of ${vector.length} numbers is longer than what can be carried`);
  sendPiece(deps, running, chunk.data);
  return null;
}

function sendPiece(deps: CallsDeps, running: Running, chunk: CallChunk): void {
  if (running.stop.signal.aborted) return;
  const sent = deps.send({ type: "call.chunk", callId: running.callId, index: running.next, chunk });
  running.next += 1;
  if (!sent) running.stop.abort("CANCELLED" satisfies CallFailureCode); // the socket is down: the room has lost the call
}

function toFailure({ log }: CallsDeps, error: unknown): CallFailure {
  if (error instanceof CallFailed) return error.failure;
  log.error({ err: error }, "a call broke down");
  return failureOf("PROVIDER_FAILED", "something went wrong at the agent; its log has the cause");
}

function failureOf(code: CallFailureCode, message: string): CallFailure {
  return { code, message, attempts: [] };
}
