// How the branch differs from what deployments put there, and what a site follows from it. Reads the object database only.
import { CommitSha } from "../../protocol/ids.ts";
import type { DriftQuery, TreeDrift } from "../ports.ts";
import type { Git } from "./run.ts";
import { sliceFolder } from "./settings.ts";
import { resolve } from "./tree.ts";

const MAX_DIFFS = 20; // of one look; one that is not shown is named all the same
const MAX_DIFF_CHARS = 8_000; // of one slice: what a person reads, not an archive

interface Look {
  tip: string;
  queries: readonly DriftQuery[];
  signal: AbortSignal;
}

/** In the order of the queries. All ids are asked for at once, so that a thousand slices cost what one costs. */
export async function driftOf(git: Git, look: Look): Promise<TreeDrift[]> {
  const { tip, queries, signal } = look;
  const names = new Set<string>();
  const ask = (commit: string, path: string) => {
    const name = path === "" ? `${commit}^{commit}` : `${commit}:${path}`;
    names.add(name);
    return name;
  };
  const asked = queries.map(({ site, inForce, slices }) => ({
    site,
    inForce: CommitSha.safeParse(inForce).data ?? null,
    slices: slices.map(({ slice, commit }) => {
      const folder = sliceFolder(site, slice).slice(0, -1);
      return { slice, commit, folder, known: ask(commit, ""), was: ask(commit, folder), now: ask(tip, folder) };
    }),
  }));
  for (const { site, inForce } of asked) {
    ask(tip, `sites/${site}`);
    if (inForce !== null) for (const path of ["", `sites/${site}`]) ask(inForce, path);
  }
  const list = [...names];
  const found = await resolve(git, list, signal);
  const ids = new Map(list.map((name, index) => [name, found[index] ?? null]));
  const id = (name: string) => ids.get(name) ?? null;
  const known = (commit: string | null): commit is string => commit !== null && id(`${commit}^{commit}`) !== null;
  const folders = await sliceFolders(git, {
    commits: [tip, ...asked.map(({ inForce }) => inForce).filter(known)],
    sites: queries.map(({ site }) => site),
    signal,
  });

  const drifts: TreeDrift[] = [];
  let diffs = 0;
  for (const { site, inForce, slices } of asked) {
    const there = folders(tip, site);
    const changed: TreeDrift["changed"] = [];
    for (const { slice, commit, folder, ...name } of slices) {
      if (id(name.now) === null || id(name.now) === id(name.was)) continue;
      diffs += 1;
      const shown = id(name.known) !== null && diffs <= MAX_DIFFS;
      changed.push({ slice, commit, diff: shown ? await diffOf(git, { from: commit, to: tip, folder, signal }) : "" });
    }
    drifts.push({
      site,
      changed,
      missing: slices.filter(({ now }) => id(now) === null).map(({ slice }) => slice),
      unmanaged: there.filter((slice) => !slices.some((one) => one.slice === slice)),
      follows: known(inForce) ? id(`${inForce}:sites/${site}`) === id(`${tip}:sites/${site}`) : null,
      inForce: known(inForce) ? folders(inForce, site) : null,
    });
  }
  return drifts;
}

/** Names of the slice folders of the sites, at each of the commits. */
async function sliceFolders(
  git: Git,
  { commits, sites, signal }: { commits: string[]; sites: string[]; signal: AbortSignal },
): Promise<(commit: string, site: string) => string[]> {
  const found = new Map<string, string[]>();
  const paths = sites.map((site) => `sites/${site}/slices/`);
  for (const commit of sites.length === 0 ? [] : new Set(commits)) {
    const text = await git.run({ args: ["ls-tree", "-z", commit, "--", ...paths], signal });
    for (const line of text.split("\0")) {
      const [, site, slice] = /^040000 tree [0-9a-f]{40}\tsites\/([^/]+)\/slices\/([^/]+)$/.exec(line) ?? [];
      if (site === undefined || slice === undefined) continue;
      found.set(`${commit}:${site}`, [...(found.get(`${commit}:${site}`) ?? []), slice]);
    }
  }
  return (commit, site) => found.get(`${commit}:${site}`) ?? [];
}

async function diffOf(
  git: Git,
  { from, to, folder, signal }: { from: string; to: string; folder: string; signal: AbortSignal },
): Promise<string> {
  const text = await git.run({ args: ["diff", "--no-color", "--no-ext-diff", "--no-renames", from, to, "--", folder], signal });
  return text.length <= MAX_DIFF_CHARS ? text : `${text.slice(0, MAX_DIFF_CHARS)}\n… cut here: ${text.length} characters in all\n`;
}
