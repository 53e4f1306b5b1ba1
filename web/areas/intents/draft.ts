// An intent as it is being written: the sentence and its options, why it cannot be sent yet, and the request that it becomes. Pure.
import * as z from "zod";
import type { IntentRecord } from "../../../protocol/api.ts";
import { ApprovalMode, FailurePolicy, IntentContext, IntentText, MAX_TEXT_LENGTH, Rollout } from "../../../protocol/intent.ts";
import type { NewIntent } from "../../api.ts";
import { blanksOf } from "../../state/templates.ts";

const USUAL_PRIORITY = 5; // as the server takes it when nothing is said
export const USUAL_BAKE_SECONDS = 30; // between the first site and the rest: one window of the service levels

export const Draft = z.object({
  text: z.string(),
  targetSites: z.array(z.string()),
  priority: z.number().int().min(1).max(10),
  policy: FailurePolicy,
  approval: ApprovalMode,
  preempt: z.boolean(),
  rollout: Rollout.nullable(),
  context: IntentContext, // of an intent that is sent again; there is no field for it
});
export type Draft = z.infer<typeof Draft>;

export const EMPTY_DRAFT: Draft = {
  text: "",
  targetSites: [],
  priority: USUAL_PRIORITY,
  policy: "all-or-revert",
  approval: "auto",
  preempt: false,
  rollout: null,
  context: {},
};

/** How many of the options are not as usual: told beside the closed options, so that none is forgotten. */
export function optionsInUse({ targetSites, ...draft }: Draft): number {
  const changed = (["priority", "policy", "approval", "preempt", "rollout"] as const).filter((key) => draft[key] !== EMPTY_DRAFT[key]);
  return changed.length + (targetSites.length > 0 ? 1 : 0);
}

export type Obstacle = { kind: "blank" } | { kind: "open"; names: string } | { kind: "long"; over: number } | { kind: "control" };

/** Why the sentence cannot be sent as it is; null when it can. */
export function obstacleOf(text: string): Obstacle | null {
  const sent = text.trim();
  if (sent === "") return { kind: "blank" };
  if (sent.length > MAX_TEXT_LENGTH) return { kind: "long", over: sent.length - MAX_TEXT_LENGTH };
  const open = blanksOf(sent);
  if (open.length > 0) return { kind: "open", names: open.map(({ name }) => `⟨${name}⟩`).join(" ") };
  return IntentText.safeParse(sent).success ? null : { kind: "control" };
}

/** What the server refuses: control characters other than tab, line feed and carriage return. */
export function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t\n\r]/gu, "");
}

export function requestOf({ text, rollout, ...options }: Draft, dryRun: boolean): NewIntent {
  return { text: text.trim(), ...options, dryRun, ...(rollout === null ? {} : { rollout }) };
}

/** An intent that was sent, to be sent again or changed first. Its record must be known in full. */
export function draftOf(record: IntentRecord): Draft {
  const { text, priority, policy, approval, preempt, rollout, context } = record;
  return { text, targetSites: givenSites(record), priority, policy, approval, preempt, rollout, context };
}

/** Those beside the sentence, not in it: before it is read there are no others. */
function givenSites({ understanding, sites }: IntentRecord): string[] {
  if (understanding === null) return [...sites];
  return understanding.provenance["targetSites"]?.source === "context" ? [...understanding.intent.targetSites] : [];
}

export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const STORED = "control-center.draft";

/** Of this person in this tab. A storage that is switched off or holds something else is as good as none. */
export function readDraft(storage: DraftStorage, name: string): Draft {
  try {
    return Draft.parse(JSON.parse(storage.getItem(`${STORED}.${name}`) ?? ""));
  } catch {
    return EMPTY_DRAFT;
  }
}

export function keepDraft(storage: DraftStorage, name: string, draft: Draft): void {
  try {
    if (draft === EMPTY_DRAFT) storage.removeItem(`${STORED}.${name}`);
    else storage.setItem(`${STORED}.${name}`, JSON.stringify(draft));
  } catch {
    // full or switched off: the draft lives as long as the page
  }
}
