// Supervises a set of children on one DATA_DIR: one holder of the lock, leftovers reaped, orderly stop. It does not know what they are.
import { mkdirSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { markOf } from "./process-choice.ts";
import { reapLeftovers } from "./process-group.ts";
import { type ChildSpec, type SupervisedChild, superviseChild } from "./supervisor-child.ts";
import { takeLock } from "./supervisor-lock.ts";
import type { Log } from "./supervisor-log.ts";

/** npm forwards the terminal's Ctrl-C a second time; only one that comes later than this is a person's second wish. */
const SECOND_SIGNAL_MS = 400;

export interface Supervisor {
  readonly runDir: string;
  readonly signal: AbortSignal; // fires when the supervisor begins to stop
  start(spec: ChildSpec): SupervisedChild;
  /** Stops the children, the last started first; resolves when nothing of them is left. Safe to call again. */
  stop(): Promise<void>;
  /** Stops because something cannot work: the exit code will be 1. */
  fail(): void;
  /** KILL to every child at once, while a stop is under way. */
  kill(): void;
  /** Resolves once all is stopped, with the exit code: 0, or 1 after a child's fatal message. */
  readonly ended: Promise<number>;
}

export async function openSupervisor(dataDir: string, log: Log): Promise<Supervisor> {
  const runDir = join(dataDir, "run");
  mkdirSync(runDir, { recursive: true });
  const lock = takeLock(runDir);
  const home = realpathSync(dataDir);
  const reaped = await reapLeftovers(readPidFiles(runDir), markOf(home));
  if (reaped > 0) log.write("start", "warn", `ended ${reaped} processes that an earlier supervisor left behind`);

  const children: SupervisedChild[] = [];
  const stopping = new AbortController();
  const ended = Promise.withResolvers<number>();
  let exitCode = 0;
  let stopped: Promise<void> | null = null;

  async function stopAll(): Promise<void> {
    stopping.abort();
    for (const child of children.toReversed()) await child.stop();
    lock.release();
    ended.resolve(exitCode);
  }

  function stop(): Promise<void> {
    stopped ??= stopAll();
    return stopped;
  }

  function fail(): void {
    exitCode = 1;
    void stop();
  }

  return {
    runDir,
    signal: stopping.signal,
    start(spec) {
      stopping.signal.throwIfAborted();
      const child = superviseChild(spec, { runDir, dataDir: home, log, onFatal: fail });
      children.push(child);
      return child;
    },
    stop,
    fail,
    kill: () => {
      for (const child of children) child.kill();
    },
    ended: ended.promise,
  };
}

/** First signal: orderly stop. A second one: KILL at once. */
export function stopOnSignals(supervisor: Supervisor, log: Log): void {
  let firstAt: number | null = null;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (firstAt === null) {
        firstAt = Date.now();
        log.write("start", "info", "stopping; once more to stop at once");
        void supervisor.stop();
      } else if (Date.now() - firstAt >= SECOND_SIGNAL_MS) {
        supervisor.kill();
      }
    });
  }
}

function readPidFiles(runDir: string): number[] {
  return readdirSync(runDir)
    .filter((name) => name.endsWith(".pid") && name !== "supervisor.pid")
    .map((name) => Number(readFileSync(join(runDir, name), "utf8")))
    .filter((pid) => Number.isInteger(pid) && pid > 1);
}
