// Freeze windows: once or weekly, over midnight, in their own time zone, and one after the other.
import { expect, test } from "vitest";
import { freezeReasons, frozenUntil } from "../../intent/freeze.ts";
import { FreezeWindow } from "../../protocol/site.ts";

const window = (patch: object) => FreezeWindow.parse(patch);
const until = (windows: FreezeWindow[], now: string) => frozenUntil(windows, new Date(now))?.toISOString() ?? null;

const once = window({ from: "2026-11-20T10:00:00Z", to: "2026-11-20T12:00:00Z", reason: "audit" });

test.each([
  ["2026-11-20T09:59:59.999Z", null],
  ["2026-11-20T10:00:00.000Z", "2026-11-20T12:00:00.000Z"],
  ["2026-11-20T11:59:59.999Z", "2026-11-20T12:00:00.000Z"],
  ["2026-11-20T12:00:00.000Z", null],
])("a window that is open once: at %s frozen until %s", (now, end) => {
  expect(until([once], now)).toBe(end);
});

// 2026-11-20 is a Friday.
const nights = window({ weekdays: ["fri"], start: "22:00", end: "06:00" });

test.each([
  ["2026-11-20T21:59:59Z", null],
  ["2026-11-20T22:00:00Z", "2026-11-21T06:00:00.000Z"],
  ["2026-11-21T00:30:15Z", "2026-11-21T06:00:00.000Z"],
  ["2026-11-21T05:59:59Z", "2026-11-21T06:00:00.000Z"],
  ["2026-11-21T06:00:00Z", null],
  ["2026-11-20T01:00:00Z", null], // the night before begins on a Thursday
  ["2026-11-21T22:30:00Z", null], // a Saturday
])("a weekly window over midnight belongs to the day it begins on: at %s frozen until %s", (now, end) => {
  expect(until([nights], now)).toBe(end);
});

test("a window whose end is its start is a whole day", () => {
  const day = window({ weekdays: ["fri"], start: "08:00", end: "08:00" });
  expect([until([day], "2026-11-20T08:00:00Z"), until([day], "2026-11-21T07:59:00Z"), until([day], "2026-11-21T08:00:00Z")]).toEqual([
    "2026-11-21T08:00:00.000Z",
    "2026-11-21T08:00:00.000Z",
    null,
  ]);
});

test("a weekly window is read in its own time zone, where it may be another day", () => {
  const taipei = window({ weekdays: ["sat"], start: "00:00", end: "04:00", timeZone: "Asia/Taipei" }); // UTC+8
  expect(until([taipei], "2026-11-20T16:30:00Z")).toBe("2026-11-20T20:00:00.000Z");
  expect(until([taipei], "2026-11-20T15:59:00Z")).toBeNull();
  expect(until([taipei], "2026-11-21T01:00:00Z")).toBeNull();
  const kathmandu = window({ weekdays: ["fri"], start: "09:00", end: "10:00", timeZone: "Asia/Kathmandu" }); // UTC+5:45
  expect(until([kathmandu], "2026-11-20T03:30:00Z")).toBe("2026-11-20T04:15:00.000Z");
});

test("windows that touch or overlap are one: frozen until the last of them ends", () => {
  const next = window({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T13:00:00Z" });
  const inside = window({ from: "2026-11-20T12:30:00Z", to: "2026-11-20T14:00:00Z" });
  const apart = window({ from: "2026-11-20T14:00:01Z", to: "2026-11-20T15:00:00Z" });
  expect(until([apart, inside, once, next], "2026-11-20T11:00:00Z")).toBe("2026-11-20T14:00:00.000Z");
});

test("a site that is frozen every hour of every week is never free, and asking ends", () => {
  const always = window({ weekdays: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], start: "00:00", end: "00:00" });
  expect(Date.parse(until([always], "2026-11-20T11:00:00Z") ?? "")).toBeGreaterThan(Date.parse("2026-12-20T00:00:00Z"));
});

test("without windows nothing is frozen", () => {
  expect(until([], "2026-11-20T11:00:00Z")).toBeNull();
});

test("the reasons of the open windows are told, and no others", () => {
  const silent = window({ from: "2026-11-20T10:30:00Z", to: "2026-11-20T11:30:00Z" });
  expect(freezeReasons([once, silent, nights], new Date("2026-11-20T11:00:00Z"))).toEqual(["audit"]);
});

test.each([
  ["an end before its start", { from: "2026-11-20T12:00:00Z", to: "2026-11-20T10:00:00Z" }],
  ["no weekday", { weekdays: [], start: "08:00", end: "09:00" }],
  ["an hour 24", { weekdays: ["mon"], start: "24:00", end: "09:00" }],
  ["an unknown time zone", { weekdays: ["mon"], start: "08:00", end: "09:00", timeZone: "Mars/Olympus" }],
])("a window with %s is none", (_, patch) => {
  expect(FreezeWindow.safeParse(patch).success).toBe(false);
});
