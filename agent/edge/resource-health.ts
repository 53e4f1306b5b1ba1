// A slice's health from the states of a site's resources, whoever reports them. Pure; states are kstatus' own words.
import { SliceName } from "../../protocol/ids.ts";
import type { ResourceReport } from "../ports.ts";

export interface ResourceState {
  group: string;
  kind: string;
  namespace: string; // "" for what is cluster-scoped
  name: string;
  status: string; // Current, InProgress, Failed, Terminating, NotFound, Unknown
  why?: string | undefined;
}

/** What a site says it has. `unsure`: why the states are not yet to be relied on. */
export interface SiteResources {
  states: ResourceState[];
  unsure: string | null;
}

export const MAX_MESSAGE = 1_000; // characters of a site's own words that are passed on

const ABSENT: ResourceReport = { phase: "absent", message: "the site has no resource of this slice" };

/** The slice's resources are its Namespace and all that lives in it. */
function sliceOf(state: ResourceState): string {
  return state.kind === "Namespace" && state.group === "" ? state.name : state.namespace;
}

function reportOf(own: readonly ResourceState[], unsure: string | null): ResourceReport {
  // An inventory goes on listing what somebody removed from the cluster by hand.
  if (own.every((state) => state.status === "NotFound")) return ABSENT;
  const said = (phase: ResourceReport["phase"], texts: string[]) => ({ phase, message: texts.join("; ").slice(0, MAX_MESSAGE) });
  const failed = own.filter((state) => state.status === "Failed");
  if (failed.length > 0) {
    const texts = failed.map(({ kind, name, why }) => `${kind} ${name} failed${why === undefined ? "" : ` (${why})`}`);
    return said("failed", texts);
  }
  if (unsure !== null) return said("progressing", [unsure]);
  const waiting = own.filter((state) => state.status !== "Current").map(({ kind, name, status }) => `${kind} ${name} is ${status}`);
  return waiting.length > 0 ? said("progressing", waiting) : said("healthy", [`${own.length} resources are current`]);
}

export function sliceReport({ states, unsure }: SiteResources, slice: string): ResourceReport {
  const own = states.filter((state) => sliceOf(state) === slice);
  return own.length === 0 ? ABSENT : reportOf(own, unsure);
}

/** Every slice of which the site has a resource, by name. A namespace that cannot be a slice's is somebody else's. */
export function sliceReports({ states, unsure }: SiteResources): Map<string, ResourceReport> {
  const bySlice = new Map<string, ResourceState[]>();
  for (const state of states) {
    const slice = sliceOf(state);
    if (!SliceName.safeParse(slice).success) continue;
    const own = bySlice.get(slice);
    if (own === undefined) bySlice.set(slice, [state]);
    else own.push(state);
  }
  const reports = [...bySlice].map(([slice, own]): [string, ResourceReport] => [slice, reportOf(own, unsure)]);
  return new Map(reports.filter(([, report]) => report.phase !== "absent").sort(([a], [b]) => (a < b ? -1 : 1)));
}
