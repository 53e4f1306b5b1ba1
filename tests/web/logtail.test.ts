// The log of one intent: events and agents' lines as one list, filtered and copied; hostile text stays what it is.
import { expect, test } from "vitest";
import { eventText, filteredLog, logEntries, logText, MAX_ENTRIES, type NumberedLine } from "../../web/state/logtail.ts";
import { at, event, failure, intentId, jobId } from "./sample.ts";

let lines = 0;

function line(seconds: number, change: Partial<NumberedLine> = {}): NumberedLine {
  lines += 1;
  return {
    number: lines,
    at: at(seconds),
    level: "info",
    intentId: intentId(1),
    jobId: jobId("a", 1),
    stage: null,
    site: null,
    message: `line ${seconds}`,
    ...change,
  };
}

const received = event(1, { type: "intent.received", intent: 1, data: { text: "deploy", targetSites: [], by: "ada", dryRun: false } });
const failed = event(9, { type: "intent.failed", intent: 1, data: { failure: failure({ message: "edge1 is gone" }) } });
const deploying = event(5, {
  type: "edge.deploying",
  intent: 1,
  site: "edge1",
  data: { deploymentId: "dep_1", state: "syncing", commit: null, message: "pulling" },
});

test("events and lines are one list in the order of time, an event that came twice is there once", () => {
  const entries = logEntries([failed, received, deploying, received], [line(3), line(7)]);
  expect(entries.map((entry) => entry.type ?? entry.text)).toEqual([
    "intent.received",
    "line 3",
    "edge.deploying",
    "line 7",
    "intent.failed",
  ]);
  expect(new Set(entries.map((entry) => entry.key)).size).toBe(5);
});

test("lines of the same instant stay in the order in which they came", () => {
  const entries = logEntries([], [line(3, { message: "first" }), line(3, { message: "second" })]);
  expect(entries.map((entry) => entry.text)).toEqual(["first", "second"]);
});

test("only the newest are kept", () => {
  const entries = logEntries(
    [received],
    Array.from({ length: MAX_ENTRIES + 5 }, (_none, n) => line(n + 10)),
  );
  expect(entries).toHaveLength(MAX_ENTRIES);
  expect(entries[0]?.text).toBe("line 15");
});

test.each([
  [{ level: "all", site: "", text: "" }, ["e1", "e5", "e9", "warn", "error"]],
  [{ level: "events", site: "", text: "" }, ["e1", "e5", "e9"]],
  [{ level: "lines", site: "", text: "" }, ["warn", "error"]],
  [{ level: "bad", site: "", text: "" }, ["e9", "warn", "error"]],
  [{ level: "all", site: "edge1", text: "" }, ["e5", "error"]],
  [{ level: "all", site: "", text: " EDGE1 is" }, ["e9"]],
  [{ level: "all", site: "edge2", text: "" }, []],
] as const)("with the filter %j one sees %j", (filter, seen) => {
  const lines = [line(20, { level: "warn", message: "warn" }), line(21, { level: "error", message: "error", site: "edge1" })];
  const shown = filteredLog(logEntries([received, deploying, failed], lines), filter);
  expect(shown.map((entry) => (entry.level === "event" ? entry.key : entry.text))).toEqual(seen);
});

test("what an event says is its one detail, and data that is not as promised says nothing", () => {
  expect([received, deploying, failed].map(eventText)).toEqual(["deploy", "pulling", "edge1 is gone"]);
  expect(eventText({ data: { failure: 7, message: [], commit: null } })).toBe("");
});

test("copied lines are as they were written, instant, level and site before them", () => {
  const hostile = "\u001b[31m<script>alert(1)</script>\u202e";
  const entries = logEntries([deploying], [line(6, { level: "warn", site: "edge1", message: hostile })]);
  expect(logText(entries)).toBe(`${at(5)}  EVENT  edge.deploying  edge1  pulling\n${at(6)}  WARN   edge1  ${hostile}`);
});
