// Facts of a running job, agent to worker. The worker turns them into state and events; the agent never names a status.
import * as z from "zod";
import { DeploymentSiteState } from "./deployment.ts";
import { CommitSha, EventId, SiteId, Timestamp } from "./ids.ts";
import { Clarification } from "./intent.ts";
import { Lease } from "./job.ts";
import {
  ParseOutput,
  PlanOutput,
  PushOutput,
  RenderOutput,
  RollbackOutput,
  StageFailure,
  StageName,
  SyncOutput,
  VerifyOutput,
} from "./stage.ts";

/** How a job ended. The worker maps it to the state of job, intent and deployment. */
export const JobOutcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("prepared") }),
  z.object({ kind: z.literal("answer_due") }), // the text asks how things stand: the worker has the answer
  z.object({ kind: z.literal("needs_clarification"), clarifications: z.array(Clarification).min(1) }),
  z.object({ kind: z.literal("rejected"), failure: StageFailure }),
  z.object({ kind: z.literal("completed"), note: z.string() }),
  z.object({ kind: z.literal("needs_decision"), failure: StageFailure }),
  z.object({ kind: z.literal("rolled_back"), failure: StageFailure.nullable() }), // null: a person asked for it
  z.object({ kind: z.literal("approval_void"), failure: StageFailure }),
  z.object({ kind: z.literal("failed"), failure: StageFailure }),
  z.object({ kind: z.literal("cancelled"), effects: z.array(z.string()) }),
]);
export type JobOutcome = z.infer<typeof JobOutcome>;

const stageOutput = z.discriminatedUnion("stage", [
  z.object({ stage: z.literal("parse"), output: ParseOutput }),
  z.object({ stage: z.literal("plan"), output: PlanOutput }),
  z.object({ stage: z.literal("render"), output: RenderOutput }),
  z.object({ stage: z.literal("push"), output: PushOutput }),
  z.object({ stage: z.literal("sync"), output: SyncOutput }),
  z.object({ stage: z.literal("verify"), output: VerifyOutput }),
  z.object({ stage: z.literal("rollback"), output: RollbackOutput }),
]);
export type StageOutput = z.infer<typeof stageOutput>;

export const Fact = z.discriminatedUnion("type", [
  z.object({ type: z.literal("stage.started"), stage: StageName, sites: z.array(SiteId).optional(), reason: z.string().optional() }),
  z.object({ type: z.literal("stage.completed"), result: stageOutput }),
  z.object({
    type: z.literal("site.state"),
    site: SiteId,
    state: DeploymentSiteState,
    commit: CommitSha.nullable(),
    message: z.string().max(2000),
  }),
  z.object({ type: z.literal("job.finished"), outcome: JobOutcome }),
]);
export type Fact = z.infer<typeof Fact>;

/** `id` is made by the agent: the same fact sent twice is stored once. */
export const ReportedFact = z.object({ id: EventId, at: Timestamp, fact: Fact });
export type ReportedFact = z.infer<typeof ReportedFact>;

export const MAX_FACTS_PER_REPORT = 50;

export const ReportRequest = z.object({ lease: Lease, facts: z.array(ReportedFact).min(1).max(MAX_FACTS_PER_REPORT) });
export type ReportRequest = z.infer<typeof ReportRequest>;

export const ReportResponse = z.object({ cancelRequested: z.boolean() });
