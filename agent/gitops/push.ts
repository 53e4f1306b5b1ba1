// One try at putting a slice on the branch: compare, commit, push. Starting again is retry.ts's business.
import { err, ok, type Result } from "../../protocol/result.ts";
import type { FileDiff, StageFailure } from "../../protocol/stage.ts";
import type { PushInput } from "../ports.ts";
import { sameDiff } from "../same-diff.ts";
import type { Clone } from "./clone.ts";
import { sliceDiff } from "./compare.ts";
import type { HistoryEntry } from "./history.ts";
import { commitMessage } from "./message.ts";
import { pushCommit, type TreeChange, writeCommit } from "./publish.ts";
import { failure } from "./retry.ts";
import { kustomizationPath, type Settings, sliceFolder } from "./settings.ts";
import { kustomizationInput, listSites, type TreeEntry } from "./tree.ts";

export interface WriteDeps {
  clone: Clone;
  settings: Settings;
  kustomization: (paths: string[]) => string;
}

export interface Try {
  maxAgeMs: number; // how old the view of the branch may be
  signal: AbortSignal;
  /** The commit is about to leave; from here on the branch may have it. */
  leaving: (commit: string) => void;
}

export async function pushOnce(
  deps: WriteDeps,
  work: { input: PushInput; expected: FileDiff[] | null },
  at: Try,
): Promise<Result<HistoryEntry, StageFailure>> {
  const { clone, settings } = deps;
  const { input, expected } = work;
  const sites = [...new Set(input.trailers.sites)];
  const seenAt = performance.now();
  const view = await clone.view(at);
  const wave = input.trailers.wave?.number;
  const made = view.history.pushOf(input.trailers.jobId, wave);
  if (made !== undefined) return ok(made);

  const { slice, files, removes = [] } = input;
  const entries = await listSites(clone.git, { commit: view.tip, sites, signal: at.signal });
  if (expected !== null) {
    const now = await sliceDiff(clone.git, { slice, sites, files, removes }, { entries, signal: at.signal });
    if (!sameDiff(now, expected))
      return err(
        failure("push", "approval_void", {
          message: `The files of slice ${input.slice} changed on the branch since the diff was shown.`,
          retryable: false,
        }),
      );
  }
  const changes = sites.flatMap((site) => siteChanges(deps, { site, slice }, { entries, input }));
  const message = commitMessage({ subject: input.subject, body: input.body, trailers: trailersOf(input, sites) });
  const commit = await writeCommit(clone, settings, { commit: { parent: view.tip, message, changes }, signal: at.signal });
  at.signal.throwIfAborted();
  at.leaving(commit);
  await pushCommit(clone, settings, { commit, signal: at.signal });
  const entry: HistoryEntry = {
    ...{ commit, parent: view.tip, jobId: input.trailers.jobId, reverts: null, sites },
    ...(wave === undefined ? {} : { wave }),
  };
  clone.advanced(entry, seenAt);
  return ok(entry);
}

/** The slice's folder becomes exactly the given files, others' that make room go; the site's kustomization follows from its folder. */
function siteChanges(
  deps: WriteDeps,
  { site, slice }: { site: string; slice: string },
  from: { entries: TreeEntry[]; input: PushInput },
): TreeChange[] {
  const folder = sliceFolder(site, slice);
  const files = from.input.files.filter((file) => file.path.startsWith(folder));
  const gone = (from.input.removes ?? []).filter((one) => one.site === site).map((one) => sliceFolder(site, one.slice));
  const others = from.entries.map((entry) => entry.path).filter((path) => ![folder, ...gone].some((left) => path.startsWith(left)));
  const kustomization = deps.kustomization(kustomizationInput(site, [...others, ...files.map((file) => file.path)]));
  return [
    ...[folder, ...gone].map((path): TreeChange => ({ kind: "delete", path: path.slice(0, -1) })),
    ...files.map((file): TreeChange => ({ kind: "write", path: file.path, content: file.content })),
    { kind: "write", path: kustomizationPath(site), content: kustomization },
  ];
}

function trailersOf({ trailers }: PushInput, sites: string[]): [string, string | null][] {
  return [
    ["Intent-Id", trailers.intentId],
    ["Job-Id", trailers.jobId],
    ["Sites", sites.join(",")],
    ["Wave", trailers.wave === undefined ? null : `${trailers.wave.number}/${trailers.wave.of}`],
    ["Approved-By", trailers.approvedBy],
  ];
}
