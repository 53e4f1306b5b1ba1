// The GitOps repository as the stages see it: checks names, keeps writers in line, retries, and answers with Results.
import { CommitSha, IntentId, JobId } from "../../protocol/ids.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { StageFailure, StageName } from "../../protocol/stage.ts";
import type { GitPort, SliceChange } from "../ports.ts";
import { createCarries } from "./carries.ts";
import { createClone, type View } from "./clone.ts";
import { sliceDiff } from "./compare.ts";
import { driftOf } from "./drift.ts";
import type { HistoryEntry } from "./history.ts";
import { pushOnce, type Try, type WriteDeps } from "./push.ts";
import { createMutex } from "./queue.ts";
import { cancelled, failure, withRetries } from "./retry.ts";
import { previewRevert, revertOnce } from "./revert.ts";
import { type GitPortOptions, Names, parseSettings, sliceFolder } from "./settings.ts";
import { listSites } from "./tree.ts";

const VIEW_MAX_AGE_MS = 1_000; // the branch is fetched at most once in this time, unless a push shows that it moved
const AFTERMATH_MS = 1_000; // to find out whether an aborted push arrived; a cancelled job has 2 s in all
const WRITES_BETWEEN_MAINTENANCE = 200;

interface Write {
  stage: StageName;
  signal: AbortSignal;
  found: (view: View) => HistoryEntry | undefined;
}

/** Throws when the options cannot work. The clone is made by the first call that needs it. */
export function createGitPort(options: GitPortOptions): GitPort {
  const settings = parseSettings(options);
  const clone = createClone(settings, options);
  const deps: WriteDeps = { clone, settings, kustomization: options.kustomization };
  const retry = { clone, settings, log: options.log };
  const writing = createMutex();
  let writes = 0;

  /** One writer at a time. A push that was cut off is looked up, so that its effect is never denied. */
  async function write(
    work: Write,
    once: (at: Try) => Promise<Result<HistoryEntry, StageFailure>>,
  ): Promise<Result<HistoryEntry, StageFailure>> {
    const { stage, signal } = work;
    let left: string | undefined;
    const leaving = (commit: string) => {
      left = commit;
    };
    const outcome = await withRetries(retry, work, (tries) =>
      writing(signal, () => once({ maxAgeMs: tries === 0 ? VIEW_MAX_AGE_MS : 0, signal, leaving })),
    );
    if (outcome.ok) maintainNowAndThen();
    if (outcome.ok || left === undefined || !signal.aborted) return outcome;
    const aftermath = AbortSignal.timeout(AFTERMATH_MS);
    const found = await clone.view({ maxAgeMs: 0, signal: aftermath }).then(work.found, () => null);
    if (found === undefined) return outcome;
    return found === null
      ? err(cancelled(stage, `The work was cancelled while commit ${left} was being pushed; whether it arrived is not known.`))
      : ok(found);
  }

  function maintainNowAndThen(): void {
    writes += 1;
    if (writes % WRITES_BETWEEN_MAINTENANCE !== 0) return;
    const report = (error: unknown) => options.log.debug({ error: String(error) }, "maintenance of the git clone failed");
    void writing(new AbortController().signal, clone.maintain).catch(report);
  }

  return {
    async diff(change, signal) {
      const { sites } = change;
      const wrong = checkFiles("render", change);
      if (wrong !== undefined) return err(wrong);
      return withRetries(retry, { stage: "render", signal }, async (tries) => {
        const view = await clone.view({ maxAgeMs: tries === 0 ? VIEW_MAX_AGE_MS : 0, signal });
        const entries = await listSites(clone.git, { commit: view.tip, sites, signal });
        return ok(await sliceDiff(clone.git, change, { entries, signal }));
      });
    },

    async push(input, expected, signal) {
      const { sites, jobId, intentId, wave } = input.trailers;
      const wrong = checkFiles("push", { ...input, sites }) ?? checkIds("push", { jobId, intentId });
      if (wrong !== undefined) return err(wrong);
      const found: Write["found"] = ({ history }) => history.pushOf(jobId, wave?.number);
      const done = await write({ stage: "push", signal, found }, (at) => pushOnce(deps, { input, expected }, at));
      if (!done.ok) return done;
      return ok({ commit: done.value.commit, parent: done.value.parent, branch: settings.branch, repositoryUrl: settings.url });
    },

    async published(jobId, from, signal) {
      const wrong = checkIds("push", { jobId });
      if (wrong !== undefined) return err(wrong);
      return withRetries(retry, { stage: "push", signal }, async () => {
        const { history } = await clone.view({ maxAgeMs: 0, signal });
        const waves: HistoryEntry[] = [];
        for (let entry = history.pushOf(jobId, from); entry !== undefined; entry = history.pushOf(jobId, from + waves.length))
          waves.push(entry);
        const newest = waves.at(-1);
        if (newest === undefined) return ok(null);
        return ok({
          ...{ commit: newest.commit, parent: newest.parent, branch: settings.branch, repositoryUrl: settings.url },
          waves: waves.map(({ commit, sites }) => ({ commit, sites: sites ?? [] })),
        });
      });
    },

    async reverts(jobId, commits, signal) {
      const wrong = checkIds("rollback", { jobId });
      if (wrong !== undefined) return err(wrong);
      return withRetries(retry, { stage: "rollback", signal }, async () => {
        const { history } = await clone.view({ maxAgeMs: 0, signal });
        const made = commits.flatMap((wave) => history.revertsBy(jobId, wave.commit).map((entry) => ({ entry, wave })));
        return ok(made.map(({ entry, wave }) => ({ commit: entry.commit, sites: entry.sites ?? wave.sites })));
      });
    },

    async revertDiff(input, commits, signal) {
      const { slice, sites, jobId, intentId } = input;
      const all = commits.flatMap((wave) => wave.sites);
      const wrong = checkFiles("rollback", { slice, sites: [...sites, ...all], files: [] }) ?? checkIds("rollback", { jobId, intentId });
      if (wrong !== undefined) return err(wrong);
      return withRetries(retry, { stage: "rollback", signal }, (tries) =>
        writing(signal, () => previewRevert(deps, { ...input, commits }, { maxAgeMs: tries === 0 ? VIEW_MAX_AGE_MS : 0, signal })),
      );
    },

    async revert(input, signal) {
      const { slice, sites, allSites, jobId, intentId, commit } = input;
      const wrong =
        checkFiles("rollback", { slice, sites: [...sites, ...allSites], files: [] }) ?? checkIds("rollback", { jobId, intentId, commit });
      if (wrong !== undefined) return err(wrong);
      const found: Write["found"] = ({ history }) => history.revertOf({ commit, sites, jobId });
      const done = await write({ stage: "rollback", signal, found }, (at) => revertOnce(deps, input, at));
      return done.ok ? ok({ revertCommit: done.value.commit }) : done;
    },

    carries: createCarries(retry),

    async drift(queries, signal) {
      if (queries.length === 0) return ok([]);
      const wrong = queries.some(
        ({ site, slices }) =>
          slices.some(({ slice, commit }) => !Names.safeParse({ slice, sites: [site] }).success || !CommitSha.safeParse(commit).success) ||
          !Names.shape.slice.safeParse(site).success,
      );
      if (wrong) return err(misuse("sync", "A site, a slice or a commit id is malformed."));
      const once = { ...retry, settings: { ...settings, retries: 0 } }; // who asks, looks again soon
      return withRetries(once, { stage: "sync", signal }, async () => {
        const { tip } = await clone.view({ maxAgeMs: 0, signal });
        return ok(await driftOf(clone.git, { tip, queries, signal }));
      });
    },
  };
}

