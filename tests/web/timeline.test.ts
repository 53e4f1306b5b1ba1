// The bars of the timeline: from when to when each stage and each site went on, live ones open, and an axis that stands still between ticks.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { MonitorStage } from "../../protocol/event.ts";
import { axisOf, timelineOf, wavesOf } from "../../web/state/timeline.ts";
import { at, deployment, plan, record } from "./sample.ts";

const ms = (seconds: number) => Date.parse(at(seconds));
const step = (stage: MonitorStage, seconds: number, site: string | null = null) => ({ stage, at: at(seconds), site });
const place = (site: string, state: "syncing" | "provisioned" | "verified" | "failed" | "reverted", seconds: number) => ({
  site,
  state,
  commit: null,
  message: "",
  updatedAt: at(seconds),
});

const PREPARED = [
  step("input_received", 0),
  step("llm_processing", 1),
  step("intent_parsed", 3),
  step("krm_generating", 3),
  step("krm_generated", 5),
];
const PUSHED = [...PREPARED, step("gitops_pushing", 6), step("gitops_pushed", 8)];

const bars = (timeline: ReturnType<typeof timelineOf>, id: string) => timeline.rows.find((row) => row.id === id)?.bars;

test("a stage lasts until the next one is entered, and an instant has no length", () => {
  const timeline = timelineOf(record({ status: "running", stages: PUSHED }), null);
  expect(bars(timeline, "llm_processing")).toEqual([{ from: ms(1), to: ms(3), tone: "done" }]);
  expect(bars(timeline, "krm_generated")).toEqual([{ from: ms(5), to: ms(5), tone: "done" }]);
  expect(bars(timeline, "slo_validating")).toBeUndefined();
});

test("what goes on has no end yet, and so has the whole", () => {
  const timeline = timelineOf(record({ status: "parsing", stages: PREPARED.slice(0, 2) }), null);
  expect(bars(timeline, "llm_processing")).toEqual([{ from: ms(1), to: null, tone: "active" }]);
  expect(timeline.to).toBeNull();
});

test("the wait for a person lasts until that person has said something", () => {
  const stages = PREPARED.slice(0, 2);
  const timeline = timelineOf(record({ status: "needs_clarification", stages, updatedAt: at(4) }), null);
  expect(bars(timeline, "llm_processing")).toEqual([{ from: ms(1), to: null, tone: "wait" }]);
  expect(timeline.to).toBeNull();
});

test("sites go their own pace: each has its own bar, the stage lasts as long as any of them", () => {
  const stages = [...PUSHED, step("edge_deploying", 8, "edge1"), step("edge_deploying", 9, "edge2"), step("edge_deployed", 12, "edge1")];
  const going = deployment({ status: "applying", sites: [place("edge1", "provisioned", 12), place("edge2", "syncing", 9)] });
  const timeline = timelineOf(record({ status: "running", stages }), going);
  expect(bars(timeline, "site:edge1")).toEqual([{ from: ms(8), to: ms(12), tone: "done" }]);
  expect(bars(timeline, "site:edge2")).toEqual([{ from: ms(9), to: null, tone: "active" }]);
  expect(bars(timeline, "edge_deploying")).toEqual([{ from: ms(8), to: null, tone: "active" }]);
});

test("the sites stand under the stage in which they branch off", () => {
  const stages = [...PUSHED, step("edge_deploying", 8, "edge1"), step("edge_deployed", 12, "edge1"), step("slo_validating", 12)];
  const going = deployment({ status: "applying", sites: [place("edge1", "provisioned", 12)] });
  const rows = timelineOf(record({ status: "running", stages }), going).rows.map((row) => row.id);
  expect(rows.slice(rows.indexOf("edge_deploying"))).toEqual(["edge_deploying", "site:edge1", "edge_deployed", "slo_validating"]);
});

