// Renders with kpt: the reference runner. A package per site in a temporary directory, at most two at a time.
import { AsyncLocalStorage } from "node:async_hooks";
import { lstat, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import PQueue from "p-queue";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { RenderedFile, StageFailure } from "../../protocol/stage.ts";
import type { KrmInput, KrmPort } from "../ports.ts";
import { BLUEPRINTS_DIR, loadBlueprint, type PackageFile, stagePackage } from "./blueprint.ts";
import { finish, invalidPackage, packageFolder, renderedFile } from "./finish.ts";
import { type KptOutcome, type KptRun, runKpt } from "./kpt-run.ts";
import { parseResource } from "./yaml-text.ts";

const PARALLEL_SITES = 2; // each run keeps one core busy; more only makes every run slower
const ANNOUNCES = /^(Package |\[RUNNING\] |Successfully executed )/; // what is said of each function anyway: its output is read at the end
const DEFAULT_TIMEOUT_MS = 20_000; // thirty times what a package takes
export const FUNCTIONS_DIR = path.join(import.meta.dirname, "exec");

export interface KptOptions {
  kptBin: string;
  searchPath: string; // the inherited PATH: where kpt and /usr/bin/env's programs are found
  timeoutMs?: number; // for one package
  blueprintsDir?: string;
  functionsDir?: string;
  log?: { info(fields: object, message: string): void }; // hears what kpt prints
}

/** A folder of our own for Node's compile cache: a third of the start of every function. None when it is not ours alone. */
async function compileCacheDir(): Promise<string | undefined> {
  const uid = process.getuid?.();
  const dir = path.join(os.tmpdir(), `intent-krm-cache-${uid ?? "user"}`);
  await mkdir(dir, { mode: 0o700, recursive: true }).catch(() => undefined);
  const info = await lstat(dir).catch(() => undefined);
  const ours = info?.isDirectory() === true && (uid === undefined || info.uid === uid) && (info.mode & 0o022) === 0;
  return ours ? dir : undefined;
}

async function runOf(options: KptOptions): Promise<KptRun> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, functionsDir = FUNCTIONS_DIR, searchPath } = options;
  const cache = await compileCacheDir();
  // A run has a working directory of its own, so a relative path would point elsewhere.
  const kptBin = options.kptBin.includes(path.sep) ? path.resolve(options.kptBin) : options.kptBin;
  const env = {
    PATH: [functionsDir, path.dirname(process.execPath), searchPath].join(path.delimiter),
    HOME: os.homedir(),
    TMPDIR: os.tmpdir(),
    ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }),
  };
  return { kptBin, timeoutMs, env };
}

function rendered(outcome: KptOutcome, at: { site: string; slice: string; timeoutMs: number }): Result<RenderedFile[], StageFailure> {
  const folder = packageFolder(at.site, at.slice);
  const broken = (message: string): StageFailure => ({ stage: "render", reason: "agent_error", message, retryable: true, site: at.site });
  switch (outcome.kind) {
    case "timeout":
      return err(broken(`kpt did not finish within ${at.timeoutMs} ms`));
    case "unavailable":
      return err(broken(`kpt could not be run: ${outcome.message}`));
    case "refused":
      return err(
        invalidPackage(
          outcome.findings.map(({ file, message }) => `${file === null ? folder : `${folder}/${file}`}: ${message}`),
          at.site,
        ),
      );
    case "rendered": {
      const files = outcome.files.map(({ name, text }) => ({ name, object: parseResource(text) }));
      const unread = files.flatMap(({ name, object }) => (typeof object === "string" ? [`${folder}/${name}: ${object}`] : []));
      if (unread.length > 0) return err(invalidPackage(unread, at.site));
      return ok(files.flatMap(({ name, object }) => (typeof object === "string" ? [] : [renderedFile(folder, name, object)])));
    }
  }
}

export function createKptKrm(options: KptOptions): KrmPort {
  const blueprintsDir = options.blueprintsDir ?? BLUEPRINTS_DIR;
  const queue = new PQueue({ concurrency: PARALLEL_SITES });
  const run = runOf(options);

  async function renderSite(files: PackageFile[], at: { site: string; slice: string }, signal: AbortSignal) {
    const settings = await run;
    const workDir = await realpath(await mkdtemp(path.join(os.tmpdir(), "intent-krm-")));
    try {
      const outcome = await runKpt({ workDir, files }, settings, signal);
      if (outcome.kind === "rendered")
        for (const line of outcome.said.filter((text) => !ANNOUNCES.test(text))) options.log?.info({ site: at.site }, `kpt: ${line}`);
      return rendered(outcome, { ...at, timeoutMs: settings.timeoutMs });
    } finally {
      await rm(workDir, { recursive: true, force: true });
    }
  }

  async function render({ intentId, plan }: KrmInput, signal: AbortSignal): Promise<Result<RenderedFile[], StageFailure>> {
    const blueprint = await loadBlueprint(blueprintsDir, plan.serviceType);
    signal.throwIfAborted();
    if (!blueprint.ok) return err(invalidPackage(blueprint.error));
    // The first failure ends the other runs: nothing of this render will be used.
    const others = new AbortController();
    const either = AbortSignal.any([signal, others.signal]);
    const one = async (site: string) => {
      either.throwIfAborted();
      const staged = stagePackage(blueprint.value, intentId, { plan, site });
      const result = await renderSite(staged, { site, slice: plan.slice }, either);
      if (!result.ok) others.abort();
      return result;
    };
    const inOwnName = AsyncLocalStorage.snapshot(); // the queue begins what waited in the name of the work that was before it
    const runs = plan.sites.map((site) => queue.add(() => inOwnName(one, site)));
    const settled = await Promise.allSettled(runs);
    signal.throwIfAborted();
    const files: RenderedFile[] = [];
    for (const ended of settled) {
      if (ended.status === "fulfilled" && ended.value.ok) files.push(...ended.value.value);
      if (ended.status === "fulfilled" && !ended.value.ok) return ended.value;
    }
    const thrown = settled.find((ended) => ended.status === "rejected");
    if (thrown !== undefined) throw thrown.reason;
    return finish(files);
  }

  return { runner: "kpt", render };
}
