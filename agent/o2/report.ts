// What is said once an intent has ended or waits: the outcome in a line, and the command that would carry it on.
import { IntentRecord } from "../../protocol/api.ts";
import type { FileDiff } from "../../protocol/stage.ts";
import type { Context } from "./command.ts";
import { EXIT, type ExitCode } from "./failure.ts";
import type { Output } from "./output.ts";
import { harmless, oneLine, seconds } from "./text.ts";
import type { Outcome, Watched } from "./watch.ts";
import { watchIntent } from "./watch.ts";

/** Follows the intent, prints how it ended, answers the exit code. */
export async function watchAndReport(context: Context, watched: Omit<Watched, "show">): Promise<ExitCode> {
  const outcome = await watchIntent(context, { ...watched, show: true });
  const { out } = context;
  if (out.json) out.record({ outcome: outcome.view.status, exitCode: outcome.exitCode, intent: outcome.view });
  else out.text([outcomeLine(out, outcome), ...(await nextSteps(watched, outcome))].join("\n"));
  return outcome.exitCode;
}

export function outcomeLine(out: Output, { exitCode, view, progress }: Outcome): string {
  const ending = oneLine(progress.ending);
  const took = progress.startedAt === null || progress.endedAt === null ? "" : ` in ${seconds(progress.endedAt - progress.startedAt)}`;
  const said = `${view.status.replaceAll("_", " ")}${took}${ending === "" ? "" : `: ${ending}`}`;
  if (exitCode === EXIT.ok) return `${out.paint("green", "✓")} ${said}`;
  if (exitCode === EXIT.failed) return `${out.paint("red", "✗")} ${said}`;
  if (exitCode === EXIT.running) return `… ${view.status}; the time is up, the intent goes on`;
  return `${out.paint("yellow", "?")} ${said}`;
}

async function nextSteps({ api, intentId }: Pick<Watched, "api" | "intentId">, { view }: Outcome): Promise<string[]> {
  switch (view.status) {
    case "needs_clarification": {
      const { understanding } = await api.get(`api/v1/intents/${intentId}`, IntentRecord);
      const questions = (understanding?.clarifications ?? []).map(({ field, question }) => `  ${field}: ${oneLine(question)}`);
      return [...questions, `  o2 answer ${intentId} --site SITE | --type TYPE | --downlink MBPS …`];
    }
    case "awaiting_approval":
      return [`  o2 approve ${intentId}`, `  o2 reject ${intentId} --reason TEXT`];
    case "needs_decision":
      return [`  o2 decide ${intentId} accept|rollback|resume`];
    default:
      return [];
  }
}

/** The files as a unified diff. The paths are in the patches' own heads, unless a patch has none. */
export function diffText(out: Output, files: readonly FileDiff[]): string {
  if (files.length === 0) return "Nothing changes.";
  const count = (change: FileDiff["change"]) => files.filter((file) => file.change === change).length;
  const summary = `${count("added")} added, ${count("modified")} modified, ${count("removed")} removed`;
  return [...files.map((file) => patchText(out, file)), out.paint("bold", summary)].join("\n");
}

function patchText(out: Output, { path, change, patch }: FileDiff): string {
  const lines = harmless(patch).trimEnd().split("\n");
  const painted = lines.map((line) => {
    if (/^(\+\+\+|---|diff |index |Index:|===)/.test(line)) return out.paint("dim", line);
    if (line.startsWith("+")) return out.paint("green", line);
    if (line.startsWith("-")) return out.paint("red", line);
    return line.startsWith("@@") ? out.paint("cyan", line) : line;
  });
  return [out.paint("bold", `${change} ${oneLine(path)}`), ...painted].join("\n");
}
