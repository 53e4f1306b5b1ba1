// The connection state: it is live only when nothing is missing and something was heard, and says since when it is stale.
import { expect, test } from "vitest";
import { freshness, GRACE_MS, type Link, reconnectDelayMs, SILENCE_LIMIT_MS } from "../../web/state/freshness.ts";
import { newAllowance, newTask, runWhenDue } from "../../web/state/task.ts";

const NOW = 1_000_000;
const link = (change: Partial<Link> = {}): Link => ({
  subscribed: true,
  heardAt: NOW,
  syncedAt: NOW,
  lostAt: null,
  stopped: null,
  ...change,
});
const current = { loaded: true, lastSeq: 7, head: 7 };
const clock = { now: NOW, startedAt: 0 };

test("subscribed, heard of lately and nothing missing is live", () => {
  expect(freshness(link(), current, clock)).toEqual({ state: "live" });
});

test("an open socket with events missing is catching up, and stale when that lasts", () => {
  const behind = { ...current, head: 9 };
  expect(freshness(link(), behind, clock)).toEqual({ state: "catching_up" });
  const stuck = link({ syncedAt: NOW - GRACE_MS - 1 });
  expect(freshness(stuck, behind, clock)).toEqual({ state: "stale", since: NOW - GRACE_MS - 1, reason: null });
});

test("a socket that is open but silent for longer than two pings is not live", () => {
  const silentSince = NOW - SILENCE_LIMIT_MS - 1;
  const silent = link({ heardAt: silentSince, syncedAt: silentSince });
  expect(freshness(silent, current, clock)).toEqual({ state: "stale", since: silentSince, reason: null });
});

test("a lost socket is catching up for a moment, then stale since the last time all was known", () => {
  const lost = link({ subscribed: false, syncedAt: NOW - GRACE_MS });
  expect(freshness(lost, current, clock)).toEqual({ state: "catching_up" });
  expect(freshness(lost, current, { ...clock, now: NOW + 1 })).toEqual({ state: "stale", since: NOW - GRACE_MS, reason: null });
});

test("a quiet socket that is cut is not stale before it had its moment to come back", () => {
  const quiet = link({ subscribed: false, syncedAt: NOW - 15_000, lostAt: NOW });
  expect(freshness(quiet, current, clock)).toEqual({ state: "catching_up" });
  expect(freshness(quiet, current, { ...clock, now: NOW + GRACE_MS + 1 })).toEqual({ state: "stale", since: NOW - 15_000, reason: null });
});

test("a page that never had anything says that it is not connected", () => {
  const never = link({ subscribed: false, heardAt: null, syncedAt: null });
  const empty = { loaded: false, lastSeq: 0, head: 0 };
  expect(freshness(never, empty, { now: NOW, startedAt: NOW })).toEqual({ state: "catching_up" });
  expect(freshness(never, empty, clock)).toEqual({ state: "stale", since: null, reason: null });
});

test("a refusal is stale at once and carries its reason", () => {
  expect(freshness(link({ stopped: "refused" }), current, clock)).toEqual({ state: "stale", since: NOW, reason: "refused" });
});

test("a browser without a network is stale at once, whatever was heard a moment ago", () => {
  expect(freshness(link(), current, { ...clock, online: false })).toEqual({ state: "stale", since: NOW, reason: null });
  expect(freshness(link(), current, { ...clock, online: true })).toEqual({ state: "live" });
});

test("the first connection goes at once, later ones wait a random part of a growing, bounded time", () => {
  expect([0, 1, 2, 5, 40].map((attempt) => reconnectDelayMs(attempt, 1))).toEqual([0, 1_000, 2_000, 15_000, 15_000]);
  expect(reconnectDelayMs(5, 0)).toBe(0);
  expect(reconnectDelayMs(5, 0.5)).toBe(7_500);
});

test("a task runs when due, never twice at once, and leaves the far end alone for as long as it asked", async () => {
  const task = newTask();
  let now = 0;
  let calls = 0;
  const release = Promise.withResolvers<void>();
  const round = { now: () => now, random: () => 0, everyMs: 100, asked: () => 3_000 };
  const second = async () => {
    calls += 1;
  };
  const slow = runWhenDue(task, { ...round, work: () => release.promise });
  await runWhenDue(task, { ...round, work: second });
  expect(calls).toBe(0);
  release.resolve();
  expect(await slow).toBeUndefined();
  expect(task).toEqual({ running: false, dueAt: 100, failures: 0 });
  now = 100;
  const broken = new Error("busy");
  expect(await runWhenDue(task, { ...round, work: () => Promise.reject(broken) })).toBe(broken);
  expect(task).toEqual({ running: false, dueAt: 3_100, failures: 1 });
});

test("an allowance gives a burst, then so many a second, never more than it holds, and nothing for a clock that is set back", () => {
  let now = 0;
  const allowance = newAllowance({ now: () => now, burst: 6, perSecond: 2 });
  expect([allowance.take(4), allowance.take(4), allowance.take(1)]).toEqual([4, 2, 0]);
  now = 1_500;
  expect([allowance.take(2), allowance.take(9)]).toEqual([2, 1]);
  now = 500;
  expect(allowance.take(1)).toBe(0);
  now = 3_600_000;
  expect(allowance.take(100)).toBe(6);
});