test("a site that failed stops when it said so, one that was taken back shows when", () => {
  const stages = [
    ...PUSHED,
    step("edge_deploying", 8, "edge1"),
    step("edge_deploying", 8, "edge2"),
    step("edge_deployed", 10, "edge1"),
    step("rollback", 20),
  ];
  const over = deployment({ status: "failed", sites: [place("edge1", "reverted", 25), place("edge2", "failed", 15)] });
  const timeline = timelineOf(record({ status: "rolled_back", stages, updatedAt: at(26) }), over);
  expect(bars(timeline, "site:edge1")).toEqual([
    { from: ms(8), to: ms(10), tone: "done" },
    { from: ms(20), to: ms(25), tone: "rollback" },
  ]);
  expect(bars(timeline, "site:edge2")).toEqual([{ from: ms(8), to: ms(15), tone: "failed" }]);
  expect(bars(timeline, "rollback")).toEqual([{ from: ms(20), to: ms(26), tone: "rollback" }]);
  expect(timeline.to).toBe(ms(26));
});

test("each wave pushes and deploys anew, and its sites say which one they are of", () => {
  const wave = (begin: number, site: string) => [
    step("gitops_pushing", begin),
    step("gitops_pushed", begin + 1),
    step("edge_deploying", begin + 1, site),
    step("edge_deployed", begin + 3, site),
    step("slo_validating", begin + 3),
  ];
  const intent = record({
    status: "completed",
    plan: { ...plan("embb-1", ["edge1", "edge2"]), waves: [["edge1"], ["edge2"]] },
    stages: [...PREPARED, ...wave(6, "edge1"), ...wave(16, "edge2"), step("completed", 22)],
    updatedAt: at(22),
  });
  const both = deployment({ sites: [place("edge1", "verified", 12), place("edge2", "verified", 22)] });
  const timeline = timelineOf(intent, both);
  expect(bars(timeline, "gitops_pushing")?.map(({ from, to }) => [from, to])).toEqual([
    [ms(6), ms(7)],
    [ms(16), ms(17)],
  ]);
  expect(bars(timeline, "edge_deploying")?.map(({ from, to }) => [from, to])).toEqual([
    [ms(7), ms(9)],
    [ms(17), ms(19)],
  ]);
  expect(bars(timeline, "slo_validating")?.map(({ from, to }) => [from, to])).toEqual([
    [ms(9), ms(16)],
    [ms(19), ms(22)],
  ]);
  expect(timeline.rows.filter((row) => row.site !== null).map((row) => [row.site, row.wave])).toEqual([
    ["edge1", 0],
    ["edge2", 1],
  ]);
  expect(wavesOf(record({ plan: plan("embb-1", ["edge1"]) }))).toBeNull();
});

test("no bar ends before it begins, whatever the clocks of agents say", () => {
  const stage = fc.constantFrom<MonitorStage>(
    "gitops_pushing",
    "gitops_pushed",
    "edge_deploying",
    "edge_deployed",
    "slo_validating",
    "rollback",
    "failed",
  );
  const steps = fc.array(fc.record({ stage, seconds: fc.integer({ min: 0, max: 60 }) }), { maxLength: 30 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: 60 }), (some, updated) => {
      const stages = some.map((one) => step(one.stage, one.seconds, one.stage.startsWith("edge") ? "edge1" : null));
      const over = deployment({ status: "failed", sites: [place("edge1", "failed", updated)] });
      const { rows } = timelineOf(record({ status: "failed", stages, updatedAt: at(updated) }), over);
      for (const bar of rows.flatMap((row) => row.bars)) expect(bar.to ?? bar.from).toBeGreaterThanOrEqual(bar.from);
    }),
  );
});

test("an axis holds the whole, ends at a tick, and does not move until time has passed its end", () => {
  expect(axisOf(0, 12_300, 8)).toEqual({
    from: 0,
    to: 14_000,
    step: 2_000,
    ticks: [0, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000, 14_000],
  });
  expect(axisOf(0, 13_999, 8)).toEqual(axisOf(0, 12_300, 8));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 10 }), fc.integer({ min: 3, max: 10 }), (length, most) => {
      const axis = axisOf(1_000, 1_000 + length, most);
      expect(axis.to).toBeGreaterThanOrEqual(1_000 + length);
      expect(axis.ticks.length).toBeLessThanOrEqual(most + 2);
      expect(axis.ticks.at(-1)).toBe(axis.to);
    }),
  );
});
