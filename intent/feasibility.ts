// Does the slice fit into what the sites have left? Pure arithmetic over the registered capacity and the slices that hold some.
import type { Requirements } from "../protocol/intent.ts";
import type { LiveSlice, PlanContext } from "../protocol/job.ts";
import { err, ok, type Result } from "../protocol/result.ts";
import type { SiteCapacity } from "../protocol/site.ts";
import type { SlicePlan } from "../protocol/stage.ts";
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
  feasible: number; // what that site has left
  counterOffer: Requirements | undefined; // the strongest that every one of the sites could carry; undefined: one has nothing left
  details: string[]; // what is left, site by site
}

export interface FeasibilityInput {
  demand: Demand; // of the slice at each of its sites: every site must be able to carry it alone
  sites: readonly string[];
  context: PlanContext;
  exceptSlice?: string; // the slice being changed; it gives back what it holds
  without?: SlicePlan["preempts"]; // and so do these, at these sites
}

const RESOURCES: readonly { key: keyof SiteCapacity; noun: string; unit: string }[] = [
  { key: "downlinkMbps", noun: "downlink", unit: " Mbps" },
  { key: "uplinkMbps", noun: "uplink", unit: " Mbps" },
  { key: "maxDevices", noun: "", unit: " devices" },
];

/** What the live slices hold at a site. */
export function usedCapacity(site: string, slices: readonly LiveSlice[]): Demand {
  const used: Demand = { downlinkMbps: 0, uplinkMbps: 0, maxDevices: 0 };
  for (const held of slices.flatMap((slice) => slice.sites)) {
    if (held.site !== site) continue;
    used.downlinkMbps = tidy(used.downlinkMbps + held.downlinkMbps);
    used.uplinkMbps = tidy(used.uplinkMbps + held.uplinkMbps);
    used.maxDevices += held.maxDevices;
  }
  return used;
}

/** What a site has left for the slice in question; undefined for a site that is not registered. */
export function leftAt(id: string, input: Omit<FeasibilityInput, "demand" | "sites">): Demand | undefined {
  const site = input.context.sites.find((known) => known.id === id);
  if (site === undefined) return undefined;
  const leaves = (name: string) =>
    name === input.exceptSlice || input.without?.some((one) => one.slice === name && one.site === id) === true;
  const used = usedCapacity(
    id,
    input.context.slices.filter((slice) => !leaves(slice.slice)),
  );
  const left = (key: keyof SiteCapacity) => Math.max(0, tidy(site.capacity[key] - used[key]));
  return { downlinkMbps: left("downlinkMbps"), uplinkMbps: left("uplinkMbps"), maxDevices: left("maxDevices") };
}

/** The first site and resource that is too small, and the strongest offer that would fit everywhere. An unregistered site carries nothing. */
export function checkFeasibility(input: FeasibilityInput): Result<void, Infeasible> {
  const left = input.sites.map((id) => ({ id, left: leftAt(id, input) }));
  for (const { id, left: here } of left) {
    if (here === undefined) {
      const message = `${id} is not a registered site`;
      const asked = input.demand.downlinkMbps;
      return err({ message, site: id, resource: "downlinkMbps", asked, feasible: 0, counterOffer: undefined, details: [] });
    }
    const short = RESOURCES.find(({ key }) => input.demand[key] > here[key]);
    if (short === undefined) continue;
    const { key, noun, unit } = short;
    const total = input.context.sites.find((site) => site.id === id)?.capacity[key] ?? 0;
    const counterOffer = offerOf(left.flatMap((entry) => entry.left ?? []));
    const has = `${here[key]}${unit}${noun === "" ? "" : ` ${noun}`}`;
    const able = left.filter(
      (entry) => entry.left !== undefined && RESOURCES.every((r) => input.demand[r.key] <= (entry.left?.[r.key] ?? 0)),
    );
    return err({
      message: `${id} has ${has} left of ${total}; ${input.demand[key]} asked; ${offerText(here[key], unit)}${elsewhere(able)}`,
      site: id,
      resource: key,
      asked: input.demand[key],
      feasible: here[key],
      counterOffer,
      details: left.map((entry) => `${entry.id}: ${describe(entry.left)} left`),
    });
  }
  return ok(undefined);
}

/** The smallest of what the sites have left: what each of them could carry. */
function offerOf(left: readonly Demand[]): Requirements | undefined {
  const least = (key: keyof Demand) => Math.min(...left.map((one) => one[key]));
  const offer = { downlinkMbps: least("downlinkMbps"), uplinkMbps: least("uplinkMbps"), maxDevices: least("maxDevices") };
  return Object.values(offer).every((value) => value > 0) ? offer : undefined;
}

function offerText(left: number, unit: string): string {
  return left > 0 ? `at most ${left}${unit} is feasible` : "nothing is feasible there until a slice is removed";
}

function elsewhere(able: readonly { id: string }[]): string {
  return able.length === 0 ? "" : `; ${able.map((entry) => entry.id).join(", ")} could carry it as asked`;
}

function describe(left: Demand | undefined): string {
  return left === undefined
    ? "nothing"
    : RESOURCES.map(({ key, noun, unit }) => `${left[key]}${unit}${noun === "" ? "" : ` ${noun}`}`).join(", ");
}
