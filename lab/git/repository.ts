// The bare repository that the sites pull from: made once, kept over restarts, never empty so that it can be cloned.
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { git } from "./run.ts";

export const BRANCH = "main";

/** Of one push: a tree of many thousand slices stays far below. */
export const MAX_PACK_BYTES = 64 * 1024 * 1024;

const SETTINGS: ReadonlyArray<readonly [string, string]> = [
  ["http.receivepack", "true"],
  ["receive.denyNonFastForwards", "true"],
  ["receive.denyDeletes", "true"],
  ["receive.maxInputSize", String(MAX_PACK_BYTES)],
  ["receive.autogc", "false"], // a collection in the middle of a push would steal the laptop's cores
  ["transfer.unpackLimit", "1000"], // small pushes stay loose objects: no pack per commit
];

const EMPTY_KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n";

export interface RepositoryInput {
  dir: string;
  siteIds: readonly string[];
  signal: AbortSignal;
}

async function headOf(input: RepositoryInput): Promise<string | null> {
  try {
    const out = await git({ cwd: input.dir, args: ["rev-parse", "--verify", "-q", `refs/heads/${BRANCH}`], signal: input.signal });
    return out.toString("utf8").trim();
  } catch {
    return null; // no commit yet
  }
}

async function sitesWithoutFolder(input: RepositoryInput, head: string | null): Promise<string[]> {
  if (head === null) return [...input.siteIds];
  const paths = input.siteIds.map((id) => `sites/${id}/kustomization.yaml`);
  const out = await git({
    cwd: input.dir,
    args: ["ls-tree", "--name-only", "--full-tree", "-z", head, "--", ...paths],
    signal: input.signal,
  });
  const present = new Set(out.toString("utf8").split("\0"));
  return input.siteIds.filter((id) => !present.has(`sites/${id}/kustomization.yaml`));
}

/** A fast-import stream of one commit that gives each of these sites an empty kustomization. */
function commitStream(siteIds: readonly string[], head: string | null): string {
  const message = `Add ${siteIds.join(", ")}\n`;
  return [
    `commit refs/heads/${BRANCH}`,
    `committer Edge lab <lab@localhost> ${Math.floor(Date.now() / 1000)} +0000`,
    `data ${Buffer.byteLength(message)}\n${message}`,
    ...(head === null ? [] : [`from refs/heads/${BRANCH}^0`]),
    ...siteIds.map((id) => `M 100644 inline sites/${id}/kustomization.yaml\ndata ${EMPTY_KUSTOMIZATION.length}\n${EMPTY_KUSTOMIZATION}`),
    "",
  ].join("\n");
}

/** Makes the repository, or takes the one that is there; sites new to it get their folder by a commit. Safe to repeat. */
export async function ensureRepository(input: RepositoryInput): Promise<void> {
  const { dir, signal } = input;
  await mkdir(dir, { recursive: true });
  await git({ cwd: dir, args: ["init", "-q", "--bare", `--initial-branch=${BRANCH}`, "."], signal });
  for (const [key, value] of SETTINGS) await git({ cwd: dir, args: ["config", key, value], signal });
  // A lab killed in the middle of a push leaves this behind, and nobody could push any more.
  await rm(path.join(dir, "refs/heads", `${BRANCH}.lock`), { force: true });
  const head = await headOf(input);
  const missing = await sitesWithoutFolder(input, head);
  if (missing.length === 0) return;
  await git({ cwd: dir, args: ["fast-import", "--quiet", "--date-format=raw"], input: commitStream(missing, head), signal });
}
