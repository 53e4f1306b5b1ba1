// The wording of the questions about an action or a slice, which are asked under the field of the sites, and how they are told from those
// about sites later. Not when they are asked.
const ASKS_ACTION = " is meant, name the sites it should apply to.";
const ASKS_FOR_WORDS = "If it is meant, say so in plain words or correct the action.";
const ASKS_SLICE = " is meant as the slice, name its sites.";

export function aboutAction(readings: string, meaning: string): string {
  return `${readings}. If ${meaning}${ASKS_ACTION}`;
}

/** Sites do not answer this one. */
export function onlyTheModelReads(meaning: string): string {
  return `Only the model reads ${meaning}, and nothing is taken away on its word. ${ASKS_FOR_WORDS}`;
}

export function aboutSlice(readings: string, slice: string): string {
  return `${readings}. If ${slice}${ASKS_SLICE}`;
}

export function asksAboutAction(question: string): boolean {
  return question.endsWith(ASKS_ACTION) || question.endsWith(ASKS_FOR_WORDS);
}

export function asksAboutSlice(question: string): boolean {
  return question.endsWith(ASKS_SLICE);
}
