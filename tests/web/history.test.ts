// The history's filter and its ids: the address, the server and live events agree on what is shown.
import { expect, test } from "vitest";
import { ListIntentsQuery } from "../../protocol/api.ts";
import { goingOf } from "../../web/areas/intents/going.ts";
import {
  filterOf,
  type HistoryFilter,
  historyIds,
  newerThan,
  queryOf,
  withFilter,
  withoutFilters,
} from "../../web/areas/intents/history-filter.ts";
import type { IntentEntry } from "../../web/state/model.ts";
import { draftOf } from "../../web/state/table.ts";
import { intentId, record } from "./sample.ts";

function table(changes: Record<number, Parameters<typeof record>[0]>) {
  const draft = draftOf<IntentEntry>({ ids: [], rows: [] });
  for (const [n, change] of Object.entries(changes)) {
    const id = intentId(Number(n));
    draft.put(id, { record: record({ ...change, intentId: id }), full: false, asOf: 0, touched: 0 });
  }
  return draft.table();
}

const ids = (...numbers: number[]) => numbers.map(intentId);
const all = { oldest: null, complete: true };

test("the address carries the filter there and back, and what is none of it is left alone", () => {
  const params = new URLSearchParams("q=edge+two&status=failed&action=scale&site=edge1&tab=x");
  expect(filterOf(params)).toEqual({ q: "edge two", status: "failed", action: "scale", site: "edge1" });
  expect(withFilter(params, "status", "running").get("status")).toBe("running");
  expect(withoutFilters(params).toString()).toBe("tab=x");
});

test("a link that was typed by hand never asks the server for what it refuses", () => {
  const filter = filterOf(new URLSearchParams({ q: `  ${"x".repeat(900)}`, status: "gone", action: "explode", site: "s".repeat(99) }));
  expect(filter).toEqual({ q: expect.stringMatching(/^ {2}x+$/), site: "s".repeat(64) });
  expect(ListIntentsQuery.safeParse(queryOf(filter)).success).toBe(true);
  expect(filterOf(new URLSearchParams("q=%20%20"))).toEqual({});
});

test.each<[HistoryFilter, number[]]>([
  [{}, [4, 3, 2, 1]],
  [{ status: "failed" }, [3]],
  [{ action: "scale" }, [2]],
  [{ site: "edge2" }, [4, 2]],
  [{ q: " VIDEO " }, [4, 3]],
  [{ q: "video", site: "edge2" }, [4]],
])("%j lets through what fits it, newest first", (filter, shown) => {
  const known = table({
    1: {},
    2: { action: "scale", sites: ["edge2"] },
    3: { status: "failed", text: "Video slice" },
    4: { sites: ["edge1", "edge2"], text: "a slice for video" },
  });
  expect(historyIds(known, filter, all)).toEqual(ids(...shown));
});

test("what is known by chance from below the loaded pages is not shown before they reach it", () => {
  const known = table({ 1: {}, 5: {}, 8: {}, 9: {} });
  expect(historyIds(known, {}, { oldest: intentId(5), complete: false })).toEqual(ids(9, 8, 5));
  expect(historyIds(known, { q: "slice" }, { oldest: intentId(8), complete: false })).toEqual(ids(9, 8));
  expect(historyIds(known, {}, { oldest: null, complete: false })).toEqual([]);
  expect(historyIds(known, {}, { oldest: "", complete: false })).toEqual(ids(9, 8, 5, 1)); // while the first page is on its way
});

test("an event that moves an intent out of the filter takes it out of the list, and one that moves it in puts it in its place", () => {
  const failed = { status: "failed" as const };
  expect(historyIds(table({ 1: failed, 2: failed, 3: failed }), failed, all)).toEqual(ids(3, 2, 1));
  expect(historyIds(table({ 1: failed, 2: { status: "rolled_back" }, 3: failed, 4: failed }), failed, all)).toEqual(ids(4, 3, 1));
});

test("what came on top since is counted, also when the one that was on top is gone", () => {
  expect(newerThan(ids(5, 4, 3), null)).toBe(0);
  expect(newerThan(ids(5, 4, 3), intentId(5))).toBe(0);
  expect(newerThan(ids(7, 6, 5), intentId(5))).toBe(2);
  expect(newerThan(ids(7, 6, 4), intentId(5))).toBe(2);
  expect(newerThan(ids(7), intentId(5))).toBe(1);
});

test("what waits for a person is apart from what is at work, and what is over is in neither", () => {
  const { waiting, running } = goingOf(
    table({
      1: { status: "awaiting_approval" },
      2: { status: "running" },
      3: { status: "completed" },
      4: { status: "needs_decision" },
      5: { status: "parsed", dryRun: true },
      6: { status: "received" },
    }),
  );
  expect(waiting.map((one) => one.intentId)).toEqual(ids(4, 1));
  expect(running.map((one) => one.intentId)).toEqual(ids(6, 2));
});
