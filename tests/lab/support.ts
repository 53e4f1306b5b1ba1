// A lab of one's own per test, and a real git client that pushes to it.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished } from "vitest";
import { type Lab, type LabOptions, startLab } from "../../lab/lab.ts";

const run = promisify(execFile);

export async function tempDir(): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "lab-test-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Ends with the test. */
export async function testLab(options: Partial<LabOptions> = {}): Promise<Lab> {
  const dataDir = options.dataDir ?? (await tempDir());
  // Long pauses between looks: a test that passes hears of a push at once, not by the poll.
  const lab = await startLab({ port: 0, sites: 2, sampleMs: 20, pullMs: 60_000, ...options, dataDir });
  onTestFinished(() => lab.close());
  return lab;
}

/** Runs git without the configuration of the person who runs the tests. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    HOME: os.tmpdir(),
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: os.devNull,
    GIT_AUTHOR_NAME: "Test",
    GIT_AUTHOR_EMAIL: "test@localhost",
    GIT_COMMITTER_NAME: "Test",
    GIT_COMMITTER_EMAIL: "test@localhost",
  };
  return (await run("git", args, { cwd, env, maxBuffer: 64 * 1024 * 1024 })).stdout.trim();
}

export type Files = Record<string, string | null>; // null removes

export async function writeFiles(tree: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(tree, name);
    if (content === null) {
      await rm(file, { recursive: true });
      continue;
    }
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

export async function clone(lab: Lab): Promise<string> {
  const dir = await tempDir();
  await git(dir, "clone", "-q", lab.repositoryUrl, "tree");
  return path.join(dir, "tree");
}

/** One commit of these files, pushed; its id. */
export async function push(tree: string, files: Files): Promise<string> {
  await writeFiles(tree, files);
  await git(tree, "add", "-A");
  await git(tree, "commit", "-q", "-m", "change", "--allow-empty");
  await git(tree, "push", "-q", "origin", "main");
  return git(tree, "rev-parse", "HEAD");
}

export function kustomization(resources: string[]): string {
  const list = resources.length === 0 ? "resources: []\n" : `resources:\n${resources.map((entry) => `  - ${entry}\n`).join("")}`;
  return `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${list}`;
}

export interface SliceShape {
  downlink?: string;
  uplink?: string;
  latencyMs?: number;
}

function sliceFiles(folder: string, slice: string, shape: SliceShape): Files {
  const { downlink = "200M", uplink = "50M", latencyMs = 20 } = shape;
  const meta = `metadata:\n  name: ${slice}\n  namespace: ${slice}\n`;
  return {
    [`${folder}/namespace.yaml`]: `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${slice}\n`,
    [`${folder}/capacity.yaml`]: `apiVersion: req.nephio.org/v1alpha1\nkind: Capacity\n${meta}spec:\n  maxDownlinkThroughput: ${downlink}\n  maxUplinkThroughput: ${uplink}\n`,
    [`${folder}/upf.yaml`]: `apiVersion: workload.nephio.org/v1alpha1\nkind: NFDeployment\n${meta}spec:\n  provider: upf.free5gc.io\n`,
    [`${folder}/Kptfile`]: `apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: ${slice}\n`,
    [`${folder}/slice-intent.yaml`]: `apiVersion: intent.example/v1\nkind: SliceIntent\nmetadata:\n  name: ${slice}\n  annotations:\n    config.kubernetes.io/local-config: "true"\nspec:\n  profile:\n    dLLatency: ${latencyMs}\n`,
  };
}

/** A site that has exactly these slices, as the agent writes them. */
export function siteFiles(site: string, slices: Record<string, SliceShape>): Files {
  const names = Object.keys(slices);
  const resources = names.flatMap((name) => ["capacity", "namespace", "upf"].map((file) => `slices/${name}/${file}.yaml`));
  const files: Files = { [`sites/${site}/kustomization.yaml`]: kustomization(resources) };
  for (const [name, shape] of Object.entries(slices)) Object.assign(files, sliceFiles(`sites/${site}/slices/${name}`, name, shape));
  return files;
}

export interface SiteView {
  id: string;
  commit: string | null;
  phase: string;
  message: string;
  slices: string[];
  faults: Record<string, unknown>;
}

export async function siteViews(lab: Lab): Promise<SiteView[]> {
  const answer: { sites: SiteView[] } = JSON.parse(await (await fetch(`${lab.url}/sites`)).text());
  return answer.sites;
}

/** Waits until the named sites (all, when none is named) are synced at the commit. */
export async function untilSynced(lab: Lab, commit: string, sites?: string[]): Promise<void> {
  const wanted = async () => {
    const views = (await siteViews(lab)).filter((view) => sites === undefined || sites.includes(view.id));
    return views
      .filter((view) => view.commit !== commit || view.phase !== "synced")
      .map((view) => `${view.id} ${view.phase} ${view.message}`);
  };
  await expect.poll(wanted, { interval: 10, timeout: 10_000 }).toEqual([]);
}

export async function setFaults(lab: Lab, site: string, faults: unknown): Promise<Response> {
  return fetch(`${lab.url}/sites/${site}/faults`, { method: "PUT", body: JSON.stringify(faults) });
}
