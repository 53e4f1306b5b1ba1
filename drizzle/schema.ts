// The tables of the D1 store: the only truth. Column types come from protocol/; times are epoch milliseconds.
import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { AlertKind, AlertSeverity, AlertStatus, RemediationStep } from "../protocol/alert.ts";
import type { CorrectedFields, Reading } from "../protocol/correction.ts";
import type { DeploymentSiteState, DeploymentStatus } from "../protocol/deployment.ts";
import type { EventType, MonitorStage } from "../protocol/event.ts";
import type {
  Action,
  ApprovalMode,
  ClarificationAnswers,
  FailurePolicy,
  FormalIntent,
  IntentCommand,
  IntentContext,
  IntentStatus,
  Requirements,
  Rollout,
  ServiceType,
  StatusAnswer,
  Understanding,
} from "../protocol/intent.ts";
import type { JobInput, JobKind, JobState } from "../protocol/job.ts";
import type { Integration } from "../protocol/llm.ts";
import type { RoomRole } from "../protocol/room.ts";
import type {
  Drift,
  SiteCheck,
  SiteComponents,
  SiteConfig,
  SiteOverrides,
  SiteStatus,
  SiteTaskInput,
  SiteTaskState,
} from "../protocol/site.ts";
import type { Evidence, ObjectiveName, Verdict } from "../protocol/slo.ts";
import type { Checkpoint, FileDiff, PlanAction, SlicePlan, StageFailure, WaveCommit } from "../protocol/stage.ts";

export const intents = sqliteTable(
  "intents",
  {
    id: text().primaryKey(),
    text: text().notNull(),
    context: text({ mode: "json" }).$type<IntentContext>().notNull(),
    targetSites: text("target_sites", { mode: "json" }).$type<string[]>().notNull(),
    policy: text().$type<FailurePolicy>().notNull(),
    approval: text().$type<ApprovalMode>().notNull(),
    priority: integer().notNull(),
    dryRun: integer("dry_run", { mode: "boolean" }).notNull(),
    command: text({ mode: "json" }).$type<IntentCommand>(), // in place of the text's own meaning
    rollout: text({ mode: "json" }).$type<Rollout>(),
    preempt: integer({ mode: "boolean" }).notNull().default(false),
    action: text().$type<Action>(), // once it is understood
    slice: text(), // once it is planned
    approvalReasons: text("approval_reasons", { mode: "json" }).$type<string[]>().notNull().default([]),
    answer: text({ mode: "json" }).$type<StatusAnswer>(),
    traceparent: text(),
    status: text().$type<IntentStatus>().notNull(),
    stage: text().$type<MonitorStage>(),
    serviceType: text("service_type").$type<ServiceType>(),
    sites: text({ mode: "json" }).$type<string[]>().notNull(), // of the plan, once there is one
    answers: text({ mode: "json" }).$type<ClarificationAnswers>(),
    corrected: text({ mode: "json" }).$type<CorrectedFields>(),
    understanding: text({ mode: "json" }).$type<Understanding>(),
    formal: text({ mode: "json" }).$type<FormalIntent>(),
    plan: text({ mode: "json" }).$type<SlicePlan>(),
    diff: text({ mode: "json" }).$type<FileDiff[]>(),
    digest: text(),
    failure: text({ mode: "json" }).$type<StageFailure>(),
    effects: text({ mode: "json" }).$type<string[]>().notNull(),
    deploymentId: text("deployment_id"),
    createdBy: text("created_by").notNull(),
    shapedBy: text("shaped_by", { mode: "json" }).$type<string[]>().notNull().default([]), // who answered for it or corrected it since
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [index("intents_by_status").on(t.status, t.id)],
);

/** intents.sites turned round, so that the intents of one site are found without reading all. */
export const intentSites = sqliteTable("intent_sites", { site: text().notNull(), intentId: text("intent_id").notNull() }, (t) => [
  primaryKey({ columns: [t.site, t.intentId] }),
  index("intent_sites_by_intent").on(t.intentId),
]);

/** The durable feed. seq is AUTOINCREMENT: it never goes back, also after pruning. */
export const events = sqliteTable(
  "events",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull().unique(),
    type: text().$type<EventType>().notNull(),
    intentId: text("intent_id"),
    jobId: text("job_id"),
    site: text(),
    stage: text().$type<MonitorStage>(),
    at: integer().notNull(),
    data: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
  },
  (t) => [index("events_by_intent").on(t.intentId, t.seq)],
);

