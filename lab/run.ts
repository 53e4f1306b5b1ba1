// The frame that `npm start` and `npm run dev` share: environment, log, supervisor, signals, exit code.
import { mkdirSync } from "node:fs";
import { readStartEnv, type StartEnv } from "./start-env.ts";
import { openSupervisor, type Supervisor, stopOnSignals } from "./supervisor.ts";
import { createLog, type Log } from "./supervisor-log.ts";

export interface Frame {
  env: StartEnv;
  supervisor: Supervisor;
  log: Log;
}

/** Runs until everything is stopped, and sets the process's exit code. An error of `bringUp` stops what it had started. */
export async function run(bringUp: (frame: Frame) => Promise<void>): Promise<void> {
  try {
    process.exitCode = await supervise(bringUp);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}

async function supervise(bringUp: (frame: Frame) => Promise<void>): Promise<number> {
  const env = readStartEnv();
  const log = createLog({ write: (text) => process.stdout.write(text), color: env.color });
  mkdirSync(env.dataDir, { recursive: true });
  const supervisor = await openSupervisor(env.dataDir, log);
  stopOnSignals(supervisor, log);
  // A closed terminal or pipe: nobody reads the log any more.
  process.stdout.on("error", () => void supervisor.stop());
  try {
    await bringUp({ env, supervisor, log });
  } catch (error) {
    // What was interrupted by a stop has nothing to report.
    if (!supervisor.signal.aborted) {
      log.write("start", "error", messageOf(error));
      supervisor.fail();
    }
  }
  return supervisor.ended;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
