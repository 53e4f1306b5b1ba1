// The action by the rules against the action by a model. Whoever wants less done is right until a person says otherwise, and what takes
// something away is never done on a model's word.
import type { Action, ClarificationAnswers } from "../protocol/intent.ts";
import { aboutAction, onlyTheModelReads } from "./cross-check-questions.ts";
import type { ActionDecision } from "./language/action.ts";

export interface ActionChecked {
  action: ActionDecision;
  warnings: string[];
  question: string | null; // about the action, with sites as its answer
}

const WEIGHT: Record<Action, number> = { unsupported: 0, status: 0, deploy: 1, scale: 1, terminate: 2, rollback: 2 };
const DESTROYS = 2;

const MEANING: Record<Action, string> = {
  deploy: "an order to deploy",
  scale: "an order to scale",
  terminate: "an order to terminate",
  rollback: "an order to roll back",
  status: "a question about the state of things",
  unsupported: "no request for a network slice",
};

export interface ActionSaid {
  rules: ActionDecision;
  named: boolean; // the text names a type, a site, a slice or a number beside its verb
  draft: { action: Action; reason: string };
}

function byModel({ rules, draft }: ActionSaid): ActionDecision {
  const refusal = draft.action === "unsupported" ? ({ refusal: "off_topic" } as const) : {};
  return { action: draft.action, ...refusal, inferred: true, warnings: rules.warnings };
}

/** A text that the rules refuse stays refused; only of one whose verb they cannot read may the model say what it could mean. */
function checkRefused(said: ActionSaid, isAnswered: boolean): ActionChecked {
  const { rules, draft } = said;
  const meaning = MEANING[draft.action];
  if (rules.refusal !== "unread") return { action: rules, warnings: [`Only the model reads ${meaning}; nothing is done.`], question: null };
  const action = byModel(said);
  if (draft.action === "status") return { action, warnings: [`Only the model reads ${meaning}; status is taken.`], question: null };
  if (WEIGHT[draft.action] === DESTROYS) return { action, warnings: [], question: onlyTheModelReads(meaning) };
  // Of such a text nothing else is asked, so the answer is one to this question.
  if (isAnswered) return { action, warnings: [`Only the model reads ${meaning}; ${draft.action} was confirmed.`], question: null };
  return { action, warnings: [], question: aboutAction(`The rules cannot read the text, the model reads ${meaning}`, meaning) };
}

export function checkAction(said: ActionSaid, answers: ClarificationAnswers | null): ActionChecked {
  const { rules, named, draft } = said;
  if (draft.action === rules.action) return { action: rules, warnings: [], question: null };
  const isAnswered = answers?.targetSites !== undefined;
  if (rules.refusal !== undefined) return checkRefused(said, isAnswered);
  const both = `The rules read ${MEANING[rules.action]}, the model ${MEANING[draft.action]}`;
  const keep = (): ActionChecked => ({ action: rules, warnings: [`${both}; ${rules.action} is taken.`], question: null });
  const take = (): ActionChecked => {
    const reason = draft.action === "unsupported" ? printable(draft.reason) : "";
    const warnings = [`${both}; ${draft.action === "unsupported" ? "nothing" : draft.action} is taken.`];
    return { action: byModel(said), warnings: reason === "" ? warnings : [...warnings, `The model says: ${reason}`], question: null };
  };
  const confirm = (): ActionChecked => {
    if (isAnswered) return { action: rules, warnings: [`${both}; ${rules.action} was confirmed.`], question: null };
    return { action: rules, warnings: [], question: aboutAction(both, MEANING[rules.action]) };
  };
  const [ours, theirs] = [WEIGHT[rules.action], WEIGHT[draft.action]];
  if (draft.action === "unsupported" && !named) return take(); // "cut me a slice of cake": there is nothing to be right about
  if (ours === DESTROYS) return confirm();
  if (rules.action === "status") return keep();
  if (theirs === 0) return rules.inferred ? take() : confirm();
  return rules.inferred ? confirm() : keep();
}

const MAX_REASON = 200;

/** One line of plain words: it is shown to people beside what the system itself says. */
export function printable(text: string): string {
  const line = text.replaceAll(/\p{C}/gu, " ").replaceAll(/[<>]/g, "").replaceAll(/\s+/g, " ").trim();
  return line.slice(0, MAX_REASON);
}
