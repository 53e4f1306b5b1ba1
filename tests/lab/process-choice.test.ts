import { expect, test } from "vitest";
import { chooseTree, livingSupervisor, markOf, ownGroups } from "../../lab/process-choice.ts";
import type { ProcessEntry } from "../../lab/process-table.ts";

const MARK = markOf("/srv/data");
const WORKER = markOf("/srv/data", "worker");
const SELF = 500;

/** init → a shell → this process; its worker with workerd and a helper in a group of its own; a stranger. */
const TABLE: ProcessEntry[] = [
  { pid: 1, parent: 0, group: 1, mark: null },
  { pid: 400, parent: 1, group: 400, mark: null },
  { pid: SELF, parent: 400, group: SELF, mark: null },
  { pid: 600, parent: SELF, group: 600, mark: `${WORKER}500` },
  { pid: 601, parent: 600, group: 600, mark: null },
  { pid: 602, parent: 600, group: 602, mark: `${WORKER}500` },
  { pid: 700, parent: SELF, group: 700, mark: `${markOf("/srv/data", "agent")}500` },
  { pid: 900, parent: 1, group: 900, mark: null },
];

test("a tree is the group and what carries the child's mark, nothing of its siblings or of strangers", () => {
  expect(chooseTree(TABLE, { group: 600, mark: WORKER, self: SELF })).toEqual([600, 601, 602]);
  expect(chooseTree(TABLE, { group: null, mark: WORKER, self: SELF })).toEqual([600, 602]);
  expect(chooseTree(TABLE, { group: null, mark: MARK, self: SELF })).toEqual([600, 602, 700]);
});

test("without a mark that fits, and without a group, nothing is chosen", () => {
  expect(chooseTree(TABLE, { group: null, mark: markOf("/srv/data2"), self: SELF })).toEqual([]);
  expect(chooseTree(TABLE, { group: 12_345, mark: markOf("/srv/other"), self: SELF })).toEqual([]);
});

test("a row that says nothing about its mark is never taken for marked", () => {
  const silent: ProcessEntry[] = JSON.parse(JSON.stringify(TABLE.map(({ pid, parent, group }) => ({ pid, parent, group }))));
  expect(chooseTree(silent, { group: null, mark: MARK, self: SELF })).toEqual([]);
  expect(livingSupervisor(silent, MARK)).toBe(null);
  expect(ownGroups(silent, [600, 900], MARK)).toEqual([]);
});

test.each(["", "LAB_SUPERVISED=", "LAB_SUPERVISED=/", "LAB_SUPERVISED=/srv/data", "P", "PATH=/usr/bin#"])(
  "%j is too little to tell ours from others', and refused",
  (mark) => {
    expect(() => chooseTree(TABLE, { group: null, mark, self: SELF })).toThrow("is not a mark");
    expect(() => livingSupervisor(TABLE, mark)).toThrow("is not a mark");
    expect(() => ownGroups(TABLE, [600], mark)).toThrow("is not a mark");
  },
);

test.each([0, 1, -1, Number.NaN, 600.5])("group %j is refused", (group) => {
  expect(() => chooseTree(TABLE, { group, mark: WORKER, self: SELF })).toThrow("is not a group of ours");
});

test("a choice that holds this process, one of its ancestors or init ends nothing", () => {
  const withMark = (pid: number) => TABLE.map((entry) => (entry.pid === pid ? { ...entry, mark: `${WORKER}1` } : entry));
  for (const pid of [1, 400, SELF]) {
    expect(() => chooseTree(withMark(pid), { group: null, mark: MARK, self: SELF })).toThrow("nothing was ended");
  }
  expect(() => chooseTree(TABLE, { group: SELF, mark: WORKER, self: SELF })).toThrow("nothing was ended");
});

test("a supervisor lives as long as it is the parent of what it marked", () => {
  expect(livingSupervisor(TABLE, MARK)).toBe(500);
  const orphaned = TABLE.map((entry) => (entry.parent === SELF ? { ...entry, parent: 1 } : entry));
  expect(livingSupervisor(orphaned, MARK)).toBe(null);
});

test("of the leaders in old pid files only groups with a marked member are ours", () => {
  expect(ownGroups(TABLE, [600, 700, 900, 1, 4_000], MARK)).toEqual([600, 700]);
});
