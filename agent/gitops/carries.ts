// Whether a commit a site reports still carries what another commit put there. Reads the object database only, asks the server at most once a second.
import { CommitSha } from "../../protocol/ids.ts";
import { ok } from "../../protocol/result.ts";
import type { GitPort } from "../ports.ts";
import type { Clone } from "./clone.ts";
import { withRetries } from "./retry.ts";
import { type GitLog, Names, type Settings, sliceFolder } from "./settings.ts";
import { isAncestor, resolve } from "./tree.ts";

const VIEW_MAX_AGE_MS = 1_000; // sites are polled; an unknown commit must not mean a fetch per poll
const REMEMBERED_MAX = 1_000; // answers about commits never change

export function createCarries(deps: { clone: Clone; settings: Settings; log: GitLog }): GitPort["carries"] {
  const remembered = new Map<string, boolean>();
  const once = { ...deps, settings: { ...deps.settings, retries: 0 } }; // who asks, polls

  async function compare(names: { candidate: string; commit: string; folder: string }, signal: AbortSignal): Promise<boolean | undefined> {
    const { candidate, commit, folder } = names;
    const asked = [`${candidate}^{commit}`, `${commit}^{commit}`, `${candidate}:${folder}`, `${commit}:${folder}`];
    const [there, wanted, now, then] = await resolve(deps.clone.git, asked, signal);
    if (there == null || wanted == null) return undefined;
    return now === then && (await isAncestor(deps.clone.git, { ancestor: commit, commit: candidate, signal }));
  }

  return async (candidate, commit, { site, slice }, signal) => {
    const valid =
      CommitSha.safeParse(candidate).success && CommitSha.safeParse(commit).success && Names.safeParse({ slice, sites: [site] }).success;
    if (!valid) return undefined;
    if (candidate === commit) return true;
    const folder = sliceFolder(site, slice).slice(0, -1);
    const key = `${candidate} ${commit} ${folder}`;
    const before = remembered.get(key);
    if (before !== undefined) return before;
    const answer = await withRetries(once, { stage: "sync", signal }, async () => {
      const names = { candidate, commit, folder };
      await deps.clone.view({ maxAgeMs: Number.POSITIVE_INFINITY, signal }); // there is a clone
      const known = await compare(names, signal);
      if (known !== undefined) return ok(known);
      await deps.clone.view({ maxAgeMs: VIEW_MAX_AGE_MS, signal });
      return ok(await compare(names, signal));
    });
    if (!answer.ok || answer.value === undefined) return undefined;
    remembered.set(key, answer.value);
    const oldest = remembered.size > REMEMBERED_MAX ? remembered.keys().next().value : undefined;
    if (oldest !== undefined) remembered.delete(oldest);
    return answer.value;
  };
}
