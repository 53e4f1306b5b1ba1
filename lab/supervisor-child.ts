// One supervised child: started in a process group of its own, restarted with backoff when it dies, ended with all it started.
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { markEntry, markOf } from "./process-choice.ts";
import { killGroup, killTree } from "./process-group.ts";
import type { Level, Log } from "./supervisor-log.ts";

const BACKOFF_MIN_MS = 100;
const BACKOFF_MAX_MS = 2_000;
const STEADY_MS = 5_000; // up this long: the next death starts again at the shortest wait

export interface ChildSpec {
  name: string; // also the name of its pid file and of its lines in the log
  args: string[]; // of node
  cwd: string;
  env: Record<string, string>;
  graceMs: number; // between TERM and KILL when it is stopped
  message?: object; // sent over the IPC channel after every start
}

export interface ChildDeps {
  runDir: string;
  dataDir: string; // without symbolic links
  log: Log;
  /** The child, not ready once yet, said over IPC that starting it again would not help. Its log has the reason. */
  onFatal(): void;
}

export interface SupervisedChild {
  readonly name: string;
  /** Resolves at the child's first `{type: "ready"}`; rejects when the signal fires before. */
  untilReady(signal: AbortSignal): Promise<void>;
  /** TERM, grace, KILL; resolves when nothing of it is left. */
  stop(): Promise<void>;
  /** KILL at once; `stop()` still has to be awaited. */
  kill(): void;
}

export function backoffMs(deaths: number): number {
  return Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** Math.max(0, deaths - 1));
}

export function superviseChild(spec: ChildSpec, deps: ChildDeps): SupervisedChild {
  const pidFile = join(deps.runDir, `${spec.name}.pid`);
  const ready = Promise.withResolvers<void>();
  const stopping = new AbortController();
  let current: ChildProcess | null = null;
  let wasReady = false;
  const finished = run();

  async function run(): Promise<void> {
    let deaths = 0;
    while (!stopping.signal.aborted) {
      const startedAt = Date.now();
      const end = await runOnce();
      if (stopping.signal.aborted) break;
      deaths = Date.now() - startedAt >= STEADY_MS ? 1 : deaths + 1;
      const wait = backoffMs(deaths);
      deps.log.write(spec.name, "warn", `ended (${end}); starting it again in ${wait} ms`);
      await pause(wait, stopping.signal);
    }
    rmSync(pidFile, { force: true });
  }

  /** From start to the end of its last descendant; says how the child ended. */
  async function runOnce(): Promise<string> {
    const child = spawn(process.execPath, spec.args, {
      cwd: spec.cwd,
      env: { ...spec.env, ...markEntry(deps.dataDir, spec.name, process.pid) },
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    current = child;
    forward(child.stdout, "info");
    forward(child.stderr, "error");
    child.on("message", onMessage);
    const end = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    if (child.pid !== undefined) writeFileSync(pidFile, `${child.pid}\n`);
    // A child that is gone before it read its message is a death like any other: the exit says so.
    if (spec.message !== undefined) child.send(spec.message, () => undefined);
    const how = await end;
    current = null;
    try {
      await killTree(child.pid ?? null, markOf(deps.dataDir, spec.name));
    } catch (error) {
      deps.log.write(spec.name, "error", String(error));
    }
    return how;
  }

  function onMessage(message: unknown): void {
    if (typeof message !== "object" || message === null || !("type" in message)) return;
    if (message.type === "ready") {
      wasReady = true;
      ready.resolve();
    }
    // Once it has been up, the same words only mean that this attempt failed: the backoff goes on.
    if (message.type === "fatal" && !wasReady) deps.onFatal();
  }

  function forward(stream: Readable | null, level: Level): void {
    if (stream === null) return;
    createInterface({ input: stream }).on("line", (line) => deps.log.child(spec.name, line, level));
  }

  function kill(): void {
    if (current?.pid !== undefined) killGroup(current.pid);
  }

  async function stop(): Promise<void> {
    stopping.abort();
    // TERM goes to the child alone: it decides in what order its own helpers end.
    current?.kill("SIGTERM");
    const grace = setTimeout(kill, spec.graceMs);
    await finished;
    clearTimeout(grace);
  }

  function untilReady(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(new Error(`${spec.name} is not ready`));
      if (signal.aborted) return giveUp();
      signal.addEventListener("abort", giveUp, { once: true });
      void ready.promise.then(resolve);
    });
  }

  return { name: spec.name, untilReady, stop, kill };
}

/** Waits, or returns early when the signal fires. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done, { once: true });
  });
}
