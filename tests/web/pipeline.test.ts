// The view of an intent's way: the state of each stage, how long it took, and which commands make sense.
import { expect, test } from "vitest";
import type { IntentRecord } from "../../protocol/api.ts";
import type { Deployment } from "../../protocol/deployment.ts";
import type { MonitorStage } from "../../protocol/event.ts";
import { gateOf } from "../../web/state/gate.ts";
import { pipelineView } from "../../web/state/pipeline.ts";
import { at, COMMIT, deployment, evidence, failure, REVERT, record } from "./sample.ts";

const WAY: readonly MonitorStage[] = [
  "input_received",
  "llm_processing",
  "intent_parsed",
  "krm_generating",
  "krm_generated",
  "gitops_pushing",
  "gitops_pushed",
  "edge_deploying",
  "edge_deployed",
  "slo_validating",
];

/** One stage a second, up to and with `last`. */
function until(last: MonitorStage): IntentRecord["stages"] {
  return WAY.slice(0, WAY.indexOf(last) + 1).map((stage, index) => ({ stage, at: at(index), site: null }));
}

const states = (intent: IntentRecord, place: Deployment | null = null) =>
  pipelineView(intent, place).stages.map((stage) => `${stage.stage} ${stage.state}`);

const done = (last: MonitorStage) => WAY.slice(0, WAY.indexOf(last) + 1).map((stage) => `${stage} done`);

const rest = (after: MonitorStage, state = "pending") => WAY.slice(WAY.indexOf(after) + 1).map((stage) => `${stage} ${state}`);

test("a stage that takes time is active while it is the last one reached", () => {
  const running = record({ status: "parsing", stages: until("krm_generating") });
  expect(states(running)).toEqual([...done("intent_parsed"), "krm_generating active", ...rest("krm_generating"), "completed pending"]);
});

test("a completed intent is done from end to end, and the outcome tells its instant", () => {
  const stages = [...until("slo_validating"), { stage: "completed" as const, at: at(10), site: null }];
  const view = pipelineView(record({ status: "completed", stages }), deployment());
  expect(view.stages.map((stage) => stage.state)).toEqual(Array.from({ length: 11 }, () => "done"));
  expect(view.stages.at(-1)).toEqual({
    stage: "completed",
    word: "common:stage.completed",
    state: "done",
    startedAt: at(10),
    endedAt: at(10),
  });
});

test("each stage lasts until the next one begins", () => {
  const view = pipelineView(record({ status: "running", stages: until("gitops_pushing") }), null);
  expect(view.stages[3]).toEqual({
    stage: "krm_generating",
    word: "common:stage.krm_generating",
    state: "done",
    startedAt: at(3),
    endedAt: at(4),
  });
  expect(view.stages[5]).toEqual({
    stage: "gitops_pushing",
    word: "common:stage.gitops_pushing",
    state: "active",
    startedAt: at(5),
    endedAt: null,
  });
});

test("the edge stages are active until the last site is there", () => {
  const site = (name: string, state: "provisioned" | "syncing") => ({ site: name, state, commit: null, message: "", updatedAt: at(0) });
  const running = record({ status: "running", stages: until("edge_deployed") });
  const halfway = deployment({ status: "applying", sites: [site("edge1", "provisioned"), site("edge2", "syncing")] });
  expect(states(running, halfway).slice(7, 9)).toEqual(["edge_deploying active", "edge_deployed active"]);
  const there = deployment({ status: "applying", sites: [site("edge1", "provisioned"), site("edge2", "provisioned")] });
  expect(states(running, there).slice(7, 9)).toEqual(["edge_deploying done", "edge_deployed done"]);
});

test("a missed objective marks the check as failed and the end as a rollback", () => {
  const stages = [...until("slo_validating"), { stage: "rollback" as const, at: at(12), site: null }];
  const intent = record({ status: "rolled_back", failure: failure(), stages });
  expect(states(intent, deployment({ status: "reverted", revertCommit: REVERT }))).toEqual([
    ...done("edge_deployed"),
    "slo_validating failed",
    "rollback rollback",
  ]);
});

test("a rollback that a person asked for blames no stage", () => {
  const stages = [
    ...until("slo_validating"),
    { stage: "completed" as const, at: at(10), site: null },
    { stage: "rollback" as const, at: at(99), site: null },
  ];
  expect(states(record({ status: "rolled_back", stages }), deployment({ status: "reverted" }))).toEqual([
    ...done("slo_validating"),
    "rollback rollback",
  ]);
});

test("a verdict that could not be reached waits for a person; it is neither good nor bad", () => {
  const stages = until("slo_validating");
  const intent = record({ status: "needs_decision", failure: failure({ reason: "slo_inconclusive" }), stages });
  const view = pipelineView(intent, deployment({ status: "applying" }));
  expect(view.stages.at(-2)?.state).toBe("wait");
  expect(view.commands).toEqual({ cancel: true, answer: false, approve: false, decide: true, rollback: false });
});

