// How long and how much one backend may answer, step by step. Not the router's bounds: those are around whole questions.
import { CALL_TIMEOUT_MS, MAX_CALL_CHARS } from "../../../protocol/call.ts";

export interface Bounds {
  connectMs: number; // name look-up, TCP and TLS
  firstByteMs: number; // from the connection to the first byte of the answer's body
  idleMs: number; // between two pieces of it
  totalMs: number; // from the question to the end
}

export const DEFAULT_BOUNDS: Bounds = {
  connectMs: 3_000, // a LAN or a cloud endpoint connects within one; what is down must not hold a sentence
  firstByteMs: 60_000, // a local model may have to be loaded from disk first
  idleMs: 30_000, // the slowest of them still says some tokens in that time
  totalMs: CALL_TIMEOUT_MS - 5_000, // before the one who asked gives up, so that it hears why
};

export const MAX_LINE_CHARS = 1024 * 1024; // of a stream: a piece of an answer has some hundred
export const MAX_ANSWER_CHARS = MAX_CALL_CHARS; // more could not be passed on
export const MAX_PIECE_CHARS = 16 * 1024; // of text that is yielded at once
export const MAX_JSON_BYTES = 8 * 1024 * 1024; // a list of models with all their details stays far below
export const MAX_EMBEDDING_BYTES = 64 * 1024 * 1024; // 256 vectors of 8,192 numbers, written out
export const MAX_ERROR_BYTES = 16 * 1024; // what is read of an answer that is a refusal
