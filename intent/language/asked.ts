// Whether a text only asks about doing something ("should we deploy …?", 該不該): then nothing of it is done. What is asked is not answered.
import { type Doc, flagsOf, hasFlag, type MarkOf, markAt, marksOf } from "./doc.ts";

type ActionMark = MarkOf<"action">;

const REACH = 10; // tokens from the question to the verb: "what would it cost us, roughly, to deploy"

function isOrderBetween(doc: Doc, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) {
    const verb = markAt(doc, i, "action");
    if (verb !== undefined && verb.sense.strength >= 2 && verb.sense.action !== "status") return true;
  }
  return false;
}

/** A question about the verb stands before it in its sentence, or the text says behind it that it only asks. */
export function isAskedAbout(doc: Doc, mark: ActionMark): boolean {
  if (mark.sense.action === "status") return false;
  if (flagsOf(doc, "asksOnly").some((only) => only.from >= mark.from)) return true;
  const sentence = doc.tokens[mark.from]?.sentence;
  return flagsOf(doc, "asksWhether").some((question) => {
    const isNear = question.to <= mark.from && question.to >= mark.from - REACH && doc.tokens[question.from]?.sentence === sentence;
    return isNear && !isOrderBetween(doc, question.to, mark.from);
  });
}

export function asksOnly(doc: Doc): boolean {
  return hasFlag(doc, "asksOnly") || marksOf(doc, "action").some((mark) => isAskedAbout(doc, mark));
}
