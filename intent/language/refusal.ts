// Whether a text is none of ours, and why: an attack, a greeting, a question about the system, a thing or verb of another trade.
import { type Doc, flagAt, flagsOf, hasFlag, marksOf } from "./doc.ts";

export type Refusal = "attack" | "greeting" | "help" | "foreign" | "unread" | "negated" | "asked" | "conditional" | "told" | "off_topic";

const ATTACK_REACH = 7; // words between "ignore" and "instructions"

/** "Ignore all previous instructions" is an attack, "ignore the previous ticket" is not. */
function disregardsRules(doc: Doc): boolean {
  return flagsOf(doc, "disregard").some((verb) => {
    for (let i = verb.to; i < verb.to + ATTACK_REACH; i += 1) if (flagAt(doc, i, "rules") !== undefined) return true;
    return false;
  });
}

export function isAttack(doc: Doc): boolean {
  if (hasFlag(doc, "attack") || disregardsRules(doc)) return true;
  return hasFlag(doc, "secret") && hasFlag(doc, "reveal");
}

export function whyOffTopic(doc: Doc): Refusal {
  const meaningful = marksOf(doc, "action").length > 0 || hasFlag(doc, "foreign");
  return hasFlag(doc, "greeting") && !meaningful ? "greeting" : "off_topic";
}
