// Starts supervisors for tests and sees to it that nothing of them outlives the test.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { markOf } from "../../../lab/process-choice.ts";
import { killTree } from "../../../lab/process-group.ts";
import type { ChildSpec } from "../../../lab/supervisor-child.ts";

const WAIT = { timeout: 15_000, interval: 20 };

export interface Note {
  what: string;
  name: string;
  pid: number;
}

export interface Workbench {
  dataDir: string;
  child(name: string, traits?: string[], rest?: Partial<ChildSpec>): ChildSpec;
  journal(): Note[];
  /** Waits until the journal holds `count` such lines and answers them. */
  noted(what: string, name: string, count?: number): Promise<Note[]>;
  pidOf(name: string): number;
  supervise(children: ChildSpec[]): Run;
}

export interface Run {
  process: ChildProcess;
  output(): string;
  exited: Promise<number | null>;
}

export function workbench(): Workbench {
  const dataDir = realpathSync(mkdtempSync(join(tmpdir(), "supervisor-")));
  const journalFile = join(dataDir, "journal");
  const runs: ChildProcess[] = [];
  onTestFinished(async () => {
    for (const run of runs) {
      run.kill("SIGKILL");
    }
    await killTree(null, markOf(dataDir));
    rmSync(dataDir, { recursive: true, force: true });
  });

  function journal(): Note[] {
    const lines = readOrEmpty(journalFile).split("\n").filter(Boolean);
    return lines.map((line) => {
      const [what = "", name = "", pid = ""] = line.split(" ");
      return { what, name, pid: Number(pid) };
    });
  }

  async function noted(what: string, name: string, count = 1): Promise<Note[]> {
    const found = () => journal().filter((note) => note.what === what && note.name === name);
    await expect.poll(() => found().length, WAIT).toBeGreaterThanOrEqual(count);
    return found();
  }

  return {
    dataDir,
    journal,
    noted,
    child: (name, traits = [], rest = {}) => ({
      name,
      args: [join(import.meta.dirname, "child.ts"), name, journalFile, ...traits],
      cwd: dataDir,
      env: { PATH: process.env.PATH ?? "" },
      graceMs: 10_000,
      ...rest,
    }),
    pidOf: (name) => Number(readFileSync(join(dataDir, "run", `${name}.pid`), "utf8")),
    supervise(children) {
      const script = join(import.meta.dirname, "run.ts");
      const run = spawn(process.execPath, [script, dataDir, JSON.stringify(children)], { stdio: ["ignore", "pipe", "inherit"] });
      runs.push(run);
      let text = "";
      run.stdout.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      return { process: run, output: () => text, exited: once(run, "close").then(([code]) => code) };
    },
  };
}

/** Whether a process runs; one that has ended and was not yet collected does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
