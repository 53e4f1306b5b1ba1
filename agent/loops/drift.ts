// Looks now and then, apart from all work, whether sites, git and the record of deployments say the same. It changes nothing; what it
// found last goes with the observations of the sites. What a person or a site does meanwhile shows twice before it is called drift.
import type { WatchlistResponse } from "../../protocol/agent.ts";
import type { Result } from "../../protocol/result.ts";
import type { Drift } from "../../protocol/site.ts";
import type { Log } from "../log.ts";
import type { EdgeFailure, EdgePort, GitPort, ResourceReport, SyncReport, TreeDrift } from "../ports.ts";
import { pause } from "../retry.ts";
import type { Watchlist } from "../watchlist.ts";
import { capDiffs, type SiteLook, siteDrift } from "./drift-findings.ts";

export interface DriftTimes {
  everyMs: number;
  againMs: number; // until the second look
  graceMs: number; // after a change at a site: its parts do not move at one moment
  behindMs: number; // how long a site may take to follow the branch
}

/** A second look comes sooner than the next round; the grace outlasts one round, so that no list of before a change is compared after it. */
function timesOf(everyMs: number): DriftTimes {
  return { everyMs, againMs: everyMs / 5, graceMs: (everyMs * 4) / 3, behindMs: everyMs * 4 };
}

export interface DriftDeps {
  watchlist: Watchlist;
  git: Pick<GitPort, "drift">;
  edge: Pick<EdgePort, "site">;
  log: Log;
  onChange?: () => void;
  everyMs: number;
  times?: Partial<DriftTimes>;
}

export interface DriftLoop {
  run(signal: AbortSignal): Promise<void>;
  /** Null: the site has not been looked at. */
  of(site: string): Drift[] | null;
}

interface SiteAnswers {
  sync: Result<SyncReport, EdgeFailure>;
  slices: Result<Map<string, ResourceReport>, EdgeFailure>;
}

export function createDriftLoop(deps: DriftDeps): DriftLoop {
  const times = { ...timesOf(deps.everyMs), ...deps.times };
  const known = new Map<string, Drift[]>();
  const settled = new Map<string, { signature: string; at: number }>(); // since when each site's list is as it is
  const waiting = new Map<string, { commit: string; at: number }>(); // since when a site that does not follow runs this commit

  /** Since when nothing was changed at the site through the control centre; a change that is under way is one now. */
  function quietMs(site: string, slices: WatchlistResponse["slices"], now: number): number {
    const signature = JSON.stringify(slices.map(({ slice, commit, busy }) => [slice, commit, busy]));
    const before = settled.get(site);
    const unchanged = before?.signature === signature && !slices.some(({ busy }) => busy);
    const at = unchanged ? before.at : now;
    settled.set(site, { signature, at });
    return before === undefined ? times.graceMs : now - at; // at the first look nothing is known of a change
  }

  function behindMs(site: string, tree: TreeDrift, { commit, now }: { commit: string | null; now: number }): number {
    if (tree.follows !== false || commit === null) {
      waiting.delete(site);
      return 0;
    }
    const before = waiting.get(site);
    const at = before?.commit === commit ? before.at : now;
    waiting.set(site, { commit, at });
    return now - at;
  }

  /** What differs now, by site; null when git or the control centre does not answer. */
  async function look(signal: AbortSignal): Promise<Map<string, Drift[]> | null> {
    const list = await deps.watchlist.read(0, signal);
    if (list === null) return null;
    const answers = new Map<string, SiteAnswers>();
    await Promise.all(
      list.sites.map(async (id) => {
        const site = deps.edge.site(id);
        if (site === undefined) return;
        const [sync, slices] = await Promise.all([site.syncReport(signal), site.slices(signal)]);
        answers.set(id, { sync, slices });
      }),
    );
    const watched = Map.groupBy(list.slices, ({ site }) => site);
    const queries = [...answers].map(([site, { sync }]) => ({
      site,
      inForce: sync.ok ? sync.value.commit : null,
      slices: (watched.get(site) ?? []).map(({ slice, commit }) => ({ slice, commit })),
    }));
    const trees = await deps.git.drift(queries, signal);
    if (!trees.ok) deps.log.debug({ error: trees.error.message }, "no look for drift: git does not answer");
    if (!trees.ok || signal.aborted) return null;
    const now = performance.now();
    return new Map(
      trees.value.map((tree) => {
        const answer = answers.get(tree.site);
        const slices = watched.get(tree.site) ?? [];
        const commit = answer?.sync.ok === true ? answer.sync.value.commit : null;
        const seen: SiteLook = {
          tree,
          commit,
          behind: behindMs(tree.site, tree, { commit, now }) >= times.behindMs,
          quiet: quietMs(tree.site, slices, now) >= times.graceMs,
          busy: new Set(slices.filter(({ busy }) => busy).map(({ slice }) => slice)),
          synced: answer?.sync.ok === true && answer.sync.value.phase === "synced",
          running: answer?.slices.ok === true ? answer.slices.value : null,
          before: known.get(tree.site) ?? [],
        };
        return [tree.site, siteDrift(seen)];
      }),
    );
  }

  async function round(signal: AbortSignal): Promise<void> {
    const first = await look(signal);
    if (first === null) return;
    const news = [...first].some(([site, found]) => found.some((one) => !has(known.get(site) ?? [], one)));
    if (news) await pause(times.againMs, signal);
    const second = news ? await look(signal) : first;
    if (second === null || signal.aborted) return;
    const before = JSON.stringify([...known]);
    for (const id of known.keys()) if (!second.has(id)) known.delete(id);
    for (const [site, found] of second) known.set(site, capDiffs(found.filter((one) => has(first.get(site) ?? [], one))));
    if (JSON.stringify([...known]) !== before) deps.onChange?.();
  }

  return {
    of: (site) => known.get(site) ?? null,
    async run(signal) {
      while (!signal.aborted) {
        const startedAt = performance.now();
        await round(signal);
        await pause(Math.max(0, times.everyMs - (performance.now() - startedAt)), signal);
      }
    },
  };
}

function has(all: readonly Drift[], { kind, slice }: Drift): boolean {
  return all.some((one) => one.kind === kind && one.slice === slice);
}
