// sync: wait, per site, until the site itself says that the commit is live, its resources are healthy and O2 IMS knows it.
import type { SiteOutcome, StageFailure, SyncOutput } from "../../protocol/stage.ts";
import type { EdgeSite } from "../ports.ts";
import { edgeSite, type StageDeps, stageFailure, type TellSite } from "./deps.ts";
import { type Deadline, deadline } from "./pace.ts";

/** A site may still show the failure of an earlier commit when ours is pushed; only a failure that stays is ours. */
const FAILURE_GRACE_MS = 1_500;

export interface SyncInput {
  slice: string;
  commit: string;
  sites: string[];
  removal: boolean; // the commit takes the slice away: its resources must be gone
  gone: { slice: string; site: string }[]; // other slices that made room
}

/** One slow or dead site never delays another; each fails with its own message within the bound. */
export async function sync(
  deps: StageDeps,
  input: SyncInput,
  { tell, signal }: { tell: TellSite; signal: AbortSignal },
): Promise<SyncOutput> {
  return { sites: await Promise.all(input.sites.map((site) => syncSite(deps, { ...input, site }, { tell, signal }))) };
}

type OneSite = SyncInput & { site: string };

async function syncSite(deps: StageDeps, input: OneSite, { tell, signal }: { tell: TellSite; signal: AbortSignal }): Promise<SiteOutcome> {
  const { site, commit } = input;
  const adapter = edgeSite(deps, site);
  const until = deadline(deps.syncTimeoutMs, signal);
  await tell({ site, state: "syncing", commit: null, message: `waiting for ${site} to follow ${commit.slice(0, 7)}` });
  const synced = await untilSynced(deps, adapter, { input, until, signal });
  if (synced.failure === undefined)
    await tell({ site, state: "synced", commit: synced.commit, message: `at ${synced.commit?.slice(0, 7) ?? ""}` });
  const wait = { input, until, signal };
  const others = input.gone.filter((one) => one.site === site).map((one) => one.slice);
  const failure =
    synced.failure ??
    (await untilGone(adapter, { ...wait, slices: input.removal ? [input.slice, ...others] : others })) ??
    (input.removal ? undefined : await untilProvisioned(adapter, wait));
  const message = input.removal ? "resources gone" : "resources healthy, deployment manager present";
  const outcome: SiteOutcome =
    failure === undefined
      ? { site, state: "provisioned", commit: synced.commit, message }
      : { site, state: "failed", commit: synced.commit, message: failure.message, failure };
  await tell({ site, state: outcome.state, commit: outcome.commit, message: outcome.message });
  return outcome;
}

interface Wait {
  input: OneSite;
  until: Deadline;
  signal: AbortSignal;
}

async function untilSynced(
  deps: StageDeps,
  adapter: EdgeSite,
  { input, until, signal }: Wait,
): Promise<{ commit: string | null; failure?: StageFailure }> {
  let last = failed(input.site, "sync_timeout", "has not answered yet");
  let commit: string | null = null;
  let failingSince: number | null = null;
  do {
    const report = await adapter.syncReport(signal);
    signal.throwIfAborted();
    if (!report.ok) {
      last = failed(input.site, "site_unreachable", report.error.message);
      failingSince = null;
      continue;
    }
    commit = report.value.commit;
    if (report.value.phase === "failed" && !(await isOlder(deps, report.value.attempted, { input, signal }))) {
      last = failed(input.site, "sync_failed", report.value.message);
      failingSince ??= performance.now();
      if (performance.now() - failingSince >= FAILURE_GRACE_MS) return { commit, failure: last };
      continue;
    }
    failingSince = null;
    if (report.value.phase === "synced" && commit !== null && (await deps.git.carries(commit, input.commit, input, signal)) === true)
      return { commit };
    const at = commit === null ? "no commit" : commit.slice(0, 7);
    last = failed(
      input.site,
      "sync_timeout",
      `is at ${at}, not at ${input.commit.slice(0, 7)} (${report.value.message || report.value.phase})`,
    );
  } while (await until.next());
  return { commit, failure: last };
}

/** The failure is about a commit before ours: the site has not come to ours yet. */
async function isOlder(deps: StageDeps, attempted: string | null, { input, signal }: Omit<Wait, "until">): Promise<boolean> {
  return attempted !== null && (await deps.git.carries(attempted, input.commit, input, signal)) === false;
}

async function untilGone(
  adapter: EdgeSite,
  { input, until, signal, slices }: Wait & { slices: string[] },
): Promise<StageFailure | undefined> {
  for (const slice of slices) {
    let last: StageFailure | undefined;
    do {
      const resources = await adapter.resources(slice, signal);
      signal.throwIfAborted();
      if (!resources.ok) last = failed(input.site, "site_unreachable", resources.error.message);
      else if (resources.value.phase === "absent") last = undefined;
      else last = failed(input.site, "sync_timeout", `resources of ${slice} are still there: ${resources.value.phase}`);
    } while (last !== undefined && (await until.next()));
    if (last !== undefined) return last;
  }
  return undefined;
}

async function untilProvisioned(adapter: EdgeSite, { input, until, signal }: Wait): Promise<StageFailure | undefined> {
  let last: StageFailure;
  let failingSince: number | null = null;
  do {
    const [resources, inventory] = await Promise.all([adapter.resources(input.slice, signal), adapter.deploymentManager(signal)]);
    signal.throwIfAborted();
    if (resources.ok && resources.value.phase === "failed") {
      last = failed(input.site, "sync_failed", `resources failed: ${resources.value.message}`);
      failingSince ??= performance.now();
      if (performance.now() - failingSince >= FAILURE_GRACE_MS) return last;
      continue;
    }
    failingSince = null;
    if (!resources.ok) last = failed(input.site, "site_unreachable", resources.error.message);
    else if (resources.value.phase !== "healthy")
      last = failed(input.site, "sync_timeout", `resources are ${resources.value.phase}: ${resources.value.message}`);
    else if (!inventory.ok) last = failed(input.site, "site_unreachable", `O2 IMS: ${inventory.error.message}`);
    else if (!inventory.value.present || !inventory.value.healthy)
      last = failed(input.site, "sync_failed", `O2 IMS: ${inventory.value.message}`);
    else return undefined;
  } while (await until.next());
  return last;
}

function failed(site: string, reason: "sync_failed" | "sync_timeout" | "site_unreachable", message: string): StageFailure {
  return stageFailure("sync", { reason, message: `${site}: ${message}`, retryable: reason !== "sync_failed", site });
}
