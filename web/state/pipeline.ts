// The view of one intent's way: which stage is where, since when, and which commands make sense now. Pure, and without words: keys only.
import type { IntentRecord } from "../../protocol/api.ts";
import type { Deployment } from "../../protocol/deployment.ts";
import { MonitorStage } from "../../protocol/event.ts";
import { INTENT_MOVES, type IntentStatus } from "../../protocol/intent.ts";
import { canMove, isTerminal } from "../../protocol/moves.ts";
import type { StageName } from "../../protocol/stage.ts";
import { isQuestion, staysDry } from "./kind.ts";
import { STATUS_TONES, type Tone } from "./tones.ts";

/** `wait`: it cannot go on without a person; neither good nor bad. `skipped`: it will not be gone through any more. */
export type StageState = Tone | "skipped";

/** What a stage is called; the outcome is called by what became of it. */
export type StageWord = `common:stage.${MonitorStage}` | `pipeline:outcome.${OutcomeWord}`;
type OutcomeWord = "rejected" | "cancelled" | "rollback_failed" | "rolling_back" | "planned";

export interface StageView {
  stage: MonitorStage;
  word: StageWord;
  state: StageState;
  startedAt: string | null;
  endedAt: string | null; // null while it goes on, and for an instant that nothing has followed yet
}

export type StatusWord =
  | `common:status.${IntentStatus}`
  | "pipeline:status.agent"
  | "pipeline:status.freeze"
  | "pipeline:status.reverting"
  | "pipeline:status.dry_run";

export interface StatusView {
  word: StatusWord;
  tone: Tone;
}

export interface Commands {
  cancel: boolean;
  answer: boolean;
  approve: boolean;
  decide: boolean;
  rollback: boolean; // effects are in force and nothing else is going on
}

export type Waiting = "agent" | "freeze" | "answer" | "approval" | "decision";

export interface PipelineView {
  status: StatusView;
  stages: StageView[];
  waiting: Waiting | null;
  broken: boolean; // something went wrong, or could not be judged
  commands: Commands;
}

/** The way in its order; the outcome after it may be completed, failed or rollback. */
export const WAY: readonly MonitorStage[] = MonitorStage.options.slice(0, MonitorStage.options.indexOf("completed"));
const QUESTION_WAY = WAY.slice(0, WAY.indexOf("krm_generating"));
const DRY_WAY = WAY.slice(0, WAY.indexOf("gitops_pushing"));

/** Stages that take time; the others are instants and are done as soon as they are reached. */
export const TAKES_TIME: ReadonlySet<MonitorStage> = new Set([
  "llm_processing",
  "krm_generating",
  "gitops_pushing",
  "edge_deploying",
  "slo_validating",
]);

const FAILS_AT: Record<StageName, MonitorStage> = {
  parse: "llm_processing",
  plan: "krm_generating",
  render: "krm_generating",
  push: "gitops_pushing",
  sync: "edge_deploying",
  verify: "slo_validating",
  rollback: "rollback",
};

const OUTCOMES: readonly MonitorStage[] = ["completed", "failed", "rollback"];

const BROKEN: readonly IntentStatus[] = ["failed", "rejected", "cancelled", "rolled_back", "needs_decision"];

/** Whether nothing more happens by itself and nobody is waited for. A dry run ends in `parsed`. */
export function isSettled(record: Pick<IntentRecord, "status" | "dryRun">): boolean {
  if (record.dryRun && record.status === "parsed") return true;
  return (
    record.status === "completed" || record.status === "failed" || record.status === "cancelled" || isTerminal(INTENT_MOVES, record.status)
  );
}

export function pipelineView(record: IntentRecord, deployment: Deployment | null): PipelineView {
  return {
    status: statusOf(record, deployment),
    stages: stageViews(record, deployment),
    waiting: waitingFor(record),
    broken: isBroken(record, deployment),
    commands: commandsOf(record, deployment),
  };
}

