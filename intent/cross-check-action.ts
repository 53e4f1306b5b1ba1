// The action by the rules against the action by a model. Whoever wants less done is right until a person says otherwise.
import type { Action, ClarificationAnswers } from "../protocol/intent.ts";
import type { ActionDecision } from "./language/action.ts";

export interface ActionChecked {
  action: ActionDecision;
  warnings: string[];
  question: string | null; // to be answered with sites: naming them says that the action is meant
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

export function checkAction({ rules, named, draft }: ActionSaid, answers: ClarificationAnswers | null): ActionChecked {
  if (draft.action === rules.action) return { action: rules, warnings: [], question: null };
  const refusal = draft.action === "unsupported" ? ({ refusal: "off_topic" } as const) : {};
  const model: ActionDecision = { action: draft.action, ...refusal, inferred: true, warnings: rules.warnings };
  const both = `The rules read ${MEANING[rules.action]}, the model ${MEANING[draft.action]}`;
  const take = (action: ActionDecision): ActionChecked => {
    const reason = action === model && draft.action === "unsupported" ? printable(draft.reason) : "";
    const warnings = [`${both}; ${action.action === "unsupported" ? "nothing" : action.action} is taken.`];
    return { action, warnings: reason === "" ? warnings : [...warnings, `The model says: ${reason}`], question: null };
  };
  const confirm = (action: ActionDecision): ActionChecked => {
    if (answers?.targetSites !== undefined) return { action, warnings: [`${both}; ${action.action} was confirmed.`], question: null };
    const question = `${both}. If ${MEANING[action.action]} is meant, name the sites it should apply to.`;
    return { action, warnings: [], question };
  };
  const [ours, theirs] = [WEIGHT[rules.action], WEIGHT[draft.action]];
  const explicit = rules.refusal === undefined && !rules.inferred;
  if (rules.refusal === "negated" && theirs > 0) return take(rules); // "do not delete it": the model has read past the "not"
  if (draft.action === "unsupported" && !named) return take(model); // "cut me a slice of cake": there is nothing to be right about
  if (theirs === DESTROYS) return explicit && ours < DESTROYS ? take(rules) : confirm(ours === DESTROYS ? rules : model);
  if (ours === DESTROYS) return confirm(rules);
  if (rules.refusal !== undefined) return take(model);
  if (ours > theirs) return explicit ? confirm(rules) : take(model);
  if (ours < theirs) return take(rules);
  return explicit || rules.action === "status" ? take(rules) : take(model);
}

const MAX_REASON = 200;

/** One line of plain words: it is shown to people beside what the system itself says. */
export function printable(text: string): string {
  const line = text.replaceAll(/\p{C}/gu, " ").replaceAll(/[<>]/g, "").replaceAll(/\s+/g, " ").trim();
  return line.slice(0, MAX_REASON);
}
