// Runs one program in a process group of its own, with a time limit, and leaves nothing of the group behind.
import { execa } from "execa";
import { err, ok, type Result } from "../protocol/result.ts";

const DEFAULT_MAX_BUFFER = 8 * 1024 * 1024; // characters per stream

export interface ProcessInput {
  file: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>; // the whole environment, see childEnv; nothing is inherited besides
  timeoutMs: number;
  graceMs: number; // between TERM and KILL
  signal: AbortSignal;
  input?: string;
  maxBuffer?: number;
}

export interface ProcessOutcome {
  exitCode: number | null; // null when a signal ended it
  stdout: string;
  stderr: string;
  timedOut: boolean;
  cancelled: boolean;
  truncated: boolean; // more output than maxBuffer: it was stopped
  durationMs: number;
}

export interface SpawnFailure {
  kind: "not_found" | "not_started";
  message: string;
}

const live = new Set<number>(); // group ids, so that a hard exit of the agent takes them along

/** Fails only when the program could not be started; a non-zero exit, a timeout and a cancel are outcomes. */
export async function runProcess(run: ProcessInput): Promise<Result<ProcessOutcome, SpawnFailure>> {
  const started = performance.now();
  const child = execa(run.file, [...run.args], {
    cwd: run.cwd,
    env: run.env,
    extendEnv: false,
    detached: true, // a process group of its own: TERM reaches grandchildren too
    cleanup: false, // would kill the leader only; killAllGroups takes the group
    forceKillAfterDelay: false,
    reject: false,
    maxBuffer: run.maxBuffer ?? DEFAULT_MAX_BUFFER,
    stripFinalNewline: false,
    ...(run.input === undefined ? { stdin: "ignore" as const } : { input: run.input }),
  });
  const group = child.pid;
  if (group !== undefined) trackGroup(group);
  const guard = guardGroup(group, run);
  const result = await child;
  guard.release();
  if (group === undefined) {
    const missing = result.code === "ENOENT";
    return err({
      kind: missing ? "not_found" : "not_started",
      message: `${run.file}: ${missing ? "not found" : (result.code ?? "cannot be started")}`,
    });
  }
  dropGroup(group); // whatever the leader left running
  return ok({
    exitCode: result.exitCode ?? null,
    stdout: result.stdout ?? "",
    stderr: result.stderr ?? "",
    timedOut: guard.why() === "timeout",
    cancelled: guard.why() === "cancel",
    truncated: result.isMaxBuffer,
    durationMs: Math.round(performance.now() - started),
  });
}

/** TERM to the group when time is up or the signal fires, KILL after the grace. */
function guardGroup(group: number | undefined, { timeoutMs, graceMs, signal }: ProcessInput) {
  let why: "timeout" | "cancel" | null = null;
  let killer: NodeJS.Timeout | undefined;
  const stop = (reason: "timeout" | "cancel"): void => {
    if (why !== null || group === undefined) return;
    why = reason;
    signalGroup(group, "SIGTERM");
    killer = setTimeout(() => signalGroup(group, "SIGKILL"), graceMs);
  };
  const onAbort = (): void => stop("cancel");
  const timer = setTimeout(() => stop("timeout"), timeoutMs);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  return {
    why: () => why,
    release(): void {
      clearTimeout(timer);
      clearTimeout(killer);
      signal.removeEventListener("abort", onAbort);
    },
  };
}

export function signalGroup(group: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(-group, name);
  } catch {
    // ESRCH: the group is gone already, which is what was wanted.
  }
}

/** From its start on: a hard exit of the agent takes the group along. */
export function trackGroup(group: number): void {
  if (live.size === 0 && !process.listeners("exit").includes(killAllGroups)) process.on("exit", killAllGroups);
  live.add(group);
}

/** After the leader's end: what it left behind goes too. */
export function dropGroup(group: number): void {
  signalGroup(group, "SIGKILL");
  live.delete(group);
}

/** Runs on every exit of the agent but SIGKILL; there the service manager's control group does it. */
export function killAllGroups(): void {
  for (const group of live) signalGroup(group, "SIGKILL");
  live.clear();
}
