// What a person is asked to settle, kept together with what it is about: a diff with its digest, questions with their round. Pure. Events tell the
// new half of such a pair only; until REST has told the other half there is nothing to be settled, rather than a pair that never was.
import type { IntentRecord } from "../../protocol/api.ts";
import type { Clarification } from "../../protocol/intent.ts";
import type { WaitingStatus } from "./waiting.ts";

/** A diff belongs to the digest that it came with. */
export function packageOf(record: Pick<IntentRecord, "digest" | "diff">, digest: string | null): Pick<IntentRecord, "digest" | "diff"> {
  return { digest, diff: digest === record.digest ? record.diff : null };
}

/** The understanding that asks these questions; null when the known one is of an earlier round, whose questions were answered already. */
export function understandingAsking(
  { understanding }: Pick<IntentRecord, "understanding">,
  asked: readonly Clarification[],
): IntentRecord["understanding"] {
  const known = understanding?.clarifications ?? [];
  const same =
    asked.length === known.length && asked.every(({ field, question }, n) => field === known[n]?.field && question === known[n].question);
  return same ? understanding : null;
}

export interface Questions {
  round: string; // another one: another form, nothing of the last answers is in it
  questions: readonly Clarification[];
}

/** The questions that wait for an answer now; null while there are none, or they are not known here yet. */
export function questionsOf({ status, understanding }: Pick<IntentRecord, "status" | "understanding">): Questions | null {
  if (status !== "needs_clarification" || understanding?.status !== "clarification_needed") return null;
  return { round: understanding.metadata.processedAt, questions: understanding.clarifications };
}

/** Whether the panel of this kind still has something to say of the intent. The one of approvals tells itself what became of what was seen. */
export function hasSay(panel: WaitingStatus, { status }: Pick<IntentRecord, "status">): boolean {
  return panel === "awaiting_approval" || panel === status;
}
