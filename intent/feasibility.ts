// Does the slice fit into what the sites have left? Pure arithmetic over the registered capacity and the slices that hold some.
import type { LiveSlice, PlanContext } from "../protocol/job.ts";
import { err, ok, type Result } from "../protocol/result.ts";
import type { SiteCapacity } from "../protocol/site.ts";
import { tidy } from "./units.ts";

export interface Demand {
  downlinkMbps: number;
  uplinkMbps: number;
  maxDevices: number;
}

export interface Infeasible {
  message: string;
  site: string;
  resource: keyof SiteCapacity;
  asked: number;
  feasible: number; // the strongest counter-offer: what the site has left
}

export interface FeasibilityInput {
  demand: Demand; // of the slice at each of its sites: every site must be able to carry it alone
  sites: readonly string[];
  context: PlanContext;
  exceptSlice?: string; // the slice being changed; it gives back what it holds
}

const RESOURCES: readonly { key: keyof SiteCapacity; noun: string; unit: string }[] = [
  { key: "downlinkMbps", noun: "downlink", unit: " Mbps" },
  { key: "uplinkMbps", noun: "uplink", unit: " Mbps" },
  { key: "maxDevices", noun: "", unit: " devices" },
];

/** What the live slices hold at a site. A slice counts in full at each of its sites. */
export function usedCapacity(site: string, slices: readonly LiveSlice[]): Demand {
  const used: Demand = { downlinkMbps: 0, uplinkMbps: 0, maxDevices: 0 };
  for (const slice of slices) {
    if (!slice.sites.includes(site)) continue;
    used.downlinkMbps = tidy(used.downlinkMbps + slice.downlinkMbps);
    used.uplinkMbps = tidy(used.uplinkMbps + slice.uplinkMbps);
    used.maxDevices += slice.maxDevices;
  }
  return used;
}

function checkSite(site: PlanContext["sites"][number], input: FeasibilityInput): Infeasible | undefined {
  const others = input.context.slices.filter((slice) => slice.slice !== input.exceptSlice);
  const used = usedCapacity(site.id, others);
  for (const { key, noun, unit } of RESOURCES) {
    const total = site.capacity[key];
    const left = Math.max(0, tidy(total - used[key]));
    const asked = input.demand[key];
    if (asked <= left) continue;
    const has = `${left}${unit}${noun === "" ? "" : ` ${noun}`}`;
    const offer = left > 0 ? `at most ${left}${unit} is feasible` : "nothing is feasible there until a slice is removed";
    return {
      message: `${site.id} has ${has} left of ${total}; ${asked} asked; ${offer}`,
      site: site.id,
      resource: key,
      asked,
      feasible: left,
    };
  }
  return undefined;
}

/** The first site and resource that is too small, with the strongest offer that would fit. An unregistered site carries nothing. */
export function checkFeasibility(input: FeasibilityInput): Result<void, Infeasible> {
  for (const id of input.sites) {
    const site = input.context.sites.find((known) => known.id === id);
    if (site === undefined) {
      const message = `${id} is not a registered site`;
      return err({ message, site: id, resource: "downlinkMbps", asked: input.demand.downlinkMbps, feasible: 0 });
    }
    const infeasible = checkSite(site, input);
    if (infeasible !== undefined) return err(infeasible);
  }
  return ok(undefined);
}
