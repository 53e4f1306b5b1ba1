// What people say that sentences meant: kept, listed, offered to models as examples. An intent that still waits for a person is
// prepared again with it; one that runs or is over stays as it is.
import { desc, lt, sql } from "drizzle-orm";
import { corrections } from "../../drizzle/schema.ts";
import {
  type CorrectedFields,
  type Correction,
  type CorrectionAccepted,
  type CorrectionPage,
  type CorrectionsResponse,
  type ListCorrectionsQuery,
  MAX_EXAMPLES,
} from "../../protocol/correction.ts";
import type { IntentStatus } from "../../protocol/intent.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { answeredCommand, type Command } from "./command.ts";
import { enqueuePrepare } from "./enqueue.ts";
import type { IntentDraft, IntentRow } from "./intent-draft.ts";
import { applied, changes, merged, readingOf } from "./readings.ts";
import { resolveSites } from "./sites.ts";
import type { Unit } from "./unit.ts";

const KEPT = 1_000; // the newest; models see a few, the evaluation all

const PREPARED_AGAIN: readonly IntentStatus[] = ["needs_clarification", "awaiting_approval"];

/** UNKNOWN_SITE names the field. CONFLICT when there is nothing to correct yet, or nothing in it that differs from what was understood. */
export async function correctIntent(deps: Deps, { input, by, ...about }: Command<CorrectedFields>): Promise<CorrectionAccepted> {
  const targetSites = input.targetSites === undefined ? undefined : await resolveSites(deps, input.targetSites, "targetSites");
  const fields: CorrectedFields = { ...input, ...(targetSites === undefined ? {} : { targetSites }) };
  return answeredCommand(deps, about, (unit, draft) => {
    const correction = correctionOf(deps, draft.row, { fields, by });
    const { at, ...rest } = correction;
    unit.add(deps.db.insert(corrections).values({ ...rest, at: Date.parse(at) }));
    unit.add(
      deps.db.delete(corrections).where(sql`${corrections.seq} <= (select seq from corrections order by seq desc limit 1 offset ${KEPT})`),
    );
    const again = PREPARED_AGAIN.includes(draft.row.status);
    const message = again ? "kept, and the intent is prepared again with it" : `kept as an example; ${whyNot(draft.row)}`;
    if (again) prepareAgain(unit, deps, { draft, fields, by });
    return { status: 201, body: { intentId: draft.row.id, status: draft.row.status, applied: again, message, correction } };
  });
}

function correctionOf(deps: Deps, row: Readonly<IntentRow>, { fields, by }: { fields: CorrectedFields; by: string }): Correction {
  const { understanding } = row;
  if (row.command !== null) throw new AppError("CONFLICT", "this intent came as data, not as a sentence: there is nothing to correct");
  if (understanding === null) throw new AppError("CONFLICT", "the sentence has not been understood yet: there is nothing to correct");
  if (!changes(understanding.intent, fields)) throw new AppError("CONFLICT", "this is what was understood: nothing would be corrected");
  const understood = readingOf(understanding, row.corrected);
  const now = deps.now();
  return {
    id: deps.newId("cor", now),
    intentId: row.id,
    text: row.text,
    provider: understanding.metadata.provider,
    understood,
    corrected: applied(understood, fields),
    by,
    at: new Date(now).toISOString(),
  };
}

function prepareAgain(unit: Unit, deps: Deps, { draft, fields, by }: { draft: IntentDraft; fields: CorrectedFields; by: string }): void {
  if (draft.row.status === "awaiting_approval")
    draft.event("approval.decided", { decision: "voided", by, digest: draft.row.digest ?? "", reason: "the understanding was corrected" });
  draft.moveTo("received");
  draft.set({
    ...{ corrected: merged(draft.row.corrected, fields), sites: fields.targetSites ?? draft.row.sites },
    ...{ failure: null, stage: null, digest: null, diff: null },
  });
  enqueuePrepare(unit, deps, draft.row);
}

function whyNot({ status, dryRun }: Readonly<IntentRow>): string {
  if (status === "parsed" && dryRun) return "this dry run stays as it was planned: send the sentence again";
  if (status === "received" || status === "parsing" || status === "parsed") return "the intent is being prepared without it";
  if (status === "running" || status === "needs_decision") return "the intent is being carried out and stays as it is";
  return `the intent is ${status.replaceAll("_", " ")} and stays as it is`;
}

/** Newest first. */
export async function listCorrections(deps: Deps, { limit, cursor }: ListCorrectionsQuery): Promise<CorrectionPage> {
  const rows = await deps.db
    .select()
    .from(corrections)
    .where(cursor === undefined ? undefined : lt(corrections.seq, cursor))
    .orderBy(desc(corrections.seq))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return { corrections: page.map(toCorrection), nextCursor: rows.length > limit ? (page.at(-1)?.seq ?? null) : null };
}

/** For the prompt: the newest, of a sentence that was corrected more than once the last word only. `version` grows with every correction. */
export async function examplesOf(deps: Deps): Promise<CorrectionsResponse> {
  const rows = await deps.db
    .select()
    .from(corrections)
    .where(sql`${corrections.seq} in (select max(seq) from corrections group by text)`)
    .orderBy(desc(corrections.seq))
    .limit(MAX_EXAMPLES);
  return { version: rows[0]?.seq ?? 0, corrections: rows.map(toCorrection) };
}

function toCorrection({ seq: _seq, at, ...row }: typeof corrections.$inferSelect): Correction {
  return { ...row, at: new Date(at).toISOString() };
}
