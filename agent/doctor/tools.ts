// The programs on this machine: Claude CLI, kpt, git, tmux. Asks each for its version; never makes a model call.
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { childEnv } from "../env.ts";
import { runProcess } from "../process.ts";
import { type Check, type Finding, fail, ok, warn } from "./check.ts";

const PROGRAM_TIMEOUT_MS = 4_000; // under the bound of a check, so that the program is ended and named
const GRACE_MS = 200;
const MAX_OUTPUT = 64 * 1024;
const MIN_GIT: readonly [number, number] = [2, 31]; // GIT_CONFIG_COUNT, by which the credential reaches git and no file

interface Machine {
  env: NodeJS.ProcessEnv;
  claudeBin: string;
  kptBin: string;
}

type Version = { found: true; text: string } | { found: false; why: string };

async function versionOf(machine: Machine, [file, ...args]: [string, ...string[]], signal: AbortSignal): Promise<Version> {
  const ran = await runProcess({
    ...{ file, args, signal, cwd: process.cwd(), env: childEnv(machine.env) },
    ...{ timeoutMs: PROGRAM_TIMEOUT_MS, graceMs: GRACE_MS, maxBuffer: MAX_OUTPUT },
  });
  if (!ran.ok) return { found: false, why: ran.error.message };
  const { exitCode, stdout, stderr, timedOut } = ran.value;
  if (timedOut) return { found: false, why: `${file} did not answer within ${PROGRAM_TIMEOUT_MS} ms` };
  const text = `${stdout}\n${stderr}`.trim().split("\n")[0] ?? "";
  return exitCode === 0 ? { found: true, text } : { found: false, why: `${file} ended with ${exitCode ?? "a signal"}: ${text}` };
}

const KEYS = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"];
const CLOUDS = ["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY"];

/** Where a login would come from. Only its presence is looked at: whether it is accepted shows with the first sentence. */
async function loginOf(env: NodeJS.ProcessEnv): Promise<string | null> {
  const named = [...KEYS, ...CLOUDS].find((name) => (env[name] ?? "") !== "");
  if (named !== undefined) return `login by ${named}`;
  const dir = env.CLAUDE_CONFIG_DIR ?? path.join(env.HOME ?? homedir(), ".claude");
  const file = path.join(dir, ".credentials.json");
  return access(file).then(
    () => `login in ${file}`,
    () => null,
  );
}

async function claude(machine: Machine, signal: AbortSignal): Promise<Finding> {
  const version = await versionOf(machine, [machine.claudeBin, "--version"], signal);
  const rules = "the next provider understands, the rules last";
  if (!version.found) return warn("claude", `${version.why}; ${rules}`, "install the Claude CLI or set CLAUDE_BIN");
  const login = await loginOf(machine.env);
  if (login === null)
    return warn("claude", `${version.text}, not logged in; ${rules}`, "run `claude` once as this user, or set ANTHROPIC_API_KEY");
  return ok("claude", `${version.text}, ${login} (not tried)`);
}

async function kpt(machine: Machine, signal: AbortSignal): Promise<Finding> {
  const version = await versionOf(machine, [machine.kptBin, "version"], signal);
  if (version.found) return ok("kpt", version.text);
  return warn("kpt", `${version.why}; the embedded runner renders the same bytes`, "install kpt or set KPT_BIN");
}

async function git(machine: Machine, signal: AbortSignal): Promise<Finding> {
  const version = await versionOf(machine, ["git", "--version"], signal);
  const wanted = MIN_GIT.join(".");
  const fix = `install git ${wanted} or newer`;
  if (!version.found) return fail("git", version.why, fix);
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(version.text) ?? [];
  const [wantedMajor, wantedMinor] = MIN_GIT;
  const fits = Number(major) > wantedMajor || (Number(major) === wantedMajor && Number(minor) >= wantedMinor);
  return fits ? ok("git", version.text) : fail("git", `${version.text} is older than ${wanted}`, fix);
}

async function tmux(machine: Machine, signal: AbortSignal): Promise<Finding> {
  const version = await versionOf(machine, ["tmux", "-V"], signal);
  return version.found ? ok("tmux", version.text) : warn("tmux", `${version.why}; terminals are not shared`, "install tmux");
}

export function toolChecks(machine: Machine): Check[] {
  const checks = { claude, kpt, git, tmux };
  return Object.entries(checks).map(([what, check]) => ({ what, run: async (signal) => [await check(machine, signal)] }));
}
