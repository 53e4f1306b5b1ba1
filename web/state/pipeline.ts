// The view of one intent's way: which stage is where, since when, what each site says, and which commands make sense now. Pure.
import type { IntentRecord } from "../../protocol/api.ts";
import type { Deployment, DeploymentSite } from "../../protocol/deployment.ts";
import { MonitorStage } from "../../protocol/event.ts";
import { INTENT_MOVES, type IntentStatus } from "../../protocol/intent.ts";
import { canMove, isTerminal } from "../../protocol/moves.ts";
import type { StageName } from "../../protocol/stage.ts";
import { type Label, STAGE_LABELS, STATUS_LABELS } from "./labels.ts";

/** `wait`: it cannot go on without a person; neither good nor bad. */
export type StageState = "pending" | "active" | "done" | "failed" | "rollback" | "wait";

export interface StageView {
  stage: MonitorStage;
  word: string;
  state: StageState;
  startedAt: string | null;
  endedAt: string | null; // null while it goes on, and for an instant that nothing has followed yet
}

export interface Commands {
  cancel: boolean;
  answer: boolean;
  approve: boolean;
  decide: boolean;
  rollback: boolean; // effects are in force and nothing else is going on
}

export interface PipelineView {
  status: Label;
  stages: StageView[];
  sites: DeploymentSite[];
  waiting: string | null; // what it waits for, in words
  broken: boolean; // something went wrong, or could not be judged
  commands: Commands;
}

/** The way in its order; the last one is the outcome, which may also read failed or rollback. */
const WAY: readonly MonitorStage[] = MonitorStage.options.slice(0, MonitorStage.options.indexOf("completed"));
const QUESTION_WAY = WAY.slice(0, WAY.indexOf("krm_generating"));
const DRY_WAY = WAY.slice(0, WAY.indexOf("gitops_pushing"));

/** Stages that take time; the others are instants and are done as soon as they are reached. */
const TAKES_TIME: ReadonlySet<MonitorStage> = new Set([
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
    status: statusLabel(record, deployment),
    stages: stageViews(record, deployment),
    sites: deployment?.sites ?? [],
    waiting: waitingFor(record),
    broken: isBroken(record, deployment),
    commands: commandsOf(record, deployment),
  };
}

function statusLabel(record: IntentRecord, deployment: Deployment | null): Label {
  if (record.waitingFor === "agent") return { word: "Waiting for an agent", tone: "wait" };
  if (record.waitingFor === "freeze") return { word: "Waiting for a freeze to end", tone: "wait" };
  if (deployment?.status === "reverting") return { word: "Rolling back", tone: "rollback" };
  if (record.dryRun && record.status === "parsed") return { word: "Dry run done", tone: "done" };
  return STATUS_LABELS[record.status];
}

function waitingFor(record: IntentRecord): string | null {
  if (record.waitingFor === "agent") return "No agent is online to take this. It starts by itself as soon as one connects.";
  if (record.waitingFor === "freeze") return "A site of this intent is frozen now. It starts by itself when the freeze window ends.";
  if (record.status === "needs_clarification") return "Answer the question below and it goes on.";
  if (record.status === "awaiting_approval") {
    const why = record.approvalReasons.length === 0 ? "" : ` It needs a person because ${record.approvalReasons.join("; ")}.`;
    return `Nothing has been changed yet. Look at the diff, then approve or reject.${why}`;
  }
  if (record.status === "needs_decision") return "It stopped and waits for your decision: keep what is there, take it back, or go on.";
  return null;
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
  const way = record.answer !== null ? QUESTION_WAY : record.dryRun ? DRY_WAY : WAY;
  const reached = reachedAt(record);
  const furthest = way.reduce((last, stage, index) => (reached.has(stage) ? index : last), -1);
  const over = isSettled(record) || isBroken(record, deployment) || record.status === "needs_clarification";
  const blamed = blamedStage(record, deployment, { way, furthest });
  const views = way.map((stage, index): StageView => {
    const startedAt = reached.get(stage) ?? null;
    const later = [...way.slice(index + 1), ...OUTCOMES].find((next) => reached.has(next));
    const state = stage === blamed?.stage ? blamed.state : stateOf({ stage, index, furthest, record, deployment });
    const ended = later === undefined ? null : (reached.get(later) ?? null);
    const endedAt = ended ?? (over && TAKES_TIME.has(stage) ? record.updatedAt : null);
    return { stage, word: STAGE_LABELS[stage], state, startedAt, endedAt: startedAt === null || state === "active" ? null : endedAt };
  });
  return [...views, outcome(record, deployment, reached)];
}

interface Place {
  stage: MonitorStage;
  index: number;
  furthest: number;
  record: IntentRecord;
  deployment: Deployment | null;
}

function stateOf({ stage, index, furthest, record, deployment }: Place): StageState {
  if (index > furthest) return "pending";
  // The sites go their own pace: the two edge stages are done when the last of them is.
  if ((stage === "edge_deploying" || stage === "edge_deployed") && furthest <= WAY.indexOf("edge_deployed")) {
    const sites = deployment?.sites ?? [];
    const there = sites.length > 0 && sites.every((site) => site.state === "provisioned" || site.state === "verified");
    return there || isSettled(record) ? "done" : "active";
  }
  if (index < furthest || isSettled(record)) return "done";
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
  const at = (stage: MonitorStage) => reached.get(stage) ?? null;
  const view = (stage: MonitorStage, state: StageState, word = STAGE_LABELS[stage]): StageView => {
    const startedAt = at(stage);
    return { stage, word, state, startedAt, endedAt: startedAt };
  };
  if (record.status === "rolled_back" || deployment?.status === "reverted") return view("rollback", "rollback");
  if (record.failure?.stage === "rollback") return view("rollback", "failed", "Rollback failed");
  if (deployment?.status === "reverting") return { ...view("rollback", "rollback", "Rolling back"), endedAt: null };
  if (record.status === "failed") return view("failed", "failed");
  if (record.status === "rejected") return view("failed", "failed", "Rejected");
  if (record.status === "cancelled") return view("failed", "failed", "Cancelled");
  if (record.dryRun) return view("completed", record.status === "parsed" && reached.has("krm_generated") ? "done" : "pending", "Planned");
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

/** The order of the page: what is going on first, then what is over; within each, the newest first. Ids sort by time. */
export function byAttention(a: IntentRecord, b: IntentRecord): number {
  const settled = Number(isSettled(a)) - Number(isSettled(b));
  return settled !== 0 ? settled : b.intentId.localeCompare(a.intentId);
}
