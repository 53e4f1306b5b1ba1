// Shared makers for the tests of intent/: four sites as the lab has them, and an understanding of a sentence. No expectations here.
import { type UnderstandInput, understand } from "../../intent/understand.ts";
import type { Understanding } from "../../protocol/intent.ts";
import type { LiveSlice, PlanContext } from "../../protocol/job.ts";

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
  return { sites: SITES.map((site) => ({ ...site, labels: {}, capacity })), slices };
}

export function liveSlice(slice: string, more: Partial<LiveSlice> = {}): LiveSlice {
  return { slice, snssai: { sst: 1, sd: "0000aa" }, sites: ["edge1"], downlinkMbps: 100, uplinkMbps: 50, maxDevices: 1000, ...more };
}
