// Runs one git command on the cache clone through simple-git: own environment, time limit, abort, secrets kept out of sight.
import { GitError, simpleGit } from "simple-git";
import type { GitOutcome } from "./classify.ts";
import type { GitCredential, Settings } from "./settings.ts";

const KILL_GRACE_MS = 1_000; // git that ignores its signal is given up after this; it holds no lock we wait for

export interface GitCommand {
  args: string[];
  signal: AbortSignal;
  input?: string;
  remote?: boolean; // talks to the server: gets the credential
  workTree?: boolean; // sees the work tree; the others see the object database only
  timeoutMs?: number;
}

export interface Git {
  run(command: GitCommand): Promise<string>;
  /** `cat-file` with its bytes untouched. */
  read(command: GitCommand): Promise<Buffer>;
}

/** A git command that did not end well. Its texts hold no secret. */
export class GitCommandError extends GitError {
  readonly outcome: GitOutcome;
  constructor(outcome: GitOutcome) {
    super(undefined, `git: ${outcome.stderr || outcome.stdout || "failed"}`);
    this.outcome = outcome;
  }
}

export interface GitPlaces {
  home: string; // empty: no user's configuration reaches git
  gitDir: string;
  workTree: string;
}

interface GitDeps {
  settings: Settings;
  places: GitPlaces;
  credential: (() => Promise<GitCredential | undefined>) | undefined;
}

export function createGit(deps: GitDeps): Git {
  async function start(command: GitCommand) {
    const credential = command.remote === true ? await deps.credential?.() : undefined;
    return { command, env: environment(deps, command, credential), secrets: secretsOf(credential) };
  }
  return {
    run: async (command) => {
      const call = await start(command);
      return bounded(call.command, deps, () => client(deps, call).raw(command.args));
    },
    read: async (command) => {
      const call = await start(command);
      const [, ...args] = command.args;
      return bounded(call.command, deps, async () => Buffer.from(await client(deps, call).binaryCatFile(args)));
    },
  };
}

type Call = { command: GitCommand; env: Record<string, string>; secrets: string[] };

// One client a command: the abort signal, the input and the environment belong to the call.
function client({ settings, places }: GitDeps, { command, env, secrets }: Call) {
  const input = command.input;
  return simpleGit({
    baseDir: places.home,
    abort: command.signal,
    timeout: { block: command.timeoutMs ?? settings.timeoutMs, stdErr: false, stdOut: false }, // for the whole command, not since its last word
    completion: { onClose: true, onExit: false }, // all output, however slow the reader
    maxConcurrentProcesses: 1,
    // gc would leave a process behind; fsync is for repositories one cannot clone again.
    config: ["gc.auto=0", "core.fsync=none", `user.name=${settings.author.name}`, `user.email=${settings.author.email}`],
    allowEnvironment: Object.keys(env).filter((name) => name.startsWith("GIT_")), // all of them ours, made below
    unsafe: {
      allowUnsafeConfigEnvCount: true, // the credential's header, so that it is in no argument and no file
      allowUnsafeTemplateDir: true, // `init --template=`: no hooks of the machine in the clone
    },
    ...(input === undefined ? {} : { input: () => input }),
    errors: (error, result) => {
      if (result.exitCode === 0 && error === undefined) return undefined;
      const text = (chunks: Buffer[]) => redact(Buffer.concat(chunks).toString("utf8"), secrets);
      const own = error instanceof Error && result.exitCode === 0 ? error.message : "";
      const timedOut = error instanceof Error && /block timeout/.test(error.message);
      const exitCode: number | null = result.exitCode;
      return new GitCommandError({ exitCode, stdout: text(result.stdOut), stderr: text(result.stdErr) || own, timedOut });
    },
  }).env(env);
}

function environment({ settings, places }: GitDeps, command: GitCommand, credential: GitCredential | undefined): Record<string, string> {
  return {
    PATH: settings.path,
    HOME: places.home,
    LANG: "C",
    GIT_DIR: places.gitDir, // named, so that a broken clone never makes git look for a repository in the folders above
    ...(command.workTree === true ? { GIT_WORK_TREE: places.workTree } : {}),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_ALLOW_PROTOCOL: "file:http:https:ssh",
    ...(credential === undefined
      ? {}
      : {
          GIT_CONFIG_COUNT: "2",
          GIT_CONFIG_KEY_0: "http.extraHeader",
          GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic(credential)}`,
          GIT_CONFIG_KEY_1: "http.followRedirects", // the header must not follow to another host
          GIT_CONFIG_VALUE_1: "false",
        }),
  };
}

function basic({ username, password }: GitCredential): string {
  return Buffer.from(`${username}:${password}`, "utf8").toString("base64");
}

function secretsOf(credential: GitCredential | undefined): string[] {
  if (credential === undefined) return [];
  return [basic(credential), credential.password, encodeURIComponent(credential.password)].filter((secret) => secret !== "");
}

function redact(text: string, secrets: string[]): string {
  return secrets.reduce((out, secret) => out.replaceAll(secret, "***"), text);
}

/** simple-git kills on abort and timeout; this answers even when the killed process does not go. */
async function bounded<T>(command: GitCommand, { settings }: GitDeps, work: () => Promise<T>): Promise<T> {
  command.signal.throwIfAborted();
  const late = Promise.withResolvers<never>();
  const giveUp = () => late.reject(new GitCommandError({ exitCode: null, stdout: "", stderr: "", timedOut: true }));
  const timer = setTimeout(giveUp, (command.timeoutMs ?? settings.timeoutMs) + KILL_GRACE_MS);
  let afterAbort: NodeJS.Timeout | undefined;
  const onAbort = () => {
    afterAbort = setTimeout(giveUp, KILL_GRACE_MS);
  };
  command.signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
    clearTimeout(afterAbort);
    command.signal.removeEventListener("abort", onAbort);
  }
}