/** visible_at is "ready since" (or, frozen, "ready at") while queued, and "lease ends" while claimed. */
export const jobs = sqliteTable(
  "jobs",
  {
    id: text().primaryKey(),
    kind: text().$type<JobKind>().notNull(),
    intentId: text("intent_id").notNull(),
    deploymentId: text("deployment_id"),
    sites: text({ mode: "json" }).$type<string[]>().notNull().default([]), // locked while it runs
    input: text({ mode: "json" }).$type<JobInput>().notNull(),
    checkpoint: text({ mode: "json" }).$type<Checkpoint>().notNull(),
    state: text().$type<JobState>().notNull(),
    priority: integer().notNull(),
    visibleAt: integer("visible_at").notNull(),
    attempt: integer().notNull(),
    timed: integer({ mode: "boolean" }).notNull().default(false), // visible_at is still to come: frozen, or under a lease
    blocked: integer({ mode: "boolean" }).notNull().default(false), // another job was before it; see services/job-order.ts
    leaseId: text("lease_id"),
    agentId: text("agent_id"),
    instanceId: text("instance_id"),
    cancelRequestedBy: text("cancel_requested_by"),
    createdAt: integer("created_at").notNull(),
    startedAt: integer("started_at"),
    finishedAt: integer("finished_at"),
  },
  (t) => [
    index("jobs_open").on(t.state, t.timed, t.visibleAt).where(sql`finished_at is null`),
    index("jobs_claimable").on(sql`${t.priority} desc`, t.id).where(sql`finished_at is null and timed = 0 and blocked = 0`),
    index("jobs_timed").on(t.visibleAt).where(sql`finished_at is null and timed = 1`),
    index("jobs_by_intent").on(t.intentId),
    index("jobs_by_agent").on(t.agentId).where(sql`finished_at is null`),
    uniqueIndex("jobs_by_lease").on(t.leaseId).where(sql`finished_at is null`),
  ],
);

/** The line at a site: the open apply and rollback jobs that want it or hold it. `turn` sorts by priority, then age. */
export const jobSites = sqliteTable(
  "job_sites",
  { jobId: text("job_id").notNull(), site: text().notNull(), turn: text().notNull() },
  (t) => [primaryKey({ columns: [t.site, t.turn] }), index("job_sites_by_job").on(t.jobId)],
);

/** From claim to end, also when the lease runs out meanwhile: one running apply per site, kept by the database. */
export const siteLocks = sqliteTable("site_locks", { site: text().primaryKey(), jobId: text("job_id").notNull() }, (t) => [
  index("site_locks_by_job").on(t.jobId),
]);

export const deployments = sqliteTable(
  "deployments",
  {
    id: text().primaryKey(),
    intentId: text("intent_id").notNull(),
    jobId: text("job_id"),
    action: text().$type<PlanAction>().notNull().default("deploy"),
    slice: text().notNull(),
    plan: text({ mode: "json" }).$type<SlicePlan>().notNull(),
    serviceType: text("service_type").$type<ServiceType>().notNull(),
    sst: integer().notNull(),
    sd: text().notNull(),
    status: text().$type<DeploymentStatus>().notNull(),
    digest: text().notNull(),
    diff: text({ mode: "json" }).$type<FileDiff[]>().notNull(),
    repositoryUrl: text("repository_url"),
    branch: text(),
    commit: text(),
    commits: text({ mode: "json" }).$type<WaveCommit[]>().notNull().default([]),
    revertCommit: text("revert_commit"),
    approvedBy: text("approved_by"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [
    index("deployments_by_intent").on(t.intentId),
    index("deployments_by_slice").on(t.slice, t.id),
    index("deployments_by_status").on(t.status, t.id),
  ],
);

export const deploymentSites = sqliteTable(
  "deployment_sites",
  {
    deploymentId: text("deployment_id").notNull(),
    site: text().notNull(),
    state: text().$type<DeploymentSiteState>().notNull(),
    commit: text(),
    message: text().notNull(),
    replaced: text(), // the deployment that was in force there before; in force again when this one is taken back
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.deploymentId, t.site] }), index("deployment_sites_by_site").on(t.site, t.deploymentId)],
);

