// Lines of the log of jobs that run, on their way from an agent to whoever looks at them. Nothing of it is stored, and no truth is in it:
// a line may be lost anywhere. What has happened is told by events.
import * as z from "zod";
import { IntentId, JobId, SiteId, Timestamp } from "./ids.ts";
import { StageName } from "./stage.ts";

export const MAX_LOG_CHARS = 2_000; // of one message; what is longer is cut and ends with "…"
export const MAX_LOG_LINES = 100; // of one frame
export const LOG_LINES_PER_SECOND = 500; // of one agent; what it sends beyond that is dropped

/** Finer ones stay on the agent's machine. */
export const LogLevel = z.enum(["info", "warn", "error", "fatal"]);
export type LogLevel = z.infer<typeof LogLevel>;

/** `message` is text of programs and sites as they wrote it, with secrets masked: to be shown as text, never as markup. */
export const LogLine = z.object({
  at: Timestamp,
  level: LogLevel,
  intentId: IntentId.nullable(),
  jobId: JobId,
  stage: StageName.nullable(), // null: about the job as a whole
  site: SiteId.nullable(),
  message: z.string().max(MAX_LOG_CHARS),
});
export type LogLine = z.infer<typeof LogLine>;

export const LogLines = z.array(LogLine).min(1).max(MAX_LOG_LINES);
