// How the agent ends. The first signal lets jobs finish, the second cancels them, the third exits at once.
import type { Log } from "./log.ts";

/** 0 as asked, 1 in a hurry, 78 (EX_CONFIG): a restart would not help, a person has to act. */
export const ExitCode = { ok: 0, hard: 1, fatal: 78 } as const;

const CANCEL_TIMEOUT_MS = 10_000; // TERM, grace, KILL, and the last report
const FATAL_TIMEOUT_MS = 3_000; // TERM, grace, KILL; nobody takes a report any more
const GOODBYE_TIMEOUT_MS = 3_000;

export type Phase = "running" | "draining" | "cancelling" | "exiting";
export type Happening = "signal" | "fatal" | "jobs_ended" | "time_is_up";

/** The one table of moves; what is missing changes nothing. */
const MOVES: Record<Phase, Partial<Record<Happening, Phase>>> = {
  running: { signal: "draining", fatal: "cancelling" },
  draining: { signal: "cancelling", fatal: "cancelling", jobs_ended: "exiting", time_is_up: "cancelling" },
  cancelling: { signal: "exiting", jobs_ended: "exiting", time_is_up: "exiting" },
  exiting: {},
};

export function nextPhase(phase: Phase, happening: Happening): Phase {
  return MOVES[phase][happening] ?? phase;
}

export interface ShutdownDeps {
  /** Stop claiming; resolves when the running jobs have ended and reported. */
  drain: () => Promise<void>;
  /** Stop the running jobs; the promise of drain resolves sooner for it. */
  cancel: (why: string) => void;
  /** The goodbye: last heartbeat, close socket and server. Skipped by the third signal and after a fatal answer. */
  goodbye: () => Promise<void>;
  exit: (code: number) => void;
  drainTimeoutMs: number;
  cancelTimeoutMs?: number;
  log: Log;
}

export interface Shutdown {
  phase(): Phase;
  /** Wire it to SIGTERM and SIGINT. */
  onSignal(name: string): void;
  /** The control centre has refused this agent for good. Idempotent. */
  fatal(message: string): void;
}

export function createShutdown(deps: ShutdownDeps): Shutdown {
  const { log } = deps;
  let phase: Phase = "running";
  let exitCode: number = ExitCode.ok;
  let timer: NodeJS.Timeout | undefined;
  let drainAsked = false;

  function limit(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => move("time_is_up"), ms);
  }

  function drainOnce(): void {
    if (drainAsked) return;
    drainAsked = true;
    deps.drain().then(
      () => move("jobs_ended"),
      (cause: unknown) => {
        log.error({ err: cause }, "the drain failed");
        move("jobs_ended");
      },
    );
  }

  function move(happening: Happening): void {
    const before = phase;
    phase = nextPhase(phase, happening);
    if (phase === before) return;
    if (phase === "draining") {
      log.info(`draining: running jobs may finish for ${deps.drainTimeoutMs} ms; a second signal cancels them`);
      limit(deps.drainTimeoutMs);
      drainOnce();
    } else if (phase === "cancelling") {
      log.warn("cancelling the running jobs; another signal exits at once");
      limit(happening === "fatal" ? FATAL_TIMEOUT_MS : (deps.cancelTimeoutMs ?? CANCEL_TIMEOUT_MS));
      drainOnce();
      deps.cancel(happening === "fatal" ? "the agent may not go on" : "the agent is being stopped");
    } else if (phase === "exiting") {
      clearTimeout(timer);
      leave(happening);
    }
  }

  function leave(happening: Happening): void {
    if (happening !== "jobs_ended" && exitCode === ExitCode.ok) exitCode = ExitCode.hard;
    const exit = (): void => {
      clearTimeout(timer);
      deps.exit(exitCode);
    };
    if (happening === "signal" || exitCode === ExitCode.fatal) {
      exit();
      return;
    }
    timer = setTimeout(exit, GOODBYE_TIMEOUT_MS);
    void deps.goodbye().then(exit, exit);
  }

  return {
    phase: () => phase,
    onSignal(name) {
      log.info({ signal: name }, "signal received");
      if (phase === "exiting")
        deps.exit(ExitCode.hard); // during the goodbye
      else move("signal");
    },
    fatal(message) {
      if (exitCode === ExitCode.fatal) return;
      exitCode = ExitCode.fatal;
      log.fatal(message);
      move("fatal");
    },
  };
}

/** Returns a function that takes the handlers off again. */
export function listenToSignals(source: NodeJS.EventEmitter, shutdown: Pick<Shutdown, "onSignal">): () => void {
  const names = ["SIGTERM", "SIGINT"] as const;
  const handlers = names.map((name) => [name, () => shutdown.onSignal(name)] as const);
  for (const [name, handler] of handlers) source.on(name, handler);
  return () => {
    for (const [name, handler] of handlers) source.off(name, handler);
  };
}
