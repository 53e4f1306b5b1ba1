// From the files of a site's folder to what is to be applied: kustomization by kustomization, slice by slice. Pure.
import { createHash } from "node:crypto";
import path from "node:path";
import type { TreeFile } from "./clone.ts";
import { isLocalConfig, isRecord, isSyncError, KNV, type Manifest, type ParsedFile, type SyncError, toManifest } from "./manifest.ts";

export interface SiteSlice {
  name: string;
  digest: string; // over the paths and blobs of its folder: the same digest is the same slice
  intent: Record<string, unknown> | null; // its slice-intent.yaml
  manifests: Manifest[];
}

export interface SitePackages {
  slices: Map<string, SiteSlice>;
  manifests: Manifest[];
  errors: SyncError[];
  failedAt: "source" | "rendering" | null;
}

interface Tree {
  files: Map<string, { blob: string; parsed: ParsedFile }>;
  folders: Set<string>;
}

const KUSTOMIZATION = "kustomization.yaml";
const UNDERSTOOD = new Set(["apiVersion", "kind", "metadata", "resources"]);
const SLICE_PATH = /^slices\/([a-z0-9][-a-z0-9]{0,62})\//;

function treeOf(files: readonly TreeFile[], parsed: ReadonlyMap<string, ParsedFile>): Tree {
  const tree: Tree = { files: new Map(), folders: new Set([""]) };
  for (const file of files) {
    const found = parsed.get(file.blob);
    if (found !== undefined) tree.files.set(file.path, { blob: file.blob, parsed: found });
    for (let folder = path.posix.dirname(file.path); folder !== "."; folder = path.posix.dirname(folder)) tree.folders.add(folder);
  }
  return tree;
}

/** The files that a folder's kustomization names, with those of the kustomizations it names. */
function listed(tree: Tree, folder: string, visited: Set<string>): { files: string[]; errors: SyncError[] } {
  const file = path.posix.join(folder, KUSTOMIZATION);
  const fail = (message: string) => ({ files: [], errors: [{ code: KNV.kustomize, message, path: file }] });
  const kustomization = tree.files.get(file)?.parsed.objects[0];
  if (kustomization === undefined) return fail(`unable to find ${KUSTOMIZATION} in ${folder === "" ? "the site's folder" : folder}`);
  if (visited.has(folder)) return fail("this kustomization is named twice, or names itself");
  visited.add(folder);
  const foreign = Object.keys(kustomization).find((key) => !UNDERSTOOD.has(key));
  if (foreign !== undefined) return fail(`this simulated site evaluates only resources, not ${foreign}`);
  const resources = kustomization.resources ?? [];
  if (!Array.isArray(resources)) return fail("resources must be a list");

  const all: { files: string[]; errors: SyncError[] } = { files: [], errors: [] };
  for (const entry of resources) {
    const target = path.posix.join(folder, String(entry)).replace(/\/$/, "");
    const outside = target.startsWith("..") || path.posix.isAbsolute(String(entry));
    if (!outside && tree.files.has(target)) all.files.push(target);
    else if (!outside && tree.folders.has(target)) {
      const inner = listed(tree, target, visited);
      all.files.push(...inner.files);
      all.errors.push(...inner.errors);
    } else all.errors.push({ code: KNV.kustomize, message: `resources names ${String(entry)}, which does not exist`, path: file });
  }
  return all;
}

function collect(tree: Tree, files: readonly string[]): { placed: { path: string; manifest: Manifest }[]; errors: SyncError[] } {
  const placed: { path: string; manifest: Manifest }[] = [];
  const errors: SyncError[] = [];
  const seen = new Set<string>();
  for (const file of files) {
    for (const object of tree.files.get(file)?.parsed.objects ?? []) {
      if (isLocalConfig(object)) continue;
      const manifest = toManifest(object, file);
      if (isSyncError(manifest)) {
        errors.push(manifest);
        continue;
      }
      const id = [manifest.group, manifest.kind, manifest.namespace, manifest.name].join("/");
      if (seen.has(id)) errors.push({ code: KNV.collision, message: `${manifest.kind} ${manifest.name} is declared twice`, path: file });
      seen.add(id);
      placed.push({ path: file, manifest });
    }
  }
  return { placed, errors };
}

function slicesOf(tree: Tree, placed: readonly { path: string; manifest: Manifest }[]): Map<string, SiteSlice> {
  const slices = new Map<string, SiteSlice>();
  for (const { path: file, manifest } of placed) {
    const name = SLICE_PATH.exec(file)?.[1];
    if (name === undefined) continue;
    const slice = slices.get(name) ?? { name, digest: "", intent: null, manifests: [] };
    slice.manifests.push(manifest);
    slices.set(name, slice);
  }
  const hashes = new Map([...slices.keys()].map((name) => [name, createHash("sha256")]));
  for (const [file, { blob, parsed }] of [...tree.files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = SLICE_PATH.exec(file)?.[1] ?? "";
    const slice = slices.get(name);
    if (slice === undefined) continue;
    hashes.get(name)?.update(`${file} ${blob}\n`);
    if (file === `slices/${name}/slice-intent.yaml` && isRecord(parsed.objects[0])) slice.intent = parsed.objects[0];
  }
  for (const [name, hash] of hashes) {
    const slice = slices.get(name);
    if (slice !== undefined) slice.digest = hash.digest("hex");
  }
  return slices;
}

/** `parsed` by blob id. With any error nothing is to be applied, as Config Sync does it. */
export function readPackages(files: readonly TreeFile[], parsed: ReadonlyMap<string, ParsedFile>): SitePackages {
  const tree = treeOf(files, parsed);
  const broken = [...tree.files].flatMap(([file, { parsed: one }]) =>
    one.error === null ? [] : [{ code: KNV.unparsable, message: `${file}: ${one.error}`, path: file }],
  );
  const none = { slices: new Map<string, SiteSlice>(), manifests: [] };
  if (broken.length > 0) return { ...none, errors: broken, failedAt: "source" };
  const named = listed(tree, "", new Set());
  if (named.errors.length > 0) return { ...none, errors: named.errors, failedAt: "rendering" };
  const { placed, errors } = collect(tree, named.files);
  if (errors.length > 0) return { ...none, errors, failedAt: "source" };
  return { slices: slicesOf(tree, placed), manifests: placed.map(({ manifest }) => manifest), errors: [], failedAt: null };
}
