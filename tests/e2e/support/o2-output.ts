// What `o2 --json` and `agent doctor --json` print, read back: the stream of a watch, the body of a failure, the checks.
import * as z from "zod";
import { IntentAccepted } from "../../../protocol/api.ts";
import { DurableEvent } from "../../../protocol/event.ts";

const Failed = z.object({ error: z.object({ code: z.string(), message: z.string(), exitCode: z.number() }) });
const Checks = z.object({ checks: z.array(z.object({ level: z.string(), what: z.string(), detail: z.string() })) });
const Last = z.object({ outcome: z.string(), exitCode: z.number() });

export interface Stream {
  accepted: IntentAccepted;
  events: DurableEvent[];
  last: z.output<typeof Last>;
}

/** Of a command with --watch: its answer, the events, and how it ended. */
export function readStream(stdout: string): Stream {
  const lines: unknown[] = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const events = lines.slice(1, -1).map((line) => DurableEvent.parse(line));
  return { accepted: IntentAccepted.parse(lines[0]), events, last: Last.parse(lines.at(-1)) };
}

export function errorCode(stdout: string): string {
  return Failed.parse(JSON.parse(stdout)).error.code;
}

/** The checks of the doctor, `ok git` and so on, without the one that depends on this machine; of a failed one also what it says. */
export function readChecks(stdout: string): string[] {
  const { checks } = Checks.parse(JSON.parse(stdout));
  return checks
    .filter(({ what }) => what !== "tmux")
    .map(({ level, what, detail }) => (level === "fail" ? `fail ${what} ${detail}` : `${level} ${what}`));
}