/** The status as people are told it: what it waits for, and what a rollback makes of it, goes before. */
export function statusOf(record: Pick<IntentRecord, "status" | "dryRun" | "waitingFor">, deployment: Deployment | null): StatusView {
  if (record.waitingFor === "agent") return { word: "pipeline:status.agent", tone: "wait" };
  if (record.waitingFor === "freeze") return { word: "pipeline:status.freeze", tone: "wait" };
  if (deployment?.status === "reverting") return { word: "pipeline:status.reverting", tone: "rollback" };
  if (record.dryRun && record.status === "parsed") return { word: "pipeline:status.dry_run", tone: "done" };
  return { word: `common:status.${record.status}`, tone: STATUS_TONES[record.status] };
}

const ASKS: Partial<Record<IntentStatus, Waiting>> = {
  needs_clarification: "answer",
  awaiting_approval: "approval",
  needs_decision: "decision",
};

function waitingFor(record: IntentRecord): Waiting | null {
  return record.waitingFor ?? ASKS[record.status] ?? null;
}

/** Its commit is in force, or may be, and nobody works on it. Whether it is the slice's latest, the server knows. */
export function canRollBack(deployment: Deployment): boolean {
  const resting = deployment.status === "live" || deployment.status === "failed";
  return resting && deployment.commit !== null && deployment.sites.some((site) => site.state !== "reverted");
}

function isBroken(record: IntentRecord, deployment: Deployment | null): boolean {
  return BROKEN.includes(record.status) || deployment?.status === "reverting";
}

function commandsOf(record: IntentRecord, deployment: Deployment | null): Commands {
  return {
    cancel: !isSettled(record) && canMove(INTENT_MOVES, record.status, "cancelled"),
    answer: record.status === "needs_clarification",
    approve: record.status === "awaiting_approval",
    decide: record.status === "needs_decision",
    rollback: deployment !== null && canRollBack(deployment) && isSettled(record) && canMove(INTENT_MOVES, record.status, "rolled_back"),
  };
}

function stageViews(record: IntentRecord, deployment: Deployment | null): StageView[] {
  const way = isQuestion(record) ? QUESTION_WAY : staysDry(record) ? DRY_WAY : WAY;
  const reached = reachedAt(record);
  const furthest = way.reduce((last, stage, index) => (reached.has(stage) ? index : last), -1);
  const over = isSettled(record) || isBroken(record, deployment) || record.status === "needs_clarification";
  const blamed = blamedStage(record, deployment, { way, furthest });
  const views = (isQuestion(record) ? QUESTION_WAY : WAY).map((stage, index): StageView => {
    const startedAt = reached.get(stage) ?? null;
    const later = [...WAY.slice(index + 1), ...OUTCOMES].find((next) => reached.has(next));
    const state = stage === blamed?.stage ? blamed.state : stateOf({ stage, index, end: way.length, furthest, record, deployment });
    const ended = later === undefined ? null : (reached.get(later) ?? null);
    const upTo = ended ?? (over && TAKES_TIME.has(stage) ? record.updatedAt : null);
    const endedAt = stage === "slo_validating" ? measuredUntil(deployment, startedAt, upTo) : upTo;
    const word = `common:stage.${stage}` as const;
    return { stage, word, state, startedAt, endedAt: startedAt === null || state === "active" ? null : endedAt };
  });
  return [...views, outcome(record, deployment, reached)];
}

/** The check is over with its last measurement: that a person took long to decide what comes next is no part of it. */
function measuredUntil(deployment: Deployment | null, from: string | null, to: string | null): string | null {
  if (from === null || to === null) return to;
  const within = (deployment?.evidence ?? []).map((one) => one.measuredAt).filter((at) => at >= from && at <= to);
  return within.reduce((last, at) => (at > last ? at : last), within[0] ?? to);
}

interface Place {
  stage: MonitorStage;
  index: number;
  end: number; // where its own way ends: a dry run pushes nothing
  furthest: number;
  record: IntentRecord;
  deployment: Deployment | null;
}

