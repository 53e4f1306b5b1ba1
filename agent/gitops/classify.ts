// Says what a failed git command means, from its exit and words. Pure; what to do about it is decided in retry.ts.

export type GitProblem = "git_unreachable" | "git_refused" | "non_fast_forward" | "git_conflict" | "other";

export interface GitOutcome {
  exitCode: number | null; // null: ended by a signal
  stdout: string;
  stderr: string;
  timedOut: boolean; // while talking to the server
}

// The first row that matches decides, so a row may rely on those above it. The words are git's own under LANG=C.
const RULES: readonly (readonly [GitProblem, RegExp])[] = [
  // Two pushes meeting on the server show as a failed ref lock; the loser starts again like any other.
  ["non_fast_forward", /\[rejected\]|\(fetch first\)|\(non-fast-forward\)|\(stale info\)/i],
  ["non_fast_forward", /\[remote rejected\].*\((cannot lock ref|failed to update ref|incorrect old value|failed to lock)/i],
  ["git_refused", /\[remote rejected\]|hook declined|protected branch/i],
  ["git_refused", /authentication failed|could not read (username|password)|terminal prompts disabled|invalid credentials/i],
  ["git_refused", /returned error: 40[0-79]|http 40[0-79]|repository '[^']*' not found/i], // 408 is a timeout
  ["git_refused", /permission denied|access denied|host key verification failed|operation not permitted/i],
  ["git_refused", /ssl certificate|certificate verif|couldn't find remote ref|transport '[^']*' not allowed/i],
  ["git_conflict", /could not revert|^conflict \(|after resolving the conflicts|is a merge but no -m option/im],
  ["git_unreachable", /could not resolve (host|proxy)|failed to connect|couldn't connect|connection (refused|reset|timed out|closed)/i],
  ["git_unreachable", /returned error: (408|429|5\d\d)|rpc failed|hung up unexpectedly|early eof|unexpected disconnect/i],
  ["git_unreachable", /empty reply from server|recv failure|send failure|gnutls|openssl|operation timed out|network is unreachable/i],
  ["git_unreachable", /no route to host|expected flush|invalid pkt|bad (line length|band)|unable to access '/i],
  ["git_unreachable", /does not appear to be a git repository|could not read from remote repository|repository .* does not exist/i],
];

/** What the server wrote by itself (`remote: …`) is left out: a hook's words must not pass for git's. */
export function classify(outcome: GitOutcome): GitProblem {
  if (outcome.timedOut) return "git_unreachable";
  const words = `${outcome.stdout}\n${outcome.stderr}`
    .split("\n")
    .filter((line) => !line.startsWith("remote:"))
    .join("\n");
  return RULES.find(([, pattern]) => pattern.test(words))?.[0] ?? "other";
}

const DETAIL_MAX_CHARS = 400;
const NOISE = /^(hint:|To |Done$|\s*$)/;

/** The telling lines of a failure for a person: what the server said, else git's own errors; one line, no control characters. */
export function detailOf(outcome: GitOutcome): string {
  if (outcome.timedOut) return "no answer in time";
  const lines = `${outcome.stderr}\n${outcome.stdout}`.split(/[\r\n]+/).filter((line) => !NOISE.test(line));
  const remote = lines.filter((line) => line.startsWith("remote:")).map((line) => line.slice("remote:".length));
  const errors = lines.filter((line) => /^(fatal|error): |rejected\]/.test(line)).map((line) => line.replace(/^(fatal|error): /, ""));
  const telling = [...remote, ...errors];
  const text = (telling.length > 0 ? telling : lines).map((line) => cleanLine(line)).filter((line) => line !== "");
  return (text.join("; ") || `git ended with ${outcome.exitCode ?? "a signal"}`).slice(0, DETAIL_MAX_CHARS);
}

function cleanLine(line: string): string {
  return line
    .replace(/(\w+:\/\/)[^/@\s]*@/g, "$1") // userinfo of a URL
    .replace(/[\p{Cc}\p{Cf}]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}
