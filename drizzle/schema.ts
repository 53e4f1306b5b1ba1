// The tables of the D1 store: the only truth. Column types come from protocol/; times are epoch milliseconds.
import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { DeploymentSiteState, DeploymentStatus } from "../protocol/deployment.ts";
import type { EventType, MonitorStage } from "../protocol/event.ts";
import type {
  ApprovalMode,
  ClarificationAnswers,
  FailurePolicy,
  FormalIntent,
  IntentContext,
  IntentStatus,
  ServiceType,
  Understanding,
} from "../protocol/intent.ts";
import type { JobInput, JobKind, JobState } from "../protocol/job.ts";
import type { RoomRole } from "../protocol/room.ts";
import type { SiteConfig, SiteStatus } from "../protocol/site.ts";
import type { Evidence } from "../protocol/slo.ts";
import type { Checkpoint, FileDiff, SlicePlan, StageFailure } from "../protocol/stage.ts";

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
    status: text().$type<IntentStatus>().notNull(),
    stage: text().$type<MonitorStage>(),
    serviceType: text("service_type").$type<ServiceType>(),
    sites: text({ mode: "json" }).$type<string[]>().notNull(), // of the plan, once there is one
    answers: text({ mode: "json" }).$type<ClarificationAnswers>(),
    understanding: text({ mode: "json" }).$type<Understanding>(),
    formal: text({ mode: "json" }).$type<FormalIntent>(),
    plan: text({ mode: "json" }).$type<SlicePlan>(),
    diff: text({ mode: "json" }).$type<FileDiff[]>(),
    digest: text(),
    failure: text({ mode: "json" }).$type<StageFailure>(),
    effects: text({ mode: "json" }).$type<string[]>().notNull(),
    deploymentId: text("deployment_id"),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [index("intents_by_status").on(t.status, t.id)],
);

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

/** visible_at is "ready since" while queued and "lease ends" while claimed, so one partial index serves every claim. */
export const jobs = sqliteTable(
  "jobs",
  {
    id: text().primaryKey(),
    kind: text().$type<JobKind>().notNull(),
    intentId: text("intent_id").notNull(),
    deploymentId: text("deployment_id"),
    input: text({ mode: "json" }).$type<JobInput>().notNull(),
    checkpoint: text({ mode: "json" }).$type<Checkpoint>().notNull(),
    state: text().$type<JobState>().notNull(),
    priority: integer().notNull(),
    visibleAt: integer("visible_at").notNull(),
    attempt: integer().notNull(),
    leaseId: text("lease_id"),
    agentId: text("agent_id"),
    instanceId: text("instance_id"),
    cancelRequestedBy: text("cancel_requested_by"),
    createdAt: integer("created_at").notNull(),
    startedAt: integer("started_at"),
    finishedAt: integer("finished_at"),
  },
  (t) => [
    index("jobs_open").on(sql`${t.priority} desc`, t.id).where(sql`finished_at is null`),
    index("jobs_by_intent").on(t.intentId),
    index("jobs_by_agent").on(t.agentId).where(sql`finished_at is null`),
  ],
);

/** The sites of an open apply or rollback job. `held` from claim to end: one running apply per site, kept by the database. */
export const jobSites = sqliteTable(
  "job_sites",
  {
    jobId: text("job_id").notNull(),
    site: text().notNull(),
    held: integer({ mode: "boolean" }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.jobId, t.site] }),
    index("job_sites_by_site").on(t.site, t.jobId),
    uniqueIndex("job_sites_held").on(t.site).where(sql`held = 1`),
  ],
);

export const deployments = sqliteTable(
  "deployments",
  {
    id: text().primaryKey(),
    intentId: text("intent_id").notNull(),
    jobId: text("job_id"),
    slice: text().notNull(),
    serviceType: text("service_type").$type<ServiceType>().notNull(),
    sst: integer().notNull(),
    sd: text().notNull(),
    status: text().$type<DeploymentStatus>().notNull(),
    digest: text().notNull(),
    diff: text({ mode: "json" }).$type<FileDiff[]>().notNull(),
    repositoryUrl: text("repository_url"),
    branch: text(),
    commit: text(),
    revertCommit: text("revert_commit"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [index("deployments_by_intent").on(t.intentId), index("deployments_by_slice").on(t.slice, t.id)],
);

export const deploymentSites = sqliteTable(
  "deployment_sites",
  {
    deploymentId: text("deployment_id").notNull(),
    site: text().notNull(),
    state: text().$type<DeploymentSiteState>().notNull(),
    commit: text(),
    message: text().notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.deploymentId, t.site] }), index("deployment_sites_by_site").on(t.site, t.deploymentId)],
);

/** A slice holds its S-NSSAI and its capacity at its sites until removed_at is set. */
export const slices = sqliteTable(
  "slices",
  {
    name: text().primaryKey(),
    intentId: text("intent_id").notNull(),
    deploymentId: text("deployment_id").notNull(),
    serviceType: text("service_type").$type<ServiceType>().notNull(),
    sst: integer().notNull(),
    sd: text().notNull(),
    downlinkMbps: real("downlink_mbps").notNull(),
    uplinkMbps: real("uplink_mbps").notNull(),
    maxDevices: integer("max_devices").notNull(),
    createdAt: integer("created_at").notNull(),
    removedAt: integer("removed_at"),
  },
  (t) => [uniqueIndex("slices_snssai").on(t.sst, t.sd).where(sql`removed_at is null`)],
);

/** `config` carries URLs and secret references, never a secret. */
export const sites = sqliteTable("sites", {
  id: text().primaryKey(),
  config: text({ mode: "json" }).$type<SiteConfig>().notNull(),
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

/**
 * Never holds more than one row. A batch writes `1` here when its condition holds and `0` when not; the CHECK then
 * fails and D1 rolls the whole batch back. That is how a batch is fenced without interactive transactions.
 */
export const batchGuard = sqliteTable("batch_guard", { id: integer().primaryKey() }, (t) => [check("batch_guard_holds", sql`${t.id} = 1`)]);