function stateOf({ stage, index, end, furthest, record, deployment }: Place): StageState {
  if (index >= end) return "skipped";
  const over = isSettled(record) || deployment?.status === "reverting";
  if (index > furthest) return over ? "skipped" : "pending";
  // The sites go their own pace: the two edge stages are done when the last of them is.
  if ((stage === "edge_deploying" || stage === "edge_deployed") && furthest <= WAY.indexOf("edge_deployed")) {
    const sites = deployment?.sites ?? [];
    const there = sites.length > 0 && sites.every((site) => site.state === "provisioned" || site.state === "verified");
    const missed = deployment?.status === "reverting" && sites.some((site) => site.state === "failed");
    return there || over ? (missed && stage === "edge_deploying" ? "failed" : "done") : "active";
  }
  if (index < furthest || over) return "done";
  return TAKES_TIME.has(stage) ? "active" : "done";
}

/** The stage at which it stands still or went wrong: the one the failure names, else the one that was going on. */
function blamedStage(
  record: IntentRecord,
  deployment: Deployment | null,
  { way, furthest }: { way: readonly MonitorStage[]; furthest: number },
): { stage: MonitorStage; state: StageState } | undefined {
  const last = way[furthest];
  const current = last !== undefined && TAKES_TIME.has(last) ? last : undefined;
  if (record.status === "needs_clarification") return current === undefined ? undefined : { stage: current, state: "wait" };
  if (!isBroken(record, deployment)) return undefined;
  const state: StageState = record.status === "needs_decision" ? "wait" : "failed";
  if (record.failure !== null) {
    const stage = FAILS_AT[record.failure.stage];
    // Refused by a person after it was rendered: the rendering itself was well.
    return way.indexOf(stage) < furthest && stage === "krm_generating" ? undefined : { stage, state };
  }
  // A rollback that a person asked for, and a cancellation between stages, broke none of them.
  return record.status === "cancelled" && current !== undefined ? { stage: current, state } : undefined;
}

function outcome(record: IntentRecord, deployment: Deployment | null, reached: ReadonlyMap<MonitorStage, string>): StageView {
  const view = (stage: MonitorStage, state: StageState, word: OutcomeWord | null = null): StageView => {
    const at = reached.get(stage) ?? null;
    return { stage, word: word === null ? `common:stage.${stage}` : `pipeline:outcome.${word}`, state, startedAt: at, endedAt: at };
  };
  if (record.status === "rolled_back" || deployment?.status === "reverted") return view("rollback", "rollback");
  if (record.failure?.stage === "rollback") return view("rollback", "failed", "rollback_failed");
  if (deployment?.status === "reverting") return { ...view("rollback", "rollback", "rolling_back"), endedAt: null };
  if (record.status === "failed") return view("failed", "failed");
  if (record.status === "rejected") return view("failed", "failed", "rejected");
  if (record.status === "cancelled") return view("failed", "failed", "cancelled");
  if (staysDry(record))
    return view("completed", record.status === "parsed" && reached.has("krm_generated") ? "done" : "pending", "planned");
  return view("completed", record.status === "completed" ? "done" : "pending");
}

/** When each stage was last entered. Going back to an earlier stage (an answer, a void approval) takes the later ones back. */
function reachedAt(record: IntentRecord): Map<MonitorStage, string> {
  const reached = new Map<MonitorStage, string>();
  let furthest = -1;
  for (const { stage, at } of record.stages) {
    const index = WAY.indexOf(stage);
    const perSite = stage === "edge_deploying" || stage === "edge_deployed";
    if (index >= 0 && index < furthest && !perSite) {
      for (const later of WAY.slice(index + 1)) reached.delete(later);
      reached.delete("failed");
      reached.delete("completed");
    }
    // Of the sites, the first to begin and the last to be done.
    if (!(stage === "edge_deploying" && reached.has(stage))) reached.set(stage, at);
    furthest = perSite ? Math.max(furthest, index) : index < 0 ? furthest : index;
  }
  return reached;
}
