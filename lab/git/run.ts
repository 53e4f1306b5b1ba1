// Runs one git command with an argument array, a clean environment and a bound on time and output. No shell, no git config of the user.
import { execFile } from "node:child_process";
import { gitEnvironment } from "../env.ts";

const GIT_TIMEOUT_MS = 20_000; // a loopback fetch takes tens of milliseconds; beyond this it hangs
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface GitCommand {
  cwd: string;
  args: readonly string[];
  input?: string;
  signal: AbortSignal;
}

/** Its stdout. Rejects with git's own words when it fails, is too slow or is aborted; either way only when git has ended. */
export function git(command: GitCommand): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd: command.cwd,
      env: gitEnvironment(),
      encoding: "buffer" as const,
      maxBuffer: MAX_OUTPUT_BYTES,
      timeout: GIT_TIMEOUT_MS,
      signal: command.signal,
    };
    const closed = Promise.withResolvers<void>();
    const child = execFile("git", [...command.args], options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const said = stderr.toString("utf8").trim().split("\n").slice(-3).join(" ");
      const name = command.args.find((arg) => /^[a-z-]{3,}$/.test(arg)) ?? "";
      // An abort is told before the child has ended; it may still write then.
      void closed.promise.then(() => reject(new Error(`git ${name} failed: ${said || error.message}`, { cause: error })));
    });
    child.once("close", () => closed.resolve());
    // A child that ends early closes its stdin; that error is already in its exit code.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(command.input ?? "");
  });
}