// Before anything reaches a path or an argument. Wrong names here are a fault of the caller, so retrying is of no use.
function checkFiles(stage: StageName, given: SliceChange): StageFailure | undefined {
  const removes = given.removes ?? [];
  const names = Names.safeParse({ slice: given.slice, sites: [...given.sites, ...removes.map((one) => one.site)] });
  if (removes.some((one) => !Names.shape.slice.safeParse(one.slice).success)) return misuse(stage, "A slice name is not a DNS label.");
  if (!names.success) return misuse(stage, "A site or slice name is not a DNS label.");
  const folders = given.sites.map((site) => sliceFolder(site, given.slice));
  const plain = (path: string) =>
    /^[A-Za-z0-9._/-]+$/.test(path) && !path.split("/").some((part) => ["", ".", "..", ".git"].includes(part));
  const stray = given.files.find(({ path }) => !plain(path) || !folders.some((folder) => path.startsWith(folder)));
  return stray === undefined
    ? undefined
    : misuse(stage, `The file ${JSON.stringify(stray.path.slice(0, 200))} is outside the slice's folders.`);
}

function checkIds(stage: StageName, ids: { jobId: string; intentId?: string; commit?: string }): StageFailure | undefined {
  const good =
    JobId.safeParse(ids.jobId).success &&
    IntentId.optional().safeParse(ids.intentId).success &&
    CommitSha.optional().safeParse(ids.commit).success;
  return good ? undefined : misuse(stage, "A job, intent or commit id is malformed.");
}

function misuse(stage: StageName, message: string): StageFailure {
  return failure(stage, "agent_error", { message, retryable: false });
}
