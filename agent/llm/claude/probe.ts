// Is the CLI there, which version, and is anybody logged in. Two short calls of it that ask nothing of the API, so they cost nothing.
import * as z from "zod";
import { err, ok, type Result } from "../../../protocol/result.ts";
import { runProcess } from "../../process.ts";
import type { ProviderFailure } from "../port.ts";
import { PROBE_MS } from "./bounds.ts";

const MAX_OUTPUT = 64 * 1024; // characters; both answer with a few hundred
const GRACE_MS = 100;

const Login = z.object({ loggedIn: z.boolean() });

export interface ProbeInput {
  file: string;
  cwd: string;
  env: Record<string, string>;
  signal: AbortSignal;
}

/** The version, when it can be used. */
export async function probeClaude(input: ProbeInput): Promise<Result<string, ProviderFailure>> {
  const [version, login] = await Promise.all([call(input, ["--version"]), call(input, ["auth", "status"])]);
  if (!version.ok) return version;
  const number = /^(\d+\.\d+\.\d+\S*)/.exec(version.value.stdout.trim())?.[1];
  if (version.value.exitCode !== 0 || number === undefined)
    return err({ kind: "unreachable", message: `${input.file} does not tell its version: it is not the Claude CLI, or a broken one` });
  // What does not answer this question (an older CLI, a loaded machine) is taken for logged in: the first prompt will show it.
  if (login.ok && isLoggedOut(login.value.stdout)) return err({ kind: "unauthenticated", message: "claude is not logged in" });
  return ok(number);
}

async function call({ file, cwd, env, signal }: ProbeInput, args: string[]) {
  const limits = { timeoutMs: PROBE_MS, graceMs: GRACE_MS, maxBuffer: MAX_OUTPUT };
  const ran = await runProcess({ file, args, cwd, env, signal, ...limits });
  if (!ran.ok) return err<ProviderFailure>({ kind: "unreachable", message: ran.error.message });
  if (ran.value.cancelled) return err<ProviderFailure>({ kind: "cancelled", message: "nobody waits for this answer any more" });
  if (ran.value.timedOut) return err<ProviderFailure>({ kind: "timeout", message: `${file} did not answer within ${PROBE_MS} ms` });
  return ok(ran.value);
}

function isLoggedOut(stdout: string): boolean {
  try {
    const login = Login.safeParse(JSON.parse(stdout));
    return login.success && !login.data.loggedIn;
  } catch {
    return false;
  }
}
