// What a person says a text means, laid over what was understood. It wins over rules and models alike, and then is asked for what is missing.
import type { CorrectedFields } from "../protocol/correction.ts";
import {
  type Clarification,
  type ClarificationField,
  type ParsedIntent,
  REQUIREMENT_FIELDS,
  type Requirements,
  type Understanding,
} from "../protocol/intent.ts";
import { openQuestions } from "./ask.ts";
import { asksAboutAction, asksAboutSlice } from "./cross-check-questions.ts";
import { completeProfile } from "./understand.ts";

const BY_A_PERSON = { source: "context" } as const;

type Marks = Understanding["provenance"];

function requirementsOf(before: Requirements, corrected: CorrectedFields["requirements"], marks: Marks): Requirements {
  const requirements: Requirements = {};
  for (const field of REQUIREMENT_FIELDS) {
    const said = corrected?.[field];
    const value = said === undefined ? before[field] : said;
    if (said !== undefined) delete marks[`requirements.${field}`];
    if (value === undefined || value === null) continue;
    requirements[field] = value;
    if (said !== undefined) marks[`requirements.${field}`] = BY_A_PERSON;
  }
  return requirements;
}

function mark(marks: Marks, key: string, there: boolean): void {
  if (there) marks[key] = BY_A_PERSON;
  else delete marks[key];
}

/** Fields that an order can be carried out by; an answer about another one would change nothing. */
const ASKABLE: Record<ParsedIntent["action"], readonly ClarificationField[]> = {
  deploy: ["targetSites", "serviceType", "requirement"],
  scale: ["targetSites", "serviceType", "requirement"],
  terminate: ["targetSites", "serviceType"],
  rollback: ["targetSites", "serviceType"],
  status: [],
  unsupported: [],
};

interface Corrections {
  corrected: CorrectedFields;
  sites: readonly string[]; // registered
}

/** Whether the correction says what the question asks. Naming a slice or a site does not say that its removal was meant. */
function isSettled({ field, question }: Clarification, corrected: CorrectedFields): boolean {
  if (asksAboutAction(question)) return corrected.action !== undefined;
  if (field === "serviceType") return corrected.serviceType !== undefined;
  if (field === "requirement") return corrected.requirements !== undefined;
  return corrected.targetSites !== undefined || (corrected.slice !== undefined && asksAboutSlice(question));
}

/** What the intent still lacks, and what was asked and is not settled. Of a refused text nothing was asked that counts now. */
function questionsAfter(before: Understanding, now: ParsedIntent, { corrected, sites }: Corrections): Clarification[] {
  const lacking = (intent: ParsedIntent) => openQuestions({ intent, unknownSites: [], rivals: [], registered: sites, otherRequests: [] });
  const general = new Set(lacking(before.intent).map(({ question }) => question)); // asked again below where they still hold
  const open = lacking(now);
  const kept = before.status === "rejected" ? [] : before.clarifications;
  const stillAsked = kept.filter((asked) => {
    return !general.has(asked.question) && ASKABLE[now.action].includes(asked.field) && !isSettled(asked, corrected);
  });
  const asked = new Set(stillAsked.map(({ field }) => field));
  return [...stillAsked, ...open.filter(({ field }) => !asked.has(field))];
}

/** `sites` are the registered ones. A corrected action makes a refused text a request: its old refusal is void. */
export function applyCorrected(understanding: Understanding, corrected: CorrectedFields, sites: readonly string[]): Understanding {
  const { intent } = understanding;
  const marks: Marks = { ...understanding.provenance };
  const action = corrected.action ?? intent.action;
  if (action === "unsupported") return understanding;
  const type = corrected.serviceType === undefined ? intent.intentType : corrected.serviceType;
  const slice = corrected.slice === undefined ? intent.slice : (corrected.slice ?? undefined);
  const requirements = requirementsOf(intent.requirements, corrected.requirements, marks);
  if (corrected.action !== undefined) mark(marks, "action", true);
  if (corrected.serviceType !== undefined) mark(marks, "intentType", type !== null);
  if (corrected.targetSites !== undefined) mark(marks, "targetSites", corrected.targetSites.length > 0);
  if (corrected.slice !== undefined) mark(marks, "slice", slice !== undefined);
  if (corrected.priority !== undefined) mark(marks, "priority", true);
  const { slice: _before, ...rest } = intent;
  const now: ParsedIntent = {
    ...rest,
    action,
    intentType: type,
    targetSites: corrected.targetSites ?? intent.targetSites,
    ...(slice === undefined ? {} : { slice }),
    requirements,
    ...completeProfile(type, requirements, marks),
    priority: corrected.priority ?? intent.priority,
  };
  const clarifications = questionsAfter(understanding, now, { corrected, sites });
  return {
    ...understanding,
    status: clarifications.length > 0 ? "clarification_needed" : "success",
    intent: now,
    clarifications,
    warnings: understanding.status === "rejected" ? [] : understanding.warnings,
    provenance: marks,
  };
}
