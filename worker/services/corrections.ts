// What people say that sentences meant: kept, listed, offered to models as examples. An intent that still waits for a person is
// prepared again with it; one that runs or is over stays as it is.
import type { CorrectedFields, Correction, CorrectionAccepted } from "../../protocol/correction.ts";
import type { IntentStatus } from "../../protocol/intent.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { answeredCommand, type Command } from "./command.ts";
import { correctionsOf, keepCorrection } from "./correction-store.ts";
import { enqueuePrepare } from "./enqueue.ts";
import { shapedAlsoBy } from "./four-eyes.ts";
import type { IntentDraft, IntentRow } from "./intent-draft.ts";
import { applied, changed, isEmpty, meaningOf, merged, ofTheSentence, readingOf } from "./readings.ts";
import { resolveSites } from "./sites.ts";
import type { Unit } from "./unit.ts";

const PREPARED_AGAIN: readonly IntentStatus[] = ["needs_clarification", "awaiting_approval"];

/** UNKNOWN_SITE names the field. CONFLICT when there is nothing to correct yet, or nothing in it that differs from what was last said. */
export async function correctIntent(deps: Deps, { input, by, ...about }: Command<CorrectedFields>): Promise<CorrectionAccepted> {
  const targetSites = input.targetSites === undefined ? undefined : await resolveSites(deps, input.targetSites, "targetSites");
  const fields: CorrectedFields = { ...input, ...(targetSites === undefined ? {} : { targetSites }) };
  const earlier = await correctionsOf(deps, about.intentId);
  return answeredCommand(deps, about, (unit, draft) => {
    const again = PREPARED_AGAIN.includes(draft.row.status);
    const reading = (again ? heldAgainstIntent : heldAgainstLastWord)(draft.row, { fields, earlier });
    const correction = reading === null ? null : { ...correctionOf(deps, draft.row, by), ...reading };
    if (correction !== null) keepCorrection(unit, deps, { correction, earlier });
    if (again) prepareAgain(unit, deps, { draft, fields, by });
    const message = again ? preparedWith(correction) : `kept as an example; ${whyNot(draft.row)}`;
    return { status: 201, body: { intentId: draft.row.id, status: draft.row.status, applied: again, message, correction } };
  });
}

interface Statement {
  fields: CorrectedFields;
  earlier: readonly Correction[]; // newest first
}

type Readings = Pick<Correction, "understood" | "corrected">;

/** Of an intent that will be prepared with it. Null: it says nothing about the sentence. */
function heldAgainstIntent(row: Readonly<IntentRow>, { fields, earlier }: Statement): Readings | null {
  const said = { understanding: understandingOf(row), corrected: row.corrected, earlier };
  const news = changed(meaningOf(said.understanding.intent), fields);
  if (isEmpty(news)) throw new AppError("CONFLICT", "this is what was understood: nothing would be corrected");
  const meant = ofTheSentence(said, news);
  const understood = readingOf(said);
  return isEmpty(meant) ? null : { understood, corrected: applied(understood, meant) };
}

/** Of an intent that stays as it is, and so never shows what was said last: a mistake is put right by saying what was understood. */
function heldAgainstLastWord(row: Readonly<IntentRow>, { fields, earlier }: Statement): Readings {
  const said = { understanding: understandingOf(row), corrected: row.corrected, earlier };
  const { intent } = said.understanding;
  const understood = readingOf(said);
  const last = earlier[0]?.corrected;
  const known = last === undefined ? meaningOf(intent) : { ...last, priority: last.priority ?? intent.priority };
  const meant = ofTheSentence(said, fields);
  if (isEmpty(meant)) throw new AppError("CONFLICT", `the sentence itself leaves that open, and ${whyNot(row)}`);
  if (isEmpty(changed(known, meant)))
    throw new AppError("CONFLICT", "this is what was understood or said last: nothing would be corrected");
  return { understood, corrected: applied(last ?? understood, meant) };
}

function understandingOf({ command, understanding }: Readonly<IntentRow>): NonNullable<IntentRow["understanding"]> {
  if (command !== null) throw new AppError("CONFLICT", "this intent came as data, not as a sentence: there is nothing to correct");
  if (understanding === null) throw new AppError("CONFLICT", "the sentence has not been understood yet: there is nothing to correct");
  return understanding;
}

function correctionOf(deps: Deps, row: Readonly<IntentRow>, by: string): Omit<Correction, keyof Readings> {
  const now = deps.now();
  const { provider } = understandingOf(row).metadata;
  return { id: deps.newId("cor", now), intentId: row.id, text: row.text, provider, by, at: new Date(now).toISOString() };
}

function preparedWith(correction: Correction | null): string {
  if (correction !== null) return "kept, and the intent is prepared again with it";
  return "taken as an answer, and the intent is prepared again with it; the sentence leaves that open, so it is no example";
}

function prepareAgain(unit: Unit, deps: Deps, { draft, fields, by }: { draft: IntentDraft; fields: CorrectedFields; by: string }): void {
  if (draft.row.status === "awaiting_approval")
    draft.event("approval.decided", { decision: "voided", by, digest: draft.row.digest ?? "", reason: "the understanding was corrected" });
  draft.moveTo("received");
  draft.set({
    ...{ corrected: merged(draft.row.corrected, fields), sites: fields.targetSites ?? draft.row.sites },
    ...{ failure: null, stage: null, digest: null, diff: null },
    shapedBy: shapedAlsoBy(draft.row, by),
  });
  enqueuePrepare(unit, deps, draft.row);
}

function whyNot({ status, dryRun }: Readonly<IntentRow>): string {
  if (status === "parsed" && dryRun) return "this dry run stays as it was planned: send the sentence again";
  if (status === "received" || status === "parsing" || status === "parsed") return "the intent is being prepared without it";
  if (status === "running" || status === "needs_decision") return "the intent is being carried out and stays as it is";
  return `the intent is ${status.replaceAll("_", " ")} and stays as it is`;
}
