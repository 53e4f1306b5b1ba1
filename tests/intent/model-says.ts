// Shared makers for the tests of the cross-check: what a model says of a text, and what is understood then. No expectations here.
import { type Draft, understandDraft } from "../../intent/draft.ts";
import { readSentence, type UnderstandInput } from "../../intent/understand.ts";
import { Understanding } from "../../protocol/intent.ts";
import { NOW, SITES } from "./fixtures.ts";

const NOTHING: Draft["requirements"] = {
  downlinkMbps: null,
  uplinkMbps: null,
  latencyMs: null,
  reliabilityPercent: null,
  availabilityPercent: null,
  maxDevices: null,
};

export type Said = Partial<Omit<Draft, "requirements">> & { requirements?: Partial<Draft["requirements"]> };

export function draft({ requirements = {}, ...said }: Said): Draft {
  const plain = { action: "deploy", serviceType: null, targetSites: [], slice: null, priority: null, unclear: [], reason: "" } as const;
  return { ...plain, targetSites: [], unclear: [], ...said, requirements: { ...NOTHING, ...requirements } };
}

export function modelSays(text: string, said: Said, more: Partial<UnderstandInput> = {}): Understanding {
  const input = { intentId: "int_test", text, context: {}, targetSites: [], answers: null, sites: SITES, now: NOW, ...more };
  return Understanding.parse(understandDraft(input, draft(said), readSentence(input)));
}

export function gist({ status, intent, clarifications, warnings }: Understanding) {
  const { action, intentType: type, targetSites: sites, requirements, slice } = intent;
  const named = slice === undefined ? {} : { slice };
  return { status, action, type, sites, ...requirements, ...named, ask: clarifications.map(({ field }) => field), warnings };
}

export const DEPLOY = "Deploy an eMBB slice on edge1 with 200 Mbps";
export const RIGHT: Said = { serviceType: "eMBB", targetSites: ["edge1"], requirements: { downlinkMbps: 200 } };
