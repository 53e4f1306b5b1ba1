// The log of running jobs on its way to whoever looks on: lines are gathered for a moment and offered to the socket. A short cut of the
// socket loses nothing; of more than what may wait the oldest are lost, and how many is said. Nothing is kept on disk, and no job waits for it.
import * as z from "zod";
import { IntentId, JobId, SiteId, Timestamp } from "../protocol/ids.ts";
import { LogLevel, type LogLine, MAX_LOG_CHARS, MAX_LOG_LINES } from "../protocol/log.ts";
import type { UpMessage } from "../protocol/room.ts";
import { StageName } from "../protocol/stage.ts";

const BATCH_MS = 250; // late by this much at most, and a frame in this time at most
const MAX_WAITING_LINES = 1_000; // what a job of many sites says within some seconds
const MAX_FRAME_CHARS = 64 * 1024; // of JSON: a long answer of a language model must not wait behind it
const MAX_KNOWN_JOBS = 100; // whose intent is remembered and whose lost lines are counted: those that run, and then some

export interface LogTail {
  /** A finished line of the log, masked. Lines that are of no job are not for here. */
  take(json: string): void;
  /** Offers all that waits, now: the process ends. */
  flush(): void;
}

export interface LogTailOptions {
  /** False when the socket does not take it now. */
  offer(message: Extract<UpMessage, { type: "logs" }>): boolean;
  mask(text: string): string;
}

type Lost = Pick<LogLine, "at" | "intentId" | "jobId"> & { count: number };

export function createLogTail({ offer, mask }: LogTailOptions): LogTail {
  const waiting: LogLine[] = [];
  const lost = new Map<string, Lost>(); // by job
  const intents = new Map<string, string>(); // by job
  let timer: NodeJS.Timeout | undefined;

  function lose({ at, intentId, jobId }: LogLine): void {
    const count = (lost.get(jobId)?.count ?? 0) + 1;
    remember(lost, jobId, { at, intentId, jobId, count });
  }

  /** Who cancels a job, or waits for its facts to be taken, knows the job alone. */
  function withIntent(line: LogLine): LogLine {
    if (line.intentId !== null) remember(intents, line.jobId, line.intentId);
    return { ...line, intentId: line.intentId ?? intents.get(line.jobId) ?? null };
  }

  /** One frame; false when there is nothing to send or it is not taken now. */
  function send(): boolean {
    const told = [...lost.values()].slice(0, MAX_LOG_LINES);
    const { lines, own } = frameOf(told.map(noticeOf), waiting);
    if (lines.length === 0) return false;
    if (!offer({ type: "logs", lines })) return false;
    for (const { jobId } of told) lost.delete(jobId);
    waiting.splice(0, own);
    return true;
  }

  function tick(): void {
    send();
    timer = waiting.length > 0 || lost.size > 0 ? setTimeout(tick, BATCH_MS) : undefined;
  }

  return {
    take(json) {
      const line = logLineOf(json, mask);
      if (line === null) return;
      waiting.push(withIntent(line));
      const oldest = waiting.length > MAX_WAITING_LINES ? waiting.shift() : undefined;
      if (oldest !== undefined) lose(oldest);
      timer ??= setTimeout(tick, BATCH_MS);
    },
    flush() {
      clearTimeout(timer);
      timer = undefined;
      while (send()); // each takes something out of what waits
    },
  };
}

/** The oldest make room. */
function remember<T>(known: Map<string, T>, jobId: string, value: T): void {
  const [oldest] = known.keys();
  if (!known.has(jobId) && known.size >= MAX_KNOWN_JOBS && oldest !== undefined) known.delete(oldest);
  known.set(jobId, value);
}

/** The notices, and as many lines after them as a frame holds; `own` counts those. */
function frameOf(notices: LogLine[], waiting: readonly LogLine[]): { lines: LogLine[]; own: number } {
  const lines = [...notices];
  let chars = JSON.stringify(notices).length;
  for (const line of waiting) {
    chars += JSON.stringify(line).length + 1;
    if (lines.length > notices.length && chars > MAX_FRAME_CHARS) break;
    if (lines.length >= MAX_LOG_LINES) break;
    lines.push(line);
  }
  return { lines, own: lines.length - notices.length };
}

function noticeOf({ count, ...about }: Lost): LogLine {
  const message = `${count} ${count === 1 ? "line" : "lines"} of this job left out here: more was logged than could be sent`;
  return { ...about, level: "warn", stage: null, site: null, message };
}

/** A record as log.ts writes it. What names no job, or is finer than the lane's levels, is none for here. */
const Written = z.looseObject({
  level: LogLevel,
  time: Timestamp,
  jobId: JobId,
  intentId: IntentId.nullable().catch(null),
  stage: StageName.nullable().catch(null),
  site: SiteId.nullable().catch(null),
  msg: z.string().catch(""),
});

function logLineOf(json: string, mask: (text: string) => string): LogLine | null {
  const record = Written.safeParse(parseJson(json));
  if (!record.success) return null;
  const { level, time: at, jobId, intentId, stage, site, msg, attempt: _attempt, kind: _kind, ...more } = record.data;
  const said = Object.entries(more).map(([key, value]) => `${key}: ${textOf(value)}`);
  // Masked again: JSON's escapes are gone now, and one of them may have hidden something.
  const message = mask(said.length === 0 ? msg : `${msg} (${said.join(", ")})`);
  return { at, level, intentId, jobId, stage, site, message: cut(message) };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const thrown = WrittenError.safeParse(value);
  return thrown.success ? thrown.data.message : JSON.stringify(value);
}

/** As pino writes an Error; its stack names files of this machine and is of no use elsewhere. */
const WrittenError = z.object({ type: z.string(), message: z.string(), stack: z.string() });

function cut(text: string): string {
  return (text.length <= MAX_LOG_CHARS ? text : `${text.slice(0, MAX_LOG_CHARS - 1)}…`).toWellFormed();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
