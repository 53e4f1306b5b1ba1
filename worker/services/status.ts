// The answer to a question about the state of things: sites, slices and alerts as D1 has them now, in data and in a few words.
import type { StatusAnswer, Understanding } from "../../protocol/intent.ts";
import type { Deps } from "../deps.ts";
import { listSites } from "./sites.ts";
import { firingPerSlice } from "./slice-views.ts";
import { liveSlices } from "./slices.ts";

const NAMED = 10; // slices and sites named in the text; the data has all of them

/** About the named slice, else the named sites, else everything. */
export async function answerStatus(deps: Deps, { intent }: Understanding): Promise<StatusAnswer> {
  const [sites, live, firing] = await Promise.all([listSites(deps), liveSlices(deps), firingPerSlice(deps)]);
  const wanted = intent.slice?.toLowerCase();
  const about = live.filter((slice) => {
    if (wanted !== undefined) return [slice.slice, slice.intentId, slice.latest.deploymentId, slice.latest.intentId].includes(wanted);
    const here = intent.targetSites.length === 0 || slice.sites.some((entry) => intent.targetSites.includes(entry.site));
    return here && (intent.intentType === null || slice.serviceType === intent.intentType);
  });
  const ofSlices = about.flatMap((slice) => slice.sites.map((entry) => entry.site));
  const shown = sites.filter(({ id }) =>
    wanted === undefined ? intent.targetSites.length === 0 || intent.targetSites.includes(id) : ofSlices.includes(id),
  );
  const answer = {
    sites: shown.map(({ id, status, message, commit, slices }) => ({ site: id, status, message, commit, slices })),
    slices: about.map(({ slice, serviceType, sites: at, latest, busy }) => ({
      ...{ slice, serviceType, sites: at.map((entry) => entry.site), busy: busy?.action ?? null, alerts: firing.get(slice) ?? 0 },
      deploymentId: latest.deploymentId,
      intentId: latest.intentId,
    })),
    at: new Date(deps.now()).toISOString(),
  };
  return { text: inWords(answer, wanted), ...answer };
}

function inWords({ sites, slices }: Pick<StatusAnswer, "sites" | "slices">, wanted: string | undefined): string {
  if (wanted !== undefined && slices.length === 0) return `No slice that is live is called ${wanted}.`;
  const more = (count: number) => (count > NAMED ? ` and ${count - NAMED} more` : "");
  const siteWords = sites.slice(0, NAMED).map((site) => `${site.site} is ${site.status}${site.message === "" ? "" : ` (${site.message})`}`);
  const sliceWords = slices.slice(0, NAMED).map((slice) => {
    const alert = slice.alerts === 0 ? "" : `, ${slice.alerts} alert${slice.alerts === 1 ? "" : "s"} firing`;
    return `${slice.serviceType} ${slice.slice} on ${slice.sites.join(", ")}${slice.busy === null ? "" : ` (${slice.busy} under way)`}${alert}`;
  });
  const first = sites.length === 0 ? "No site is registered." : `${siteWords.join("; ")}${more(sites.length)}.`;
  const second = slices.length === 0 ? "No slice is live there." : `Live: ${sliceWords.join("; ")}${more(slices.length)}.`;
  return `${first} ${second}`;
}
