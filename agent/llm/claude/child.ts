// One long-lived child process that talks in lines: started, written to, read from, ended. It knows nothing of what the lines mean.
import { execa } from "execa";
import { dropGroup, signalGroup, trackGroup } from "../../process.ts";
import { failed } from "../http/failure.ts";
import { readLines } from "../http/lines.ts";
import { ProviderFailed, type ProviderFailure } from "../port.ts";
import { STDERR_TAIL } from "./bounds.ts";

// A busy CLI does not look at the end of its stdin, so it would outlive an agent that was killed. Descriptor 3 is a pipe that only the
// agent holds: when it closes, the shell beside the CLI takes the whole group down. The CLI itself replaces the outer shell.
const GUARD = '(read -r _ <&3; kill -KILL 0) </dev/null >/dev/null 2>&1 & exec 3<&-; exec "$@"';
const NOT_STARTED = [126, 127]; // of the shell: it is not a program, or not there

export interface ChildInput {
  file: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  graceMs: number; // between TERM and KILL
  secrets: readonly string[]; // never in a message
  onLine(line: string): void; // may throw ProviderFailed: the process is ended then
}

export interface Child {
  readonly pid: number | undefined;
  /** After its end it does nothing. */
  write(line: object): void;
  /** Ends the group. The first reason is the one that is told. */
  kill(why: ProviderFailure): void;
  readonly gone: Promise<ProviderFailure>;
}

export function startChild(input: ChildInput): Child {
  const { file, args, cwd, env, graceMs } = input;
  const process = execa("/bin/sh", ["-c", GUARD, "sh", file, ...args], {
    ...{ cwd, env, extendEnv: false, buffer: false, reject: false, stdio: ["pipe", "pipe", "pipe", "pipe"] as const },
    ...{ detached: true, cleanup: false, forceKillAfterDelay: false }, // a group of its own, as in process.ts
  });
  const { pid } = process;
  let why: ProviderFailure | null = null;
  let killer: NodeJS.Timeout | undefined;
  let running = pid !== undefined;
  let complaint = "";
  if (pid !== undefined) trackGroup(pid);
  process.stdin.on("error", () => {}); // EPIPE: that it is gone is told by its exit
  process.stderr.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString("utf8")).slice(-STDERR_TAIL);
  });
  process.nodeChildProcess.once("exit", () => {
    running = false;
    clearTimeout(killer);
    if (pid !== undefined) dropGroup(pid);
  });

  function kill(reason: ProviderFailure): void {
    why ??= reason;
    if (!running || pid === undefined || killer !== undefined) return;
    signalGroup(pid, "SIGTERM");
    killer = setTimeout(() => signalGroup(pid, "SIGKILL"), graceMs);
  }

  async function read(): Promise<void> {
    try {
      for await (const line of readLines(process.stdout, "claude")) input.onLine(line);
    } catch (error) {
      kill(error instanceof ProviderFailed ? error.failure : failed("cut", "the output of claude cannot be read").failure);
    }
  }

  async function end(): Promise<ProviderFailure> {
    const [result] = await Promise.all([process, read()]);
    if (why !== null) return why;
    const { exitCode, signal } = result;
    if (pid === undefined || (exitCode !== undefined && NOT_STARTED.includes(exitCode)))
      return { kind: "unreachable", message: `${file}: not found, or not a program` };
    const said = shown(complaint, input.secrets);
    // What it does not take will not be taken next time; everything else may have been an accident.
    const kind = WRONG_CALL.test(said) ? "refused" : "cut";
    return { kind, message: `claude ended with ${signal ?? `exit code ${exitCode ?? "unknown"}`}${said === "" ? "" : `: ${said}`}` };
  }

  return {
    pid,
    write(line) {
      if (running && process.stdin.writable) process.stdin.write(`${JSON.stringify(line)}\n`);
    },
    kill,
    gone: end(),
  };
}

const WRONG_CALL = /--json-schema|unknown option/;
const SHOWN = 160; // characters of the complaint in a message

function shown(text: string, secrets: readonly string[]): string {
  const masked = secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
  return masked.replace(/\s+/g, " ").trim().slice(-SHOWN);
}
