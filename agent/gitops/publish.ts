// Makes one commit on top of a known one, straight into the object database, and pushes it. Either the branch has it whole or not at all.
import type { Clone } from "./clone.ts";
import { cleanIdentity } from "./message.ts";
import type { Settings } from "./settings.ts";

/** `delete` takes a file or a whole folder away. Applied in order. */
export type TreeChange =
  | { kind: "write"; path: string; content: string }
  | { kind: "link"; path: string; mode: string; id: string } // a blob that is in the clone already
  | { kind: "delete"; path: string };

interface NewCommit {
  parent: string;
  message: string;
  changes: readonly TreeChange[];
}

const OUTGOING_REF = "refs/agent/outgoing"; // keeps the newest commit from being swept; nothing reads it

/** A commit on no branch; without changes it is an empty one, made all the same. */
export async function writeCommit(clone: Clone, settings: Settings, work: { commit: NewCommit; signal: AbortSignal }): Promise<string> {
  const out = await clone.git.run({
    args: ["fast-import", "--quiet", "--force"],
    input: importStream(work.commit, settings),
    signal: work.signal,
  });
  const commit = /^[0-9a-f]{40}$/m.exec(out)?.[0];
  if (commit === undefined) throw new Error("git made no commit");
  return commit;
}

/** Never forced: the server takes it only on top of the parent it was made for. */
export async function pushCommit(clone: Clone, settings: Settings, work: { commit: string; signal: AbortSignal }): Promise<void> {
  const args = ["push", "--porcelain", "--no-verify", settings.url, `${work.commit}:refs/heads/${settings.branch}`];
  await clone.git.run({ args, remote: true, signal: work.signal });
}

// git-fast-import(1). Strings go in as counted bytes, so no content can end its own field.
function importStream({ parent, message, changes }: NewCommit, { author }: Settings): string {
  const who = `${cleanIdentity(author.name)} <${cleanIdentity(author.email).replace(/\s/g, "")}> ${Math.floor(Date.now() / 1_000)} +0000`;
  const head = ["feature done", `commit ${OUTGOING_REF}`, "mark :1", `author ${who}`, `committer ${who}`, data(message), `from ${parent}`];
  return `${[...head, ...changes.map(changeLines), "get-mark :1", "done"].join("\n")}\n`;
}

function changeLines(change: TreeChange): string {
  if (change.kind === "delete") return `D ${quote(change.path)}`;
  if (change.kind === "link") return `M ${change.mode} ${change.id} ${quote(change.path)}`;
  return `M 100644 inline ${quote(change.path)}\n${data(change.content)}`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text, "utf8")}\n${text}`;
}

function quote(path: string): string {
  return `"${path.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
