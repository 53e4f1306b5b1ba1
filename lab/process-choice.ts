// Decides which processes may be ended. Pure, and it fails closed: without positive evidence nothing is chosen, and a choice that
// cannot be right (this process, its ancestors, init) is an error instead of a signal.
import type { ProcessEntry } from "./process-table.ts";

const MARK_NAME = "LAB_SUPERVISED";
const MARK_SHAPE = /^LAB_SUPERVISED=\/[^#]+#([a-z][a-z0-9-]*#)?$/;

/**
 * How the environment of all that runs on a data directory begins to read: `LAB_SUPERVISED=<data dir>#<child>#<supervisor>`.
 * Children inherit it, so whatever they start can be found again.
 */
export function markOf(dataDir: string, child?: string): string {
  return `${MARK_NAME}=${dataDir}#${child === undefined ? "" : `${child}#`}`;
}

/** The environment entry of one child. */
export function markEntry(dataDir: string, child: string, supervisor: number): Record<string, string> {
  return { [MARK_NAME]: `${dataDir}#${child}#${supervisor}` };
}

export interface Tree {
  group: number | null; // a process group whose leader we started
  mark: string; // from markOf
  self: number;
}

/** The members of the group and whatever carries the mark. */
export function chooseTree(table: readonly ProcessEntry[], tree: Tree): number[] {
  assertMark(tree.mark);
  if (tree.group !== null && !(Number.isInteger(tree.group) && tree.group > 1)) throw new Error(`${tree.group} is not a group of ours`);
  const chosen = table.filter((entry) => isMarked(entry, tree.mark) || (tree.group !== null && entry.group === tree.group));
  const untouchable = ancestry(table, tree.self);
  const wrong = chosen.find((entry) => entry.pid <= 1 || untouchable.has(entry.pid));
  if (wrong !== undefined)
    throw new Error(`process ${wrong.pid} would be ended with ${tree.mark}, and this process lives in it: nothing was ended`);
  return chosen.map((entry) => entry.pid);
}

/** The supervisor that still is the parent of something marked, or null: then what is marked was left behind. */
export function livingSupervisor(table: readonly ProcessEntry[], mark: string): number | null {
  assertMark(mark);
  const kept = table.find((entry) => isMarked(entry, mark) && entry.mark?.endsWith(`#${entry.parent}`) === true);
  return kept?.parent ?? null;
}

/** Of old leaders the ones whose group is provably ours: a process id may have been given to a stranger since. */
export function ownGroups(table: readonly ProcessEntry[], leaders: readonly number[], mark: string): number[] {
  assertMark(mark);
  const groups = new Set(table.filter((entry) => isMarked(entry, mark)).map((entry) => entry.group));
  return leaders.filter((leader) => leader > 1 && groups.has(leader));
}

function isMarked(entry: ProcessEntry, mark: string): boolean {
  return typeof entry.mark === "string" && entry.mark.startsWith(mark);
}

/** A short or empty mark is the beginning of everybody's environment. */
function assertMark(mark: string): void {
  if (!MARK_SHAPE.test(mark)) throw new Error(`"${mark}" is not a mark`);
}

function ancestry(table: readonly ProcessEntry[], self: number): Set<number> {
  const parents = new Map(table.map((entry) => [entry.pid, entry.parent]));
  const found = new Set<number>();
  for (let pid: number | undefined = self; pid !== undefined && pid > 0 && !found.has(pid); pid = parents.get(pid)) found.add(pid);
  return found;
}
