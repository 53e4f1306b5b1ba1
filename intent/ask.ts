// What has to be asked before an intent can be carried out: a table of needs per action, and the wording of the questions.
import type { Clarification, ParsedIntent, ServiceType } from "../protocol/intent.ts";

export interface OpenQuestionsInput {
  intent: ParsedIntent;
  unknownSites: readonly string[]; // named as targets, but not registered
  rivals: readonly ServiceType[]; // types between which the text does not decide
  registered: readonly string[];
  doubt?: string | undefined; // why the values of the text cannot be taken as they are
  otherRequests: readonly string[]; // what else the text asks for: then its sites may be meant for that
}

interface Needs {
  type: boolean;
  site: boolean; // always
  siteOrSlice: boolean;
  requirement: boolean;
}

const NOTHING: Needs = { type: false, site: false, siteOrSlice: false, requirement: false };

const NEEDS: Record<ParsedIntent["action"], Needs> = {
  deploy: { ...NOTHING, type: true, site: true },
  scale: { ...NOTHING, siteOrSlice: true, requirement: true },
  rollback: { ...NOTHING, siteOrSlice: true },
  terminate: { ...NOTHING, siteOrSlice: true },
  status: NOTHING,
  unsupported: NOTHING,
};

const LISTED = 10; // sites named in a question; more would hide it

function registeredSites(registered: readonly string[]): string {
  if (registered.length === 0) return "No site is registered yet.";
  const shown = registered.slice(0, LISTED).join(", ");
  return `Registered are ${shown}${registered.length > LISTED ? " and more" : ""}.`;
}

function siteQuestion(input: OpenQuestionsInput): Clarification | undefined {
  const { intent, unknownSites } = input;
  const needs = NEEDS[intent.action];
  if (!needs.site && !needs.siteOrSlice) return undefined;
  const isClear = unknownSites.length === 0 && input.otherRequests.length === 0 && intent.targetSites.length > 0;
  if (isClear) return undefined;
  const known = registeredSites(input.registered);
  if (unknownSites.length > 0) {
    const verb = unknownSites.length === 1 ? "is not a registered site" : "are not registered sites";
    return { field: "targetSites", question: `${unknownSites.join(", ")} ${verb}. Which sites are meant? ${known}` };
  }
  if (input.otherRequests.length > 0 && intent.targetSites.length > 1) {
    const question = `The text also asks to ${input.otherRequests.join(" and ")}. Which of ${intent.targetSites.join(", ")} should the ${intent.action} apply to?`;
    return { field: "targetSites", question };
  }
  if (intent.targetSites.length > 0 || (needs.siteOrSlice && intent.slice !== undefined)) return undefined;
  const or = needs.siteOrSlice ? " or which slice" : "";
  return { field: "targetSites", question: `Which edge sites${or} should this apply to? ${known}` };
}

function typeQuestion(input: OpenQuestionsInput): Clarification | undefined {
  if (input.intent.intentType !== null || !NEEDS[input.intent.action].type) return undefined;
  const options = input.rivals.length > 0 ? `The text fits ${input.rivals.join(" and ")}. ` : "";
  return { field: "serviceType", question: `${options}Which service type should the slice have: eMBB, URLLC or mMTC?` };
}

function requirementQuestion(input: OpenQuestionsInput): Clarification | undefined {
  const changes = input.intent.action === "deploy" || input.intent.action === "scale";
  if (input.doubt !== undefined && changes) return { field: "requirement", question: input.doubt };
  if (!NEEDS[input.intent.action].requirement || Object.keys(input.intent.requirements).length > 0) return undefined;
  return { field: "requirement", question: "To what value should the slice be scaled: which bandwidth, latency or number of devices?" };
}

/** In the order in which a person would be asked: what, where, how much. */
export function openQuestions(input: OpenQuestionsInput): Clarification[] {
  return [typeQuestion(input), siteQuestion(input), requirementQuestion(input)].filter((question) => question !== undefined);
}