/** A slice holds its name and S-NSSAI until removed_at is set. `requirements` and `priority` are of its latest deployment. */
export const slices = sqliteTable(
  "slices",
  {
    name: text().primaryKey(),
    intentId: text("intent_id").notNull(), // of its first deployment
    latestDeploymentId: text("latest_deployment_id").notNull(),
    serviceType: text("service_type").$type<ServiceType>().notNull(),
    sst: integer().notNull(),
    sd: text().notNull(),
    priority: integer().notNull(),
    requirements: text({ mode: "json" }).$type<Requirements>().notNull(),
    createdAt: integer("created_at").notNull(),
    removedAt: integer("removed_at"),
  },
  (t) => [uniqueIndex("slices_snssai").on(t.sst, t.sd).where(sql`removed_at is null`)],
);

/** What a slice holds at a site, and by which deployment. While a change is under way: the larger of before and after. */
export const sliceSites = sqliteTable(
  "slice_sites",
  {
    slice: text().notNull(),
    site: text().notNull(),
    deploymentId: text("deployment_id").notNull(), // in force, or being applied
    downlinkMbps: real("downlink_mbps").notNull(),
    uplinkMbps: real("uplink_mbps").notNull(),
    maxDevices: integer("max_devices").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.slice, t.site] }),
    index("slice_sites_by_site").on(t.site),
    index("slice_sites_by_deployment").on(t.deploymentId),
  ],
);

/** `config` carries URLs and secret references, never a secret. */
export const sites = sqliteTable("sites", {
  id: text().primaryKey(),
  config: text({ mode: "json" }).$type<SiteConfig>().notNull(), // as it counts: what was declared, with the overrides
  declared: text({ mode: "json" }).$type<SiteConfig>(), // by an agent's file; null for a site that was added through the API
  overrides: text({ mode: "json" }).$type<SiteOverrides>().notNull().default({}),
  agentId: text("agent_id"), // that serves it
  ready: integer({ mode: "boolean" }).notNull().default(true), // false: added, and not checked well yet
  components: text({ mode: "json" }).$type<SiteComponents>(),
  drift: text({ mode: "json" }).$type<Drift[]>().notNull().default([]),
  checks: text({ mode: "json" }).$type<SiteCheck[]>().notNull().default([]),
  status: text().$type<SiteStatus>().notNull(),
  message: text().notNull(),
  commit: text(),
  lastSync: integer("last_sync"),
  updatedAt: integer("updated_at").notNull(),
});

export const agents = sqliteTable("agents", {
  id: text().primaryKey(),
  name: text().notNull(),
  version: text().notNull(),
  protocol: integer().notNull(),
  labels: text({ mode: "json" }).$type<Record<string, string>>().notNull(),
  capabilities: text({ mode: "json" }).$type<string[]>().notNull(),
  slots: integer().notNull(),
  busy: integer().notNull().default(0), // open jobs it was given: never less than it has, put right by its heartbeat
  sites: text({ mode: "json" }).$type<string[]>().notNull(),
  instanceId: text("instance_id"),
  online: integer({ mode: "boolean" }).notNull(), // what the feed last said; the truth is the age of the heartbeat
  lastHeartbeat: integer("last_heartbeat"),
  createdAt: integer("created_at").notNull(),
});

