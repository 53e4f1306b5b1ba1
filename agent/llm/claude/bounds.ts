// How long, how many and how big, for the Claude CLI. A prompt's bound counts from the moment it is asked, queue included.
import { CALL_TIMEOUT_MS } from "../../../protocol/call.ts";

export interface ClaudeBounds {
  startMs: number; // from the spawn to the first word
  promptMs: number; // from the question to its answer, the wait in the queue included
  interruptMs: number; // an interrupt that is not honoured by then ends the process
  clearMs: number;
  graceMs: number; // between TERM and KILL
  queueLimit: number; // prompts that wait, per pool
  maxPrompts: number; // then a fresh process
  maxAgeMs: number;
  maxRssMb: number;
  idleMs: number; // of a chat process that nobody uses
  backoffBaseMs: number; // after a start that failed
  backoffCapMs: number;
}

export const DEFAULT_CLAUDE_BOUNDS: ClaudeBounds = {
  startMs: 15_000, // half a second on an idle machine; a loaded one with a cold disk needs longer
  promptMs: CALL_TIMEOUT_MS - 10_000, // before the one who asked gives up, so that it hears why
  interruptMs: 1_000, // honoured within 11 ms when it is honoured at all
  clearMs: 5_000, // 30 ms with an API key, 600 ms with a login
  graceMs: 500, // TERM is followed within 80 ms
  queueLimit: 32, // MAX_CALLS_PER_AGENT of protocol/call.ts
  maxPrompts: 200, // 148 MB at first, 212 MB after 32 prompts: it is the memory that decides, mostly
  maxAgeMs: 60 * 60 * 1000, // a new login or a new CLI on disk is taken up within an hour
  maxRssMb: 500, // more than twice of what was ever seen
  idleMs: 5 * 60 * 1000, // chats come in bursts
  backoffBaseMs: 1_000,
  backoffCapMs: 60_000,
};

export const STDERR_TAIL = 2_000; // characters that are kept of what the CLI complains
export const MAX_SCHEMA_CHARS = 100_000; // it travels as one argument: Linux takes 128 KiB
export const PROBE_MS = 1_800; // under the 2 s of the one who asks
