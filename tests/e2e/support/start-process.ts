// Starts one of this repository's programs in a process group of its own, listens to what it says, and ends it.
import { spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

export interface Program {
  pid: number;
  output(): string;
  /** The first match in what it has said so far or says from now on; rejects when it ends first or takes too long. */
  says(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray>;
  exited: Promise<number | null>;
  /** Sends the signal and waits for the end, which must be an orderly one. A program that has ended is left alone. */
  stop(name: NodeJS.Signals, timeoutMs: number): Promise<void>;
}

/** Its environment is PATH and HOME of the tests, and `env`. */
export function startProcess(args: string[], env: Record<string, string>): Program {
  const { PATH = "", HOME = "/tmp" } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { PATH, HOME, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const listeners = new Set<() => void>();
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
    for (const listener of listeners) listener();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const exited = new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", (code) => resolve(code));
  });

  return {
    pid: child.pid ?? 0,
    output: () => said,
    exited,
    async says(pattern, timeoutMs) {
      const match = Promise.withResolvers<RegExpExecArray>();
      const look = (): void => {
        const found = pattern.exec(said);
        if (found !== null) match.resolve(found);
      };
      listeners.add(look);
      look();
      const timer = setTimeout(() => match.reject(new Error(`said nothing like ${pattern} in ${timeoutMs} ms`)), timeoutMs);
      void exited.then((code) => match.reject(new Error(`ended with ${code} before it said ${pattern}`)));
      return match.promise.finally(() => {
        clearTimeout(timer);
        listeners.delete(look);
      });
    },
    async stop(name, timeoutMs) {
      if (child.exitCode === null && child.signalCode === null) child.kill(name);
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      }, timeoutMs);
      const code = await exited;
      clearTimeout(timer);
      if (late) throw new Error(`${args.join(" ")} did not end within ${timeoutMs} ms of ${name}:\n${said.slice(-2000)}`);
      if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}:\n${said.slice(-2000)}`);
    },
  };
}
