// A model's draft against what the rules read in the same text, field by field. What the text does not say is left out with a warning;
// what can be read in two ways is asked; a type or a number that only the model sees is taken when the text bears it out, a target never is.
import type { Clarification } from "../protocol/intent.ts";
import { checkAction } from "./cross-check-action.ts";
import { checkAmounts, checkPriority, type Found } from "./cross-check-amounts.ts";
import { aboutSlice } from "./cross-check-questions.ts";
import { checkSites } from "./cross-check-sites.ts";
import type { Draft } from "./draft.ts";
import { nameSpan } from "./grounding.ts";
import { numbersIn } from "./language/numbers-in.ts";
import type { Reading } from "./language/read.ts";
import type { Sentence, UnderstandInput } from "./understand.ts";

export interface CrossChecked {
  reading: Reading;
  warnings: string[];
  questions: Clarification[];
}

type TypeChecked = Pick<Reading, "type"> & Found;

function checkType({ type }: Reading, draft: Draft): TypeChecked {
  const said = draft.serviceType;
  const checked = (decided: Reading["type"], ...warnings: string[]): TypeChecked => ({ type: decided, warnings, questions: [] });
  if (said === type.type) return checked(type);
  if (said === null) {
    const asks = type.source === "inferred" && draft.unclear.includes("serviceType");
    return checked(asks ? { type: null, source: "inferred", rivals: [] } : type);
  }
  if (type.type === null && draft.unclear.includes("serviceType")) return checked(type); // it is asked
  if (type.type === null) {
    if (type.rivals.length > 0) return checked(type, `The model decides for ${said}; the text does not, so it is asked.`);
    return checked({ type: said, source: "inferred", rivals: [] }, `The text names no service type; the model takes ${said}.`);
  }
  if (type.source === "text") return checked(type, `The model reads ${said}; the text says ${type.type}, which is taken.`);
  return checked({ type: null, source: "inferred", rivals: [type.type, said] });
}

/** The type tells which of the slices at a site is changed: there the rules' reading stays, and another one is a question. */
function checkTypeOfLive({ type, slice }: Reading, draft: Draft, answers: UnderstandInput["answers"]): TypeChecked {
  const said = draft.serviceType;
  const [warnings, questions]: [string[], Clarification[]] = [[], []];
  if (said === null || said === type.type) return { type, warnings, questions };
  if (type.type === null) warnings.push(`The model reads ${said}; the text names no service type, so it is left out.`);
  else if (type.source === "text" || slice !== undefined || answers?.serviceType !== undefined)
    warnings.push(`The model reads ${said}; the text says ${type.type}, which is taken.`);
  else
    questions.push({
      field: "serviceType",
      question: `The text fits ${type.type} and ${said}. Which service type has the slice that is meant?`,
    });
  return { type, warnings, questions };
}

/** A slice that only the model reads is never a target: where one is changed it is asked. */
function checkSlice({ slice }: Reading, draft: Draft, text: string): { warnings: string[]; question: string | null } {
  const said = draft.slice;
  const checked = (warning: string, question: string | null = null) => ({ warnings: [warning], question });
  if (slice !== undefined && said === null) return checked(`The model reads no slice; the text names ${slice.name}, which is taken.`);
  if (said === null || slice?.name.toLowerCase() === said.toLowerCase()) return { warnings: [], question: null };
  if (nameSpan(text, said) === undefined) return checked(`The model names the slice ${said}; the text does not, so it is left out.`);
  if (slice === undefined)
    return checked(
      `Only the model reads ${said} as the name of a slice; it is left out.`,
      aboutSlice(`Only the model reads the slice ${said}`, said),
    );
  return checked(
    `The rules read the slice ${slice.name}, the model ${said}; ${slice.name} is taken.`,
    aboutSlice(`The text can be read as about ${slice.name} or about ${said}`, slice.name),
  );
}

const CHANGES_A_SLICE = new Set(["scale", "terminate", "rollback"]);

function namesSomething({ sites, type, slice, snssai, requirements }: Reading): boolean {
  const places = sites.ids.length + sites.unknown.length;
  return places > 0 || type.type !== null || type.rivals.length > 0 || Boolean(slice ?? snssai) || Object.keys(requirements).length > 0;
}

/** A text that the rules take for an attack stays as they read it. */
export function crossCheck(input: UnderstandInput, draft: Draft, { reading, index }: Sentence): CrossChecked {
  if (reading.action.refusal === "attack") return { reading, warnings: [], questions: [] };
  const action = checkAction({ rules: reading.action, named: namesSomething(reading), draft }, input.answers);
  if (action.action.action === "unsupported")
    return { reading: { ...reading, action: action.action }, warnings: action.warnings, questions: [] };
  const numbers = numbersIn(input.text, { index, slices: new Set(input.slices ?? []) });
  const effect = action.action.action !== "status";
  const changes = CHANGES_A_SLICE.has(action.action.action);
  const unclear = draft.unclear.includes("targetSites");
  const sites = checkSites(input, { names: draft.targetSites, unclear, effect }, { rules: reading.sites, index });
  const { requirements, requirementSpans, ...amounts } = checkAmounts({ ...reading, action: action.action }, draft, { input, numbers });
  const type = changes ? checkTypeOfLive(reading, draft, input.answers) : checkType(reading, draft);
  const slice = checkSlice(reading, draft, input.text);
  const whichSlice = changes && input.answers?.targetSites === undefined ? slice.question : null;
  const where = action.question ?? whichSlice ?? sites.question;
  return {
    reading: {
      ...reading,
      action: action.action,
      sites: sites.sites,
      type: type.type,
      requirements,
      requirementSpans,
    },
    warnings: [
      ...action.warnings,
      ...sites.warnings,
      ...type.warnings,
      ...amounts.warnings,
      ...slice.warnings,
      ...checkPriority(reading, draft),
    ],
    questions: [...(where === null ? [] : [{ field: "targetSites" as const, question: where }]), ...type.questions, ...amounts.questions],
  };
}
