import { expect, test } from "vitest";
import { classify, detailOf, type GitProblem } from "../../../agent/gitops/classify.ts";

const outcome = (text: string) => ({ exitCode: 128, stdout: "", stderr: text, timedOut: false });

// Real words of git 2.39 and of common servers.
const CASES: [GitProblem, string][] = [
  ["non_fast_forward", "!\tabc:refs/heads/main\t[rejected] (fetch first)\nerror: failed to push some refs to '/r.git'"],
  ["non_fast_forward", "!\tabc:refs/heads/main\t[rejected] (non-fast-forward)"],
  [
    "non_fast_forward",
    "remote: error: cannot lock ref\n!\tabc:refs/heads/main\t[remote rejected] (cannot lock ref 'refs/heads/main': is at 1 but expected 2)",
  ],
  ["non_fast_forward", "!\tabc:refs/heads/main\t[remote rejected] (failed to update ref)"],
  ["non_fast_forward", "!\tabc:refs/heads/main\t[remote rejected] (incorrect old value provided)"],
  ["git_refused", "remote: policy says no\n!\tabc:refs/heads/main\t[remote rejected] (pre-receive hook declined)"],
  ["git_refused", "remote: Connection refused by policy\n!\tabc:refs/heads/main\t[remote rejected] (hook declined)"],
  ["git_refused", "!\tabc:refs/heads/main\t[remote rejected] (protected branch hook declined)"],
  ["git_refused", "fatal: Authentication failed for 'http://127.0.0.1/x.git/'"],
  ["git_refused", "fatal: could not read Username for 'http://127.0.0.1': terminal prompts disabled"],
  ["git_refused", "fatal: unable to access 'http://127.0.0.1/x.git/': The requested URL returned error: 403"],
  ["git_refused", "remote: Repository not found.\nfatal: repository 'https://github.com/a/b/' not found"],
  ["git_refused", "git@host: Permission denied (publickey).\nfatal: Could not read from remote repository."],
  ["git_refused", "Host key verification failed.\nfatal: Could not read from remote repository."],
  ["git_refused", "fatal: unable to access 'https://h/': SSL certificate problem: self signed certificate"],
  ["git_refused", "fatal: couldn't find remote ref refs/heads/main"],
  ["git_refused", "fatal: transport 'ext' not allowed"],
  ["git_conflict", "error: could not revert 1234567... Deploy x\nhint: after resolving the conflicts, mark the corrected paths"],
  ["git_conflict", "error: commit 1234 is a merge but no -m option was given.\nfatal: revert failed"],
  ["git_unreachable", "fatal: unable to access 'http://h/': Could not resolve host: h"],
  ["git_unreachable", "fatal: unable to access 'http://127.0.0.1:1/x/': Failed to connect to 127.0.0.1 port 1: Connection refused"],
  ["git_unreachable", "fatal: unable to access 'http://h/': The requested URL returned error: 503"],
  ["git_unreachable", "fatal: unable to access 'http://h/': Empty reply from server"],
  [
    "git_unreachable",
    "error: RPC failed; curl 56 Recv failure: Connection reset by peer\nsend-pack: unexpected disconnect while reading sideband packet",
  ],
  ["git_unreachable", "fatal: the remote end hung up unexpectedly"],
  ["git_unreachable", "ssh: connect to host h port 22: Connection timed out\nfatal: Could not read from remote repository."],
  ["git_unreachable", "fatal: '/gone.git' does not appear to be a git repository\nfatal: Could not read from remote repository."],
  ["other", "fatal: Unable to create '/d/clone.git/index.lock': File exists."],
  ["other", "fatal: not a git repository: '/d/clone.git'"],
  ["other", "error: object file .git/objects/ab/cd is empty\nfatal: loose object abcd is corrupt"],
  ["other", "fatal: write error: No space left on device"],
  ["other", ""],
];

test.each(CASES)("%s: %s", (problem, text) => {
  expect(classify(outcome(text))).toBe(problem);
  expect(classify({ ...outcome(""), stdout: text })).toBe(problem);
});

test("a command that ran out of time means that the server cannot be reached", () => {
  expect(classify({ exitCode: null, stdout: "", stderr: "", timedOut: true })).toBe("git_unreachable");
});

test("the detail is the server's own words first, in one clean line", () => {
  const text =
    "remote: policy \u001b[31msays no\u0007\nremote:   ask Ada\nTo http://u:p@h/x.git\nerror: failed to push some refs to 'http://u:p@h/x.git'\nhint: nothing";
  expect(detailOf(outcome(text))).toBe("policy [31msays no; ask Ada; failed to push some refs to 'http://h/x.git'");
  expect(detailOf(outcome(""))).toBe("git ended with 128");
  expect(detailOf(outcome(`fatal: ${"x".repeat(2_000)}`))).toHaveLength(400);
});
