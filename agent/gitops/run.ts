// Runs one git command on the cache clone through simple-git: own environment, time limit, abort, secrets kept out of sight.
import { randomUUID } from "node:crypto";
import { GitError, type SimpleGit, simpleGit } from "simple-git";
import type { GitOutcome } from "./classify.ts";
import { CALL_MARK, endProcesses } from "./processes.ts";
import type { GitCredential, GitLog, Settings } from "./settings.ts";

const LOCAL_TIMEOUT_FLOOR_MS = 10_000; // commands that stay on this machine take milliseconds

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
  log?: Pick<GitLog, "info">; // hears what git says of a transfer
}

export function createGit(deps: GitDeps): Git {
  return {
    run: (command) => limited(deps, command, (git) => git.raw(command.args)),
    read: (command) => limited(deps, command, async (git) => Buffer.from(await git.binaryCatFile(command.args.slice(1)))),
  };
}

/** Runs the command under one limit made of the caller's signal and the time it may take; at the limit its processes are ended. */
async function limited<T>(deps: GitDeps, command: GitCommand, act: (git: SimpleGit) => PromiseLike<T>): Promise<T> {
  command.signal.throwIfAborted();
  const id = randomUUID();
  const limit = new AbortController();
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {}); // nobody listens once the command has ended
  let timedOut = false;
  let ending: Promise<void> | undefined;
  const stop = () => {
    limit.abort();
    ending ??= endProcesses(id).then(() => late.reject(new Error("git was ended")));
  };
  const timer = setTimeout(
    () => {
      timedOut = true;
      stop();
    },
    limitMs(deps, command),
  );
  command.signal.addEventListener("abort", stop, { once: true });
  const work = async () => {
    const credential = command.remote === true ? await credentialOf(deps) : undefined;
    limit.signal.throwIfAborted();
    return await act(client(deps, { command, id, credential, limit: limit.signal }));
  };
  try {
    return await Promise.race([work(), late.promise]);
  } catch (error) {
    await ending;
    const stderr = command.remote === true ? "" : `fatal: git ${command.args[0] ?? ""} took too long`;
    if (timedOut) throw new GitCommandError({ exitCode: null, stdout: "", stderr, timedOut: command.remote === true });
    throw error;
  } finally {
    clearTimeout(timer);
    command.signal.removeEventListener("abort", stop);
  }
}

// A short limit is meant for the server; a busy machine must not make a sound clone look broken.
function limitMs({ settings }: GitDeps, { timeoutMs = settings.timeoutMs, remote }: GitCommand): number {
  return remote === true ? timeoutMs : Math.max(timeoutMs, LOCAL_TIMEOUT_FLOOR_MS);
}

async function credentialOf(deps: GitDeps): Promise<GitCredential | undefined> {
  try {
    return await deps.credential?.();
  } catch {
    // Its own words may hold what it failed to read.
    throw new GitCommandError({
      exitCode: null,
      stdout: "",
      stderr: "fatal: Authentication failed: the credential could not be read",
      timedOut: false,
    });
  }
}

interface Call {
  command: GitCommand;
  id: string;
  credential: GitCredential | undefined;
  limit: AbortSignal;
}

// One client a command: the abort signal, the input and the environment belong to the call.
function client(deps: GitDeps, call: Call): SimpleGit {
  const { settings, places } = deps;
  const { input } = call.command;
  const env = environment(deps, call);
  const secrets = secretsOf(call.credential);
  return simpleGit({
    baseDir: places.home,
    abort: call.limit,
    completion: { onClose: true, onExit: false }, // all output, however slow the reader
    maxConcurrentProcesses: 1,
    config: [
      "gc.auto=0", // it would leave a process behind; maintenance is done in its own time
      "core.fsync=none", // for repositories that cannot be cloned again
      "http.lowSpeedLimit=1", // ends a helper whose git and agent are dead
      `http.lowSpeedTime=${Math.ceil(limitMs(deps, call.command) / 1_000)}`,
      `user.name=${settings.author.name}`,
      `user.email=${settings.author.email}`,
    ],
    allowEnvironment: Object.keys(env).filter((name) => name.startsWith("GIT_")), // all of them ours, made below
    unsafe: {
      allowUnsafeConfigEnvCount: call.credential !== undefined, // the header, so that it is in no argument and no file
      allowUnsafeTemplateDir: call.command.args[0] === "init", // `--template=`: no hooks of the machine in the clone
    },
    ...(input === undefined ? {} : { input: () => input }),
    errors: (error, result) => {
      const text = (chunks: Buffer[]) => redact(Buffer.concat(chunks).toString("utf8"), secrets);
      if (result.exitCode === 0 && error === undefined) {
        if (call.command.remote === true) tell(deps, call.command, text([...result.stdOut, ...result.stdErr]));
        return undefined;
      }
      const own = error instanceof Error ? error.message : ""; // of simple-git itself, when git said nothing
      return new GitCommandError({
        exitCode: result.exitCode,
        stdout: text(result.stdOut),
        stderr: text(result.stdErr) || own,
        timedOut: false,
      });
    },
  }).env(env);
}

const SAYS_NOTHING_NEW = /^(POST |From |To |Done$|\s*= )/; // where it went, and what was there already

function tell({ log }: GitDeps, { args }: GitCommand, output: string): void {
  for (const line of output.split(/[\r\n]+/))
    if (line.trim() !== "" && !SAYS_NOTHING_NEW.test(line)) log?.info({}, `git ${args[0]}: ${line.trim().replaceAll("\t", " ")}`);
}

function environment({ settings, places }: GitDeps, { command, id, credential }: Call): Record<string, string> {
  return {
    PATH: settings.path,
    HOME: places.home,
    LANG: "C",
    [CALL_MARK]: id,
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
