// Who would have to make room: slices of lower priority at the sites that are too full. Proposes only; a person decides.
import type { LiveSlice, PlanContext } from "../protocol/job.ts";
import type { SlicePlan } from "../protocol/stage.ts";
import { checkFeasibility, type FeasibilityInput } from "./feasibility.ts";

type Preempts = SlicePlan["preempts"];

/** The fewest changes in order of priority, lowest first; undefined when even all of them would not make enough room. */
export function proposePreemption(input: FeasibilityInput, priority: number): Preempts | undefined {
  const chosen: Preempts = [];
  for (;;) {
    const fits = checkFeasibility({ ...input, without: chosen });
    if (fits.ok) return chosen;
    const { site, resource } = fits.error;
    const next = candidates(input, { site, priority, chosen }).find((slice) => heldAt(slice, site, resource) > 0);
    const held = next?.sites.find((entry) => entry.site === site);
    if (next === undefined || held === undefined) return undefined;
    chosen.push({ slice: next.slice, site, deploymentId: held.deploymentId });
  }
}

function candidates(
  { context, exceptSlice }: { context: PlanContext; exceptSlice?: string },
  { site, priority, chosen }: { site: string; priority: number; chosen: Preempts },
): LiveSlice[] {
  const free = (slice: LiveSlice) => slice.busy === null && slice.slice !== exceptSlice && slice.priority < priority;
  const taken = (slice: LiveSlice) => chosen.some((one) => one.slice === slice.slice && one.site === site);
  return context.slices
    .filter((slice) => free(slice) && !taken(slice) && slice.sites.some((entry) => entry.site === site))
    .toSorted((a, b) => a.priority - b.priority || (a.slice < b.slice ? -1 : 1));
}

function heldAt(slice: LiveSlice, site: string, resource: "downlinkMbps" | "uplinkMbps" | "maxDevices"): number {
  return slice.sites.find((entry) => entry.site === site)?.[resource] ?? 0;
}
