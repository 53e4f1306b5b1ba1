// How progress looks: a block that is redrawn on a terminal, and one plain line per event elsewhere. Pure.
import type { DurableEvent } from "../../protocol/event.ts";
import { eventData } from "../../protocol/event.ts";
import type { IntentStatus } from "../../protocol/intent.ts";
import type { Color } from "./output.ts";
import type { Progress, SiteLeaf, StepName, StepState } from "./progress.ts";
import { STEPS } from "./progress.ts";
import { cut, oneLine, pad, seconds } from "./text.ts";

export interface Look {
  intentId: string;
  status: IntentStatus;
  waiting: string; // for what, when nothing happens
  now: number; // ms
  tick: number; // turns the spinner
  columns: number;
  paint(color: Color, text: string): string;
}

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const TITLES: Record<StepName, string> = {
  understand: "Understand",
  render: "Plan and render",
  approve: "Approval",
  push: "Push to git",
  sites: "Edge sites",
  verify: "Service levels",
  rollback: "Take back",
};
/** Steps that an ordinary run has, shown before their turn comes. */
const EXPECTED: readonly StepName[] = ["understand", "render", "push", "sites", "verify"];
const TITLE_CELLS = 17;
const TIME_CELLS = 9;
const STATE_CELLS = 12;

type Icon = StepState | "waiting";
const COLOR: Record<Icon, Color> = { running: "cyan", done: "green", failed: "red", person: "yellow", waiting: "dim" };

function iconOf(state: Icon, look: Look): string {
  const signs: Record<Icon, string> = {
    running: SPINNER[look.tick % SPINNER.length] ?? "*",
    done: "✓",
    failed: "✗",
    person: "?",
    waiting: "·",
  };
  return look.paint(COLOR[state], signs[state]);
}

function siteIcon({ state }: SiteLeaf, over: boolean): Icon {
  if (state === "failed") return "failed";
  if (state === "verified" || state === "provisioned" || state === "reverted") return "done";
  return over ? "waiting" : "running";
}

/** The lines of the block, none wider than the terminal. */
export function renderProgress(progress: Progress, look: Look): string[] {
  const over = progress.endedAt !== null;
  const lines = [look.paint("bold", cut(oneLine(progress.text), look.columns)), headOf(progress, look)];
  for (const name of STEPS) {
    const step = progress.steps.get(name);
    if (step === undefined && (over || !EXPECTED.includes(name))) continue;
    const time = step === undefined ? "" : seconds((step.endedAt ?? look.now) - step.startedAt);
    const room = look.columns - 4 - TITLE_CELLS - TIME_CELLS - 2;
    const note = look.paint("dim", cut(oneLine(step?.note ?? ""), room));
    lines.push(`  ${iconOf(step?.state ?? "waiting", look)} ${pad(TITLES[name], TITLE_CELLS)}${pad(time, TIME_CELLS)}  ${note}`.trimEnd());
    if (name === "sites") lines.push(...leavesOf(progress, look));
  }
  return lines;
}

function headOf(progress: Progress, look: Look): string {
  const time = progress.startedAt === null ? "" : `  ${seconds((progress.endedAt ?? look.now) - progress.startedAt)}`;
  const waiting = look.waiting === "" ? "" : `  ${look.waiting}`;
  return cut(`${look.intentId}  ${look.status}${time}${waiting}`, look.columns);
}

function leavesOf(progress: Progress, look: Look): string[] {
  const over = progress.endedAt !== null;
  const names = [...progress.sites.keys()].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const cells = Math.max(0, ...names.map((name) => name.length));
  return names.flatMap((name) => {
    const leaf = progress.sites.get(name);
    if (leaf === undefined) return [];
    const room = look.columns - 8 - cells - 2 - STATE_CELLS;
    return `      ${iconOf(siteIcon(leaf, over), look)} ${pad(name, cells)}  ${pad(leaf.state, STATE_CELLS)}${cut(oneLine(leaf.message), room)}`.trimEnd();
  });
}

/** One event as a line of a log. `since` is when its intent began, ms. */
export function eventLine(event: DurableEvent, since: number | null): string {
  const clock = event.at.slice(11, 19);
  const passed = since === null ? "" : pad(`+${seconds(Date.parse(event.at) - since)}`, TIME_CELLS);
  return `${clock} ${passed} ${pad(event.type, 26)}${[event.site ?? "", oneLine(tellOf(event))].filter((part) => part !== "").join(" ")}`.trimEnd();
}

/** What an event says, in a few words; empty when its type says it all. */
export function tellOf(event: DurableEvent): string {
  const data = event.data;
  const failure = eventData(event, "intent.failed") ?? eventData(event, "intent.rejected") ?? eventData(event, "rollback.failed");
  if (failure !== undefined) return `${failure.failure.reason}: ${failure.failure.message}`;
  const decision = eventData(event, "decision.requested");
  if (decision !== undefined) return `${decision.failure.message} (${decision.options.join(" or ")})`;
  const alert = (eventData(event, "alert.triggered") ?? eventData(event, "alert.resolved"))?.alert;
  if (alert !== undefined) return `${alert.severity} ${alert.message}`;
  const questions = eventData(event, "intent.clarification_needed")?.clarifications.map(({ question }) => question);
  if (questions !== undefined) return questions.join(" ");
  if (typeof data.state === "string") return [data.state, data.message].filter((part) => typeof part === "string").join(" ");
  const said = ["status", "decision", "verdict", "text", "name", "note", "reason", "message", "commit", "revertCommit", "digest"];
  return said.flatMap((key) => (typeof data[key] === "string" && data[key] !== "" ? [data[key]] : [])).join(" ");
}