test("a question stops the reading without failing it", () => {
  const stages = until("llm_processing");
  const view = pipelineView(record({ status: "needs_clarification", stages, updatedAt: at(4) }), null);
  expect(view.stages[1]).toEqual({
    stage: "llm_processing",
    word: "common:stage.llm_processing",
    state: "wait",
    startedAt: at(1),
    endedAt: at(4),
  });
  expect(view.commands).toEqual({ cancel: true, answer: true, approve: false, decide: false, rollback: false });
});

test("going back to an earlier stage takes the later ones back", () => {
  const stages = [...until("krm_generated"), { stage: "llm_processing" as const, at: at(20), site: null }];
  expect(states(record({ status: "parsing", stages }))).toEqual([
    "input_received done",
    "llm_processing active",
    ...rest("llm_processing"),
    "completed pending",
  ]);
});

test("a dry run ends with its plan and offers nothing more", () => {
  const intent = record({ status: "parsed", dryRun: true, stages: until("krm_generated") });
  const view = pipelineView(intent, null);
  expect(states(intent)).toEqual([...done("krm_generated"), ...rest("krm_generated", "skipped"), "completed done"]);
  expect({ status: view.status, commands: view.commands }).toEqual({
    status: { word: "pipeline:status.dry_run", tone: "done" },
    commands: { cancel: false, answer: false, approve: false, decide: false, rollback: false },
  });
});

test("a cancelled run with a commit in force offers its rollback, one without does not", () => {
  const cancelled = record({ status: "cancelled", stages: until("edge_deploying"), effects: ["committed"] });
  expect(states(cancelled, deployment({ status: "failed" })).slice(7)).toEqual([
    "edge_deploying failed",
    "edge_deployed skipped",
    "slo_validating skipped",
    "failed failed",
  ]);
  expect(pipelineView(cancelled, deployment({ status: "failed", commit: COMMIT })).commands.rollback).toBe(true);
  expect(pipelineView(cancelled, deployment({ status: "failed", commit: null })).commands.rollback).toBe(false);
});

test("a package that a person refused was rendered well; one that could not be rendered was not", () => {
  const refused = record({ status: "rejected", failure: failure({ stage: "render" }), stages: until("krm_generated") });
  expect(states(refused)).toEqual([...done("krm_generated"), ...rest("krm_generated", "skipped"), "failed failed"]);
  const broken = record({ status: "failed", failure: failure({ stage: "render" }), stages: until("krm_generating") });
  expect(states(broken).slice(3, 5)).toEqual(["krm_generating failed", "krm_generated skipped"]);
});

test("work that no agent takes says so", () => {
  const view = pipelineView(record({ waitingFor: "agent" }), null);
  expect({ status: view.status, waiting: view.waiting }).toEqual({
    status: { word: "pipeline:status.agent", tone: "wait" },
    waiting: "agent",
  });
});

test("a question goes no further than it is understood", () => {
  const asked = record({ status: "parsing", action: "status", stages: until("intent_parsed") });
  expect(states(asked)).toEqual([...done("intent_parsed"), "completed pending"]);
});

test("a dry run that was sent for real goes the whole way, and its gate is the approval's", () => {
  const sent = record({ status: "running", dryRun: true, approval: "required", stages: until("gitops_pushing") });
  expect(states(sent)).toEqual([...done("krm_generated"), "gitops_pushing active", ...rest("gitops_pushing"), "completed pending"]);
  expect(gateOf(sent, null)).toEqual({ state: "done", needed: true });
});

test("the check is over with its last measurement, however long a person took to decide", () => {
  const stages = [...until("slo_validating"), { stage: "rollback" as const, at: at(300), site: null }];
  const intent = record({ status: "rolled_back", failure: failure({ reason: "slo_inconclusive" }), stages });
  const measured = [at(5), at(12), at(400)].map((measuredAt) => ({ ...evidence("edge1", "inconclusive"), measuredAt }));
  const check = pipelineView(intent, deployment({ status: "reverted", evidence: measured })).stages.at(-2);
  expect([check?.stage, check?.endedAt]).toEqual(["slo_validating", at(12)]);
});

test.each<[string, Parameters<typeof record>[0], Parameters<typeof deployment>[0] | null, ReturnType<typeof gateOf>]>([
  ["nobody asks for one", {}, null, { state: "skipped", needed: false }],
  ["one is required and not due yet", { approval: "required", status: "parsing" }, null, { state: "pending", needed: true }],
  ["a person is asked", { status: "awaiting_approval" }, null, { state: "wait", needed: true }],
  ["a person said yes", { status: "running", approvalReasons: ["production"] }, { approvedBy: "ada" }, { state: "done", needed: true }],
  ["a person said no", { status: "rejected", failure: failure({ reason: "not_approved" }) }, null, { state: "failed", needed: true }],
  ["it failed before", { approval: "required", status: "failed" }, null, { state: "skipped", needed: true }],
  ["a dry run ends before it", { approval: "required", status: "parsed", dryRun: true }, null, { state: "skipped", needed: true }],
])("the approval on the way, when %s", (_when, change, place, gate) => {
  expect(gateOf(record(change), place === null ? null : deployment(place))).toEqual(gate);
});
