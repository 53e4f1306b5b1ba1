// What every test of the adapter needs: a repository, ports on it, and slices to push.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createGitPort } from "../../../agent/gitops/port.ts";
import type { GitPortOptions } from "../../../agent/gitops/settings.ts";
import { kustomizationFor } from "../../../agent/krm/kustomization.ts";
import type { GitPort, PushInput, RevertInput } from "../../../agent/ports.ts";
import { newId } from "../../../protocol/ids.ts";
import type { RenderedFile } from "../../../protocol/stage.ts";
import { createGitRepo, type GitRepo } from "../../helpers/git-repo.ts";

export const never: AbortSignal = new AbortController().signal;

export async function repository(): Promise<GitRepo> {
  const repo = await createGitRepo();
  onTestFinished(() => repo.remove());
  return repo;
}

export async function freshDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "git-port-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  return dir;
}

export async function portOn(url: string, options: Partial<GitPortOptions> = {}): Promise<GitPort> {
  return createGitPort({
    url,
    branch: "main",
    dir: options.dir ?? (await freshDir()),
    author: { name: "Agent", email: "agent@example.org" },
    retryBaseMs: 5,
    kustomization: kustomizationFor,
    log: { debug: () => {}, info: () => {}, warn: () => {} },
    ...options,
  });
}

export function slice(name: string, sites: string[], capacity = 200): RenderedFile[] {
  return sites.flatMap((site) => [
    { path: `sites/${site}/slices/${name}/Kptfile`, content: `kind: Kptfile\nname: ${name}\n` },
    {
      path: `sites/${site}/slices/${name}/capacity.yaml`,
      content: `kind: Capacity\nname: ${name}\nspec:\n  site: ${site}\n  uplink: 50\n  downlink: ${capacity}\n`,
    },
  ]);
}

export function pushOf(name: string, sites: string[], rest: Partial<PushInput> & { jobId?: string; capacity?: number } = {}): PushInput {
  const { jobId = newId("job"), capacity = 200, ...overrides } = rest;
  return {
    subject: `Deploy ${name}`,
    body: "Because somebody said so.",
    trailers: { intentId: newId("int"), jobId, sites, approvedBy: null },
    slice: name,
    files: slice(name, sites, capacity),
    ...overrides,
  };
}

export function revertOf(push: PushInput, commit: string, rest: Partial<RevertInput> = {}): RevertInput {
  const { jobId, intentId, sites } = push.trailers;
  return { jobId, intentId, slice: push.slice, commit, sites, allSites: sites, reason: "The service level was not met.", ...rest };
}

export function must<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error(`expected a value, got ${JSON.stringify(result.error)}`);
  return result.value;
}
