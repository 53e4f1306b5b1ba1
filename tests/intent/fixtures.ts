// Shared makers for the tests of intent/: four sites as the lab has them, and an understanding of a sentence. No expectations here.
import { discourseOf } from "../../intent/language/discourse.ts";
import { masked } from "../../intent/language/read.ts";
import { planSlice } from "../../intent/plan.ts";
import type { PlanInput } from "../../intent/plan-input.ts";
import { indexSites } from "../../intent/sites.ts";
import { type UnderstandInput, understand } from "../../intent/understand.ts";
import type { Understanding } from "../../protocol/intent.ts";
import type { LiveSlice, PlanContext } from "../../protocol/job.ts";
import { PlanOutput, type StageFailure } from "../../protocol/stage.ts";

export const NOW = new Date("2026-11-20T10:00:00.000Z");

export const SITES = [
  { id: "edge1", aliases: ["edge01", "VM-2"] },
  { id: "edge2", aliases: ["edge02", "VM-4"] },
  { id: "edge3", aliases: [] },
  { id: "edge4", aliases: [] },
];

export function reading(text: string, more: Partial<UnderstandInput> = {}): Understanding {
  return understand({
    intentId: "int_test",
    text,
    context: {},
    targetSites: [],
    answers: null,
    sites: SITES,
    now: NOW,
    startedAt: Date.now(),
    ...more,
  });
}

/** What each part of a text does; `undefined` where it is read whole. */
export function roles(text: string): string[] | undefined {
  const index = indexSites(SITES);
  return discourseOf(masked(text, index, new Set()).doc, index)?.map(({ role }) => role);
}

/** What a sentence comes to, without the parts that every understanding has. */
export function gist(text: string, more: Partial<UnderstandInput> = {}) {
  const { intent, clarifications } = reading(text, more);
  return {
    action: intent.action,
    type: intent.intentType,
    sites: intent.targetSites,
    ...intent.requirements,
    ...(intent.slice === undefined ? {} : { slice: intent.slice }),
    ask: clarifications.map((clarification) => clarification.field),
  };
}

export function planContext(slices: LiveSlice[] = []): PlanContext {
  const capacity = { downlinkMbps: 1000, uplinkMbps: 500, maxDevices: 100_000 };
  return { sites: SITES.map((site) => ({ ...site, labels: {}, capacity, freeze: [] })), slices };
}

const LIVE_INTENT = "int_01k00000000000000000000001";
const LIVE_DEPLOYMENT = "dep_01k00000000000000000000001";

export type LiveSliceMakings = Partial<Omit<LiveSlice, "sites">> & {
  sites?: string[]; // ids
  deploymentId?: string; // its only one
  downlinkMbps?: number;
  uplinkMbps?: number;
  maxDevices?: number;
};

/** An eMBB slice that is live by one deployment and holds the same at each of its sites. */
export function liveSlice(slice: string, makings: LiveSliceMakings = {}): LiveSlice {
  const { sites = ["edge1"], deploymentId = LIVE_DEPLOYMENT, downlinkMbps = 100, uplinkMbps = 50, maxDevices = 1000, ...more } = makings;
  const commits = [{ commit: "a".repeat(40), sites }];
  return {
    ...{ slice, intentId: LIVE_INTENT, serviceType: "eMBB", snssai: { sst: 1, sd: "0000aa" }, priority: 5 },
    requirements: { downlinkMbps, uplinkMbps, maxDevices },
    sites: sites.map((site) => ({ site, deploymentId, downlinkMbps, uplinkMbps, maxDevices })),
    latest: { deploymentId, intentId: LIVE_INTENT, sites, commits, renderedFor: LIVE_INTENT },
    busy: null,
    ...more,
  };
}

export interface PlanOptions extends Partial<Omit<PlanInput, "understanding" | "text" | "context">> {
  understood?: Partial<UnderstandInput>;
}

/** The plan of a sentence among these slices, as the agent makes it. */
export function planOf(text: string, slices: LiveSlice[] = [], { understood = {}, ...options }: PlanOptions = {}) {
  const understanding = reading(text, { slices: slices.map((slice) => slice.slice), ...understood });
  const usual = { intentId: "int_01k9abcdefghjkmnpqrstvwxyz", priority: 5, rollout: null, preempt: false, rerender: false, now: NOW };
  return planSlice({ ...usual, ...options, understanding, text, context: planContext(slices) });
}

/** The plan, or a failed test. */
export function mustPlan(...about: Parameters<typeof planOf>): PlanOutput {
  const result = planOf(...about);
  if (!result.ok) throw new Error(result.error.message);
  return PlanOutput.parse(result.value);
}

/** Why there is no plan; a plan fails the test. */
export function refusalOf(...about: Parameters<typeof planOf>): StageFailure {
  const result = planOf(...about);
  if (result.ok) throw new Error(`planned: ${JSON.stringify(result.value.plan)}`);
  return result.error;
}