export const evidence = sqliteTable(
  "evidence",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    deploymentId: text("deployment_id").notNull(),
    record: text({ mode: "json" }).$type<Evidence>().notNull(),
  },
  (t) => [index("evidence_by_deployment").on(t.deploymentId)],
);

/** Bearer tokens, agent credentials and enrolment tokens; only the SHA-256 (hex) of the secret is kept. */
export const tokens = sqliteTable("tokens", {
  hash: text().primaryKey(),
  id: text().notNull().unique(),
  name: text().notNull(),
  scopes: text({ mode: "json" }).$type<string[]>().notNull(), // read, operate, admin, agent, enrol
  agentId: text("agent_id"),
  createdAt: integer("created_at").notNull(),
  expiresAt: integer("expires_at"),
  revokedAt: integer("revoked_at"),
});

export const tickets = sqliteTable(
  "tickets",
  {
    hash: text().primaryKey(),
    role: text().$type<RoomRole>().notNull(),
    subject: text().notNull(), // token id or agent id
    expiresAt: integer("expires_at").notNull(),
  },
  (t) => [index("tickets_by_expiry").on(t.expiresAt)],
);

export const idempotency = sqliteTable(
  "idempotency",
  {
    principal: text().notNull(),
    key: text().notNull(),
    fingerprint: text().notNull(), // SHA-256 of method, path and body
    status: integer().notNull(),
    response: text({ mode: "json" }).$type<unknown>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.principal, t.key] }), index("idempotency_by_age").on(t.createdAt)],
);

/** Work about a site itself, handed to its agent with every heartbeat until it has ended. */
export const siteTasks = sqliteTable(
  "site_tasks",
  {
    id: text().primaryKey(),
    site: text().notNull(),
    kind: text().$type<SiteTaskInput["kind"]>().notNull(),
    input: text({ mode: "json" }).$type<SiteTaskInput>().notNull(),
    state: text().$type<SiteTaskState>().notNull(),
    agentId: text("agent_id").notNull(),
    message: text().notNull(),
    phase: text(),
    nodeClusterId: text("node_cluster_id"),
    checks: text({ mode: "json" }).$type<SiteCheck[]>().notNull(),
    askedBy: text("asked_by").notNull(),
    deadline: integer().notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [index("site_tasks_open").on(t.agentId).where(sql`state = 'open'`), index("site_tasks_by_site").on(t.site, t.id)],
);

/** The last measurements of a live slice at a site, per objective: what hysteresis needs. Gone with the slice. */
export const assurance = sqliteTable(
  "assurance",
  {
    slice: text().notNull(),
    site: text().notNull(),
    objective: text().$type<ObjectiveName>().notNull(),
    deploymentId: text("deployment_id").notNull(),
    verdicts: text({ mode: "json" }).$type<Verdict[]>().notNull(), // newest last, as many as the policy's longest count
    round: text().notNull(), // of the newest: a round that is sent twice counts once
    evidence: text({ mode: "json" }).$type<Evidence>().notNull(), // the newest
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.slice, t.site, t.objective] }), index("assurance_by_site").on(t.site)],
);

