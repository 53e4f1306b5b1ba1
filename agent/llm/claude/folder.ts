// The folder that the CLI of one agent process works in: made when it is needed, its own beside those of other processes, gone at the end.
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import path from "node:path";

export interface Folder {
  readonly dir: string;
  readonly empty: string; // inside it; nothing to be found there
  /** Again and again: somebody may clean up. Throws where nothing can be written. */
  make(): void;
  remove(): void;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // somebody else's
  }
}

/** What processes left behind that were killed. */
function removeLeft(home: string): void {
  if (!existsSync(home)) return;
  for (const name of readdirSync(home)) {
    const pid = Number.parseInt(name, 10);
    if (Number.isNaN(pid) || !isAlive(pid)) rmSync(path.join(home, name), { recursive: true, force: true });
  }
}

export function createFolder(home: string): Folder {
  const dir = path.join(home, `${process.pid}-${randomUUID()}`);
  const empty = path.join(dir, "empty");
  return {
    dir,
    empty,
    make() {
      if (existsSync(empty)) return;
      removeLeft(home);
      mkdirSync(empty, { recursive: true, mode: 0o700 });
    },
    remove() {
      rmSync(dir, { recursive: true, force: true });
      try {
        rmdirSync(home);
      } catch {
        // another process has its folder there
      }
    },
  };
}
