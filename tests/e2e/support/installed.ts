// This package as somebody has it who installed it: packed by npm and unpacked below node_modules, where Node strips no types.
// The dependencies are links to ours, so nothing is fetched.
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../../..");
const NAME = "intent-control-center";
const PACK_MS = 60_000;
const RUN_MS = 60_000;

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  stdin?: string;
  env?: Record<string, string>;
  node?: string; // another Node than ours
  /** Called with what was said so far, whenever something was said. */
  onOutput?: (stdout: string, stop: (name: NodeJS.Signals) => void) => void;
}

export interface Installed {
  dir: string;
  /** A program of the package by its file, with PATH and `env` as its whole environment. Killed when it takes too long. */
  run(bin: string, args: string[], options?: RunOptions): Promise<Ended>;
  remove(): Promise<void>;
}

export async function installPackage(): Promise<Installed> {
  const dir = await mkdtemp(join(tmpdir(), "installed-"));
  const modules = join(dir, "node_modules");
  const { PATH = "", HOME = "/tmp" } = process.env;
  const env = { PATH, HOME, npm_config_update_notifier: "false" };
  await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", dir], { cwd: ROOT, env, timeout: PACK_MS });
  const tarball = (await readdir(dir)).find((file) => file.endsWith(".tgz")) ?? "";
  await run("tar", ["-xzf", tarball], { cwd: dir, timeout: PACK_MS });
  await mkdir(modules);
  await rename(join(dir, "package"), join(modules, NAME));
  for (const name of await readdir(join(ROOT, "node_modules"))) {
    if (!name.startsWith(".")) await symlink(join(ROOT, "node_modules", name), join(modules, name));
  }
  return {
    dir,
    run: (bin, args, options = {}) => start([join(modules, NAME, bin), ...args], { PATH, HOME: dir, ...options.env }, options),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

function start(args: string[], env: Record<string, string>, { stdin = "", node = process.execPath, onOutput }: RunOptions): Promise<Ended> {
  const child = spawn(node, args, { env, stdio: ["pipe", "pipe", "pipe"], timeout: RUN_MS, killSignal: "SIGKILL" });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    onOutput?.(stdout, (name) => child.kill(name));
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.on("error", () => undefined); // it may end without reading
  child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** A Node of this machine that is too old for the sources, if there is one. */
export async function oldNode(): Promise<string | null> {
  for (const file of ["/usr/bin/node", "/usr/local/bin/node", "/opt/homebrew/bin/node"]) {
    const version = await run(file, ["--version"], { timeout: 5_000 }).then(
      ({ stdout }) => Number(/^v(\d+)/.exec(stdout)?.[1] ?? 24),
      () => 24,
    );
    if (version < 24) return file;
  }
  return null;
}
