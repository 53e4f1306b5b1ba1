// Plans what changes a live slice: scale, terminate, rollback. Finds the slice that is meant, by name, id or site, and never guesses.
import type { LiveSlice } from "../protocol/job.ts";
import { err, ok, type Result } from "../protocol/result.ts";
import type { PlanAction, PlanOutput, StageFailure } from "../protocol/stage.ts";
import { effectiveRequirements } from "./defaults.ts";
import { chooseFiveQi } from "./five-qi.ts";
import { assemble, fit, type PlanInput, refuse, unknownSite } from "./plan-input.ts";

type ChangeAction = Exclude<PlanAction, "deploy">;

const LISTED = 8; // slices named in an answer; more would hide what matters

export function planChange(input: PlanInput, action: ChangeAction): Result<PlanOutput, StageFailure> {
  const unknown = unknownSite(input.understanding.intent.targetSites, input.context);
  if (unknown !== undefined) return err(unknown);
  const target = findTarget(input, action);
  if (!target.ok) return target;
  const slice = target.value;
  if (slice.busy !== null) {
    const doing = `intent ${slice.busy.intentId} is changing slice ${slice.slice} now (${slice.busy.action})`;
    return err(refuse("INTENT_CONFLICT", `${doing}; wait until it has ended or is decided, or cancel it.`));
  }
  const sites = sitesOf(input, { slice, action });
  if (!sites.ok) return sites;
  const replaces = slice.sites
    .filter((entry) => sites.value.includes(entry.site))
    .map(({ site, deploymentId }) => ({ site, deploymentId }));
  const same = { slice: slice.slice, serviceType: slice.serviceType, snssai: slice.snssai, sites: sites.value, replaces };
  if (action === "scale") return planScale(input, slice, same);
  const { requirements, priority, latest } = slice;
  const fiveQi = chooseFiveQi(slice.serviceType, effectiveRequirements(slice.serviceType, requirements).latencyMs);
  if (fiveQi === undefined) return err(refuse("INFEASIBLE", `Slice ${slice.slice} has no standard 5QI.`));
  const back = action === "rollback" ? { takesBack: latest.deploymentId } : {};
  return assemble(input, { ...same, ...back, action, requirements, priority, fiveQi, renderedFor: latest.renderedFor });
}

type Same = Pick<Parameters<typeof assemble>[1], "slice" | "serviceType" | "snssai" | "sites" | "replaces">;

/** The stated requirements over those that the slice has. */
function planScale(input: PlanInput, slice: LiveSlice, same: Same): Result<PlanOutput, StageFailure> {
  const { intent, provenance } = input.understanding;
  const requirements = { ...slice.requirements, ...intent.requirements };
  const room = fit(input, { serviceType: slice.serviceType, requirements, sites: same.sites, exceptSlice: slice.slice });
  if (!room.ok) return room;
  const priority = provenance["priority"]?.source === "text" ? intent.priority : slice.priority;
  const renderedFor = input.rerender ? { renderedFor: slice.latest.renderedFor } : {};
  return assemble(input, { ...same, ...room.value, ...renderedFor, action: "scale", requirements, priority });
}

/** By name, by the id of its deployment or intent, or the one that is at the sites. More than one: the answer lists them. */
function findTarget({ understanding, context }: PlanInput, action: ChangeAction): Result<LiveSlice, StageFailure> {
  const { slice: wanted, targetSites, intentType } = understanding.intent;
  if (wanted !== undefined) {
    const name = wanted.toLowerCase();
    const found = context.slices.find(({ slice, latest, intentId, sites }) =>
      [slice, latest.deploymentId, latest.intentId, intentId, ...sites.map((entry) => entry.deploymentId)].includes(name),
    );
    if (found !== undefined) return ok(found);
    return err(refuse("INFEASIBLE", `No slice, deployment or intent that is live is called ${wanted}. ${liveList(context.slices)}`));
  }
  const here = context.slices.filter((slice) => slice.sites.some((entry) => targetSites.includes(entry.site)));
  const fitting = here.filter((slice) => intentType === null || slice.serviceType === intentType);
  const everywhere = fitting.filter((slice) => targetSites.every((site) => slice.sites.some((entry) => entry.site === site)));
  const candidates = everywhere.length > 0 ? everywhere : fitting;
  // "Roll back edge1" means what was done there last; which slice to remove or to enlarge must be said.
  const newest =
    action === "rollback"
      ? candidates.toSorted((a, b) => (a.latest.deploymentId < b.latest.deploymentId ? 1 : -1)).slice(0, 1)
      : candidates;
  const [only, ...others] = newest;
  const where = targetSites.join(", ");
  const kind = intentType === null ? "slice" : `${intentType} slice`;
  if (only === undefined) return err(refuse("INFEASIBLE", `No ${kind} is live on ${where}. ${liveList(context.slices)}`));
  if (others.length === 0) return ok(only);
  const names = newest.slice(0, LISTED).map((slice) => slice.slice);
  return err(
    refuse("unsupported_information_model", `More than one ${kind} is live on ${where}; name the one to ${action}: ${names.join(", ")}.`),
  );
}

function liveList(slices: readonly LiveSlice[]): string {
  if (slices.length === 0) return "No slice is live.";
  const shown = slices.slice(0, LISTED).map((slice) => slice.slice);
  return `Live are ${shown.join(", ")}${slices.length > LISTED ? " and more" : ""}.`;
}

/** The named sites, or all of the slice's. A rollback reaches only as far as the deployment that it takes back. */
function sitesOf(
  { understanding }: PlanInput,
  { slice, action }: { slice: LiveSlice; action: ChangeAction },
): Result<string[], StageFailure> {
  const all = action === "rollback" ? slice.latest.sites : slice.sites.map((entry) => entry.site);
  const asked = [...new Set(understanding.intent.targetSites)];
  const stranger = asked.find((site) => !all.includes(site));
  if (stranger !== undefined) {
    const what = action === "rollback" ? `the latest deployment of slice ${slice.slice}` : `slice ${slice.slice}`;
    return err(refuse("INFEASIBLE", `${what} is not on ${stranger}; it is on ${all.join(", ")}.`, { site: stranger }));
  }
  return ok(asked.length === 0 ? [...all] : asked);
}
