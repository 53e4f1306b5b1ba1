// What a person who was asked to approve is looking at, and whether it is still what would happen. Pure.
import type { IntentRecord } from "../../protocol/api.ts";
import { type DurableEvent, type EventData, eventData } from "../../protocol/event.ts";
import { ClarificationAnswers, type ClarificationField, type IntentStatus } from "../../protocol/intent.ts";
import type { Evidence } from "../../protocol/slo.ts";
import type { FileDiff, SlicePlan } from "../../protocol/stage.ts";
import type { Table } from "./table.ts";
import { type WaitingStatus, waitingStatusOf } from "./waiting.ts";

/** A plan as it was put before somebody's eyes: an approval is of this one and of no other. */
export interface SeenPlan {
  digest: string;
  diff: readonly FileDiff[];
  plan: SlicePlan | null;
  reasons: readonly string[];
}

/** The plan that waits for an approval now; null while there is none, or not all of it is known here. */
export function planToSee({ status, digest, diff, plan, approvalReasons }: IntentRecord): SeenPlan | null {
  if (status !== "awaiting_approval" || digest === null || diff === null) return null;
  return { digest, diff, plan, reasons: approvalReasons };
}

export type ApprovalPhase =
  | "loading" // it waits, and what for is not known here yet
  | "pending"
  | "void" // what was seen is not what would happen
  | "decided";

const BEING_PREPARED: readonly IntentStatus[] = ["received", "parsing", "parsed"];

/** `refused`: the digest that the server did not take, if there was one. */
export function approvalPhase(record: IntentRecord, seen: SeenPlan | null, refused: string | null): ApprovalPhase {
  if (record.status === "awaiting_approval") {
    if (seen === null) return "loading";
    return record.digest === seen.digest && refused !== seen.digest ? "pending" : "void";
  }
  // It is planned again: an approval of what was seen would mean nothing.
  return BEING_PREPARED.includes(record.status) && !record.dryRun ? "void" : "decided";
}

export interface Decision extends Pick<EventData<"approval.decided">, "decision" | "by" | "digest" | "reason"> {
  at: string;
}

/** The newest decision about an approval among the events of an intent, in whatever order they come. */
export function lastDecision(events: readonly DurableEvent[], intentId: string): Decision | null {
  let last: { seq: number; decision: Decision } | null = null;
  for (const event of events) {
    if (event.intentId !== intentId || event.type !== "approval.decided" || event.seq < (last?.seq ?? 0)) continue;
    const decided = eventData(event, "approval.decided");
    if (decided !== undefined) last = { seq: event.seq, decision: { ...decided, at: event.at } };
  }
  return last?.decision ?? null;
}

/** The answers that the questions ask for: each of them, as the protocol takes it. */
export function answersTo(asked: readonly ClarificationField[]) {
  return ClarificationAnswers.superRefine((answers, context) => {
    for (const field of asked)
      if (Object.keys(answers[field] ?? {}).length === 0) context.addIssue({ code: "custom", path: [field], message: "is asked for" });
  });
}

/** Of each objective at each site the newest measurement; what is no pass comes first. */
export function newestEvidence(evidence: readonly Evidence[]): Evidence[] {
  const newest = new Map<string, Evidence>();
  for (const one of evidence) {
    const key = `${one.site} ${one.objective}`;
    const known = newest.get(key);
    if (known === undefined || known.measuredAt <= one.measuredAt) newest.set(key, one);
  }
  return [...newest.values()].sort((a, b) => Number(a.verdict === "pass") - Number(b.verdict === "pass"));
}

/**
 * What waits for a person, in the groups of WAITING, each the oldest first. `kept`: ids that stay in the group of this status although they wait no
 * more, because somebody has them open.
 */
export function waitingGroups(
  { rows }: Table<{ record: IntentRecord }>,
  kept: Readonly<Record<string, WaitingStatus>>,
): Record<WaitingStatus, IntentRecord[]> {
  const groups: Record<WaitingStatus, IntentRecord[]> = { awaiting_approval: [], needs_decision: [], needs_clarification: [] };
  for (const { record } of rows) {
    const group = kept[record.intentId] ?? waitingStatusOf(record.status);
    if (group !== undefined) groups[group].unshift(record); // the table has the newest first
  }
  return groups;
}
