// What the newest commits of the branch say of themselves in their trailers: which job made them, what they take back.
// A bounded index kept beside the clone, so that the question "is it there already" costs no git process.
import type { Git } from "./run.ts";

const WINDOW_COMMITS = 2_000; // how far back a job's commit is looked for
const INDEX_MAX_COMMITS = 10_000; // the oldest leave first

export interface HistoryEntry {
  commit: string;
  parent: string;
  jobId: string | null;
  wave?: number; // of the job's waves, from 1; absent: its only one
  reverts: string | null;
  sites: string[] | null; // null: all of them, as a person's own `git revert` means it
}

interface RevertQuery {
  commit: string;
  sites: string[];
  jobId: string;
}

export interface History {
  add(entry: HistoryEntry): void;
  /** The job's push, or that of one of its waves; its reverts carry the same Job-Id and are not meant. */
  pushOf(jobId: string, wave?: number): HistoryEntry | undefined;
  /** A revert of the commit for at least these sites: by the same job, or by another and still in force. */
  revertOf(query: RevertQuery): HistoryEntry | undefined;
  /** The job's own reverts of the commit, oldest first. */
  revertsBy(jobId: string, commit: string): HistoryEntry[];
}

function pushKey(jobId: string, wave = 1): string {
  return `${jobId} ${wave}`;
}

export function createHistory(): History {
  const entries = new Map<string, HistoryEntry>();
  const pushes = new Map<string, HistoryEntry>();
  const reverts = new Map<string, HistoryEntry[]>(); // by what they take back

  function drop(entry: HistoryEntry): void {
    entries.delete(entry.commit);
    if (entry.reverts !== null) reverts.delete(entry.reverts);
    else if (entry.jobId !== null) pushes.delete(pushKey(entry.jobId, entry.wave));
  }
  return {
    add(entry) {
      if (entries.has(entry.commit)) return;
      entries.set(entry.commit, entry);
      if (entry.reverts !== null) reverts.set(entry.reverts, [...(reverts.get(entry.reverts) ?? []), entry]);
      else if (entry.jobId !== null) {
        const key = pushKey(entry.jobId, entry.wave);
        if (!pushes.has(key)) pushes.set(key, entry);
      }
      const oldest = entries.size > INDEX_MAX_COMMITS ? entries.values().next().value : undefined;
      if (oldest !== undefined) drop(oldest);
    },
    pushOf: (jobId, wave) => pushes.get(pushKey(jobId, wave)),
    revertOf({ commit, sites, jobId }) {
      const covering = (reverts.get(commit) ?? []).filter((entry) => sites.every((site) => entry.sites?.includes(site) ?? true));
      return covering.find((entry) => entry.jobId === jobId) ?? covering.find((entry) => !reverts.has(entry.commit));
    },
    revertsBy: (jobId, commit) => (reverts.get(commit) ?? []).filter((entry) => entry.jobId === jobId),
  };
}

// Mark, id, parents, trailers as git itself parses them, body (for a person's `git revert`); NUL between, RS in front.
const FORMAT = "%x1e%m%x00%H%x00%P%x00%(trailers:only=true,unfold=true)%x00%b";

/** The history at `tip`; continues `known` when the branch only grew, starts anew when it was rewritten. */
export async function readHistory(
  git: Git,
  known: { tip: string; history: History } | undefined,
  at: { tip: string; signal: AbortSignal },
): Promise<History> {
  const range = known === undefined ? [at.tip] : ["--left-right", `${known.tip}...${at.tip}`];
  const text = await git.run({
    args: ["log", "--topo-order", "-n", String(WINDOW_COMMITS), `--format=${FORMAT}`, ...range, "--"],
    signal: at.signal,
  });
  const records = text.split("\x1e").slice(1);
  if (known !== undefined && records.some((record) => record.startsWith("<"))) return readHistory(git, undefined, at);
  const history = known?.history ?? createHistory();
  for (const record of records.reverse()) history.add(parseRecord(record)); // oldest first
  return history;
}

function parseRecord(record: string): HistoryEntry {
  const [, commit = "", parents = "", trailers = "", body = ""] = record.split("\0");
  const values = new Map<string, string>();
  for (const line of trailers.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) values.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const byHand = /^This reverts commit ([0-9a-f]{40})\.$/m.exec(body)?.[1] ?? null;
  const sites = values.get("sites");
  const wave = /^(\d{1,3})\/\d{1,3}$/.exec(values.get("wave") ?? "")?.[1];
  return {
    commit,
    parent: parents.split(" ")[0] ?? "",
    jobId: values.get("job-id") ?? null,
    ...(wave === undefined ? {} : { wave: Number(wave) }),
    reverts: values.get("reverts-commit") ?? byHand,
    sites: sites === undefined ? null : sites.split(",").map((site) => site.trim()),
  };
}