export const alerts = sqliteTable(
  "alerts",
  {
    id: text().primaryKey(),
    kind: text().$type<AlertKind>().notNull(),
    severity: text().$type<AlertSeverity>().notNull(),
    status: text().$type<AlertStatus>().notNull(),
    subject: text().notNull(), // kind, site, slice and objective: one of each fires at a time
    site: text(),
    slice: text(),
    objective: text().$type<ObjectiveName>(),
    deploymentId: text("deployment_id"),
    intentId: text("intent_id"),
    message: text().notNull(),
    value: real(),
    threshold: real(),
    burnRate: real("burn_rate"),
    startedAt: integer("started_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    resolvedAt: integer("resolved_at"),
    acknowledgedBy: text("acknowledged_by"),
    acknowledgedAt: integer("acknowledged_at"),
    comment: text().notNull().default(""),
    remediation: text({ mode: "json" }).$type<RemediationStep[]>().notNull(),
  },
  (t) => [
    uniqueIndex("alerts_firing").on(t.subject).where(sql`status = 'firing'`),
    index("alerts_by_status").on(t.status, t.id),
    index("alerts_by_slice").on(t.slice, t.id),
  ],
);

/** What was measured, kept per slice, site and metric: raw for hours, then as means of longer buckets. */
export const samples = sqliteTable(
  "samples",
  {
    slice: text().notNull(),
    site: text().notNull(),
    metric: text().$type<ObjectiveName>().notNull(),
    bucketSeconds: integer("bucket_seconds").notNull(),
    at: integer().notNull(), // start of the bucket
    count: integer().notNull(),
    sum: real().notNull(),
    min: real().notNull(),
    max: real().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.slice, t.site, t.metric, t.bucketSeconds, t.at] }),
    index("samples_by_age").on(t.bucketSeconds, t.at),
    index("samples_by_site").on(t.site, t.metric, t.bucketSeconds, t.at),
  ],
);

/** Counters and histograms for /metrics, counted in the batch of the event itself: a scrape must not read all that ever happened. */
export const tallies = sqliteTable(
  "tallies",
  {
    family: text().notNull(), // name of the metric
    labels: text({ mode: "json" }).$type<Record<string, string>>().notNull(),
    count: integer().notNull(),
    sum: real().notNull(), // of what was observed; 0 for a counter
  },
  (t) => [primaryKey({ columns: [t.family, t.labels] })],
);

/** Documents an administrator edits; one row each. */
export const settings = sqliteTable("settings", {
  name: text().primaryKey(),
  value: text({ mode: "json" }).$type<unknown>().notNull(),
  updatedBy: text("updated_by").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/** The language models of each agent, as it last told of them. */
export const integrations = sqliteTable(
  "integrations",
  {
    agentId: text("agent_id").notNull(),
    id: text().notNull(),
    report: text({ mode: "json" }).$type<Integration>().notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.agentId, t.id] })],
);

/** What people said that sentences meant. Never changed; the oldest go, and what an administrator takes back. */
export const corrections = sqliteTable("corrections", {
  seq: integer().primaryKey({ autoIncrement: true }),
  id: text().notNull().unique(),
  intentId: text("intent_id").notNull(),
  text: text().notNull(),
  provider: text().notNull(),
  understood: text({ mode: "json" }).$type<Reading>().notNull(),
  corrected: text({ mode: "json" }).$type<Reading>().notNull(),
  by: text().notNull(),
  at: integer().notNull(),
});

/** Who did what: written in the batch of the effect itself, so neither is there without the other. Append only; pruned by age. */
export const audit = sqliteTable(
  "audit",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    at: integer().notNull(),
    who: text().notNull(),
    tokenId: text("token_id").notNull(),
    action: text().notNull(), // method and path of the command
    target: text(), // id of what it was about
    requestId: text("request_id").notNull(),
  },
  (t) => [index("audit_by_target").on(t.target, t.seq), index("audit_by_who").on(t.who, t.seq)],
);

/** Pipelines that other systems report; shown, never acted on. */
export const externalPipelines = sqliteTable("external_pipelines", {
  id: text().primaryKey(),
  text: text().notNull(),
  stage: text().$type<MonitorStage>().notNull(),
  stages: text({ mode: "json" }).$type<{ stage: MonitorStage; at: string; metadata: Record<string, unknown> }[]>().notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/** Edges that other systems report; shown, never acted on. */
export const externalEdges = sqliteTable("external_edges", {
  edge: text().primaryKey(),
  status: text().notNull(),
  metadata: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/**
 * Never holds more than one row. A batch writes `1` here when its condition holds and `0` when not; the CHECK then
 * fails and D1 rolls the whole batch back. That is how a batch is fenced without interactive transactions.
 */
export const batchGuard = sqliteTable("batch_guard", { id: integer().primaryKey() }, (t) => [check("batch_guard_holds", sql`${t.id} = 1`)]);
