// What one event does to an intent and to a deployment. Pure and repeatable: applying the same tail of events twice, in order, ends the same.

import { DEFAULT_PRIORITY } from "../../intent/defaults.ts";
import type { IntentRecord, IntentSummary } from "../../protocol/api.ts";
import type { Deployment, DeploymentSite } from "../../protocol/deployment.ts";
import { type DurableEvent, eventData, type MonitorStage } from "../../protocol/event.ts";
import type { IntentStatus } from "../../protocol/intent.ts";
import type { Evidence } from "../../protocol/slo.ts";
import { packageOf, understandingAsking } from "./asked.ts";

/** An intent of which only the summary is known yet. */
export function recordOfSummary(summary: IntentSummary): IntentRecord {
  return {
    ...summary,
    context: {},
    waitingFor: null,
    command: null,
    rollout: null,
    preempt: false,
    approvalReasons: [],
    answer: null,
    traceparent: null,
    understanding: null,
    formal: null,
    plan: null,
    diff: null,
    digest: null,
    failure: null,
    effects: [],
    stages: summary.stage === null ? [] : [{ stage: summary.stage, at: summary.updatedAt, site: null }],
    deployment: null,
  };
}

/** What is kept of an intent that nobody looks at: as if only its summary had been loaded. */
export function summarized(record: IntentRecord): IntentRecord {
  const { intentId, text, status, stage, sites, deploymentId, action, slice, policy, approval } = record;
  const { priority, dryRun, createdBy, createdAt, updatedAt } = record;
  const what = { intentId, text, status, stage, sites, deploymentId, action, slice };
  return recordOfSummary({ ...what, policy, approval, priority, dryRun, createdBy, createdAt, updatedAt });
}

/** An intent that was just heard of; policy and approval are unknown until REST tells them. */
export function recordOfEvent(event: DurableEvent): IntentRecord | undefined {
  const received = eventData(event, "intent.received");
  if (received === undefined || event.intentId === null) return undefined;
  return recordOfSummary({
    intentId: event.intentId,
    text: received.text,
    status: "received",
    stage: null,
    sites: received.targetSites,
    deploymentId: null,
    action: null,
    slice: null,
    priority: DEFAULT_PRIORITY,
    policy: "all-or-revert",
    approval: "auto",
    dryRun: received.dryRun,
    createdBy: received.by,
    createdAt: event.at,
    updatedAt: event.at,
  });
}

export function applyToIntent(record: IntentRecord, event: DurableEvent): IntentRecord {
  const next: IntentRecord = { ...record, ...changes(record, event), updatedAt: event.at };
  if (event.stage === null) return next;
  next.stage = event.stage;
  next.stages = withTiming(record.stages, { stage: event.stage, at: event.at, site: event.site });
  return next;
}

type Timing = { stage: MonitorStage; at: string; site: string | null };

function withTiming(stages: readonly Timing[], timing: Timing): Timing[] {
  const known = stages.some((s) => s.stage === timing.stage && s.at === timing.at && s.site === timing.site);
  return known ? [...stages] : [...stages, timing];
}

const STATUS_OF: Partial<Record<DurableEvent["type"], IntentStatus>> = {
  "intent.received": "received",
  "intent.parsing": "parsing",
  "intent.parsed": "parsed",
  "intent.clarification_needed": "needs_clarification",
  "approval.requested": "awaiting_approval",
  "gitops.pushing": "running",
  "decision.requested": "needs_decision",
  "intent.completed": "completed",
  "intent.failed": "failed",
  "intent.rejected": "rejected",
  "intent.cancelled": "cancelled",
  "intent.rolled_back": "rolled_back",
};

function changes(record: IntentRecord, event: DurableEvent): Partial<IntentRecord> {
  const status = STATUS_OF[event.type];
  const base: Partial<IntentRecord> = status === undefined ? {} : { status };
  if (event.jobId !== null) base.waitingFor = null; // a job speaks, so an agent has it
  switch (event.type) {
    case "intent.parsed": {
      const understanding = eventData(event, "intent.parsed")?.understanding;
      return understanding === undefined ? base : { ...base, understanding, action: understanding.intent.action };
    }
    case "intent.clarification_needed":
      return { ...base, understanding: understandingAsking(record, eventData(event, "intent.clarification_needed")?.clarifications ?? []) };
    case "krm.generating": {
      const plan = eventData(event, "krm.generating")?.plan;
      return plan === undefined ? base : { ...base, plan, sites: plan.sites, slice: plan.slice };
    }
    case "krm.generated": {
      const digest = eventData(event, "krm.generated")?.digest ?? record.digest;
      return { ...base, ...packageOf(record, digest) };
    }
    case "approval.requested": {
      const asked = eventData(event, "approval.requested");
      return asked === undefined ? base : { ...base, ...packageOf(record, asked.digest), approvalReasons: asked.reasons };
    }
    case "rollback.initiated": // an intent that asks for a rollback pushes nothing of its own
      return { ...base, deploymentId: record.deploymentId ?? eventData(event, "rollback.initiated")?.deploymentId ?? null };
    case "intent.completed":
      return { ...base, answer: eventData(event, "intent.completed")?.answer ?? record.answer };
    case "approval.decided": {
      const decision = eventData(event, "approval.decided")?.decision;
      if (decision === "voided") return { ...base, status: "received", digest: null, diff: null }; // it is prepared again
      return decision === "approved" ? { ...base, status: "running" } : base; // a refusal is followed by intent.rejected
    }
    case "gitops.pushing":
      return { ...base, deploymentId: eventData(event, "gitops.pushing")?.deploymentId ?? record.deploymentId };
    case "decision.requested":
      return { ...base, failure: eventData(event, "decision.requested")?.failure ?? record.failure };
    case "rollback.failed":
      return { ...base, failure: eventData(event, "rollback.failed")?.failure ?? record.failure };
    case "intent.failed":
    case "intent.rejected":
      return { ...base, failure: eventData(event, event.type)?.failure ?? record.failure };
    case "intent.cancelled":
      return { ...base, effects: eventData(event, "intent.cancelled")?.effects ?? record.effects };
    default:
      return base;
  }
}

/** The deployment that a push begins, as far as event and plan tell; REST completes it. */
export function deploymentOfEvent(record: IntentRecord, event: DurableEvent): Deployment | undefined {
  const pushing = eventData(event, "gitops.pushing");
  if (pushing === undefined || record.plan === null) return undefined;
  return {
    deploymentId: pushing.deploymentId,
    intentId: record.intentId,
    jobId: event.jobId,
    action: record.plan.action,
    slice: pushing.slice,
    serviceType: record.plan.serviceType,
    snssai: record.plan.snssai,
    status: "applying",
    digest: record.digest ?? "",
    repositoryUrl: null,
    branch: null,
    commit: null,
    commits: [],
    approvedBy: null,
    sites: pushing.sites.map((site) => ({ site, state: "pending", commit: null, message: "", updatedAt: event.at })),
    evidence: [],
    createdAt: event.at,
    updatedAt: event.at,
  };
}

export function applyToDeployment(deployment: Deployment, event: DurableEvent): Deployment {
  const next: Deployment = { ...deployment, updatedAt: event.at };
  switch (event.type) {
    case "gitops.pushed": {
      const pushed = eventData(event, "gitops.pushed");
      if (pushed === undefined) return next;
      const { commit, repositoryUrl, branch, sites } = pushed;
      const commits = [...next.commits.filter((wave) => wave.commit !== commit), { commit, sites }];
      return { ...next, commit, commits, repositoryUrl, branch };
    }
    case "edge.deploying":
    case "edge.deployed":
    case "edge.failed": {
      const data = eventData(event, event.type);
      if (data === undefined || event.site === null) return next;
      const { state, commit, message } = data;
      return { ...next, sites: withSite(next.sites, { site: event.site, state, commit, message, updatedAt: event.at }) };
    }
    case "slo.validated":
      return { ...next, evidence: withEvidence(next.evidence, eventData(event, "slo.validated")?.evidence ?? []) };
    case "rollback.initiated":
      return { ...next, status: "reverting" };
    case "rollback.completed": {
      const done = eventData(event, "rollback.completed");
      if (done === undefined) return next;
      const back = (site: DeploymentSite) => done.sites.includes(site.site);
      const sites = changed(next.sites, back, { state: "reverted", commit: done.revertCommit, updatedAt: event.at });
      const whole = sites.every((site) => site.state === "reverted");
      return { ...next, sites, revertCommit: done.revertCommit, status: whole ? "reverted" : "live" };
    }
    case "rollback.failed":
    case "intent.failed":
      return { ...next, status: "failed" };
    case "intent.cancelled": {
      const onTheWay = (site: DeploymentSite) => site.state === "pending" || site.state === "syncing";
      return { ...next, status: "failed", sites: changed(next.sites, onTheWay, { state: "failed", updatedAt: event.at }) };
    }
    case "intent.completed": {
      if (next.status === "reverting" || next.status === "reverted") return next; // completed is the intent that asked for it
      // What a person accepted without a measurement stays provisioned: it was not verified.
      const met = (site: DeploymentSite) => site.state === "provisioned" && passed(next.evidence, site.site);
      return {
        ...next,
        status: next.action === "terminate" ? "superseded" : "live",
        sites: changed(next.sites, met, { state: "verified", updatedAt: event.at }),
      };
    }
    case "intent.rolled_back":
      return { ...next, status: "reverted" };
    default:
      return next;
  }
}

function changed(
  sites: readonly DeploymentSite[],
  which: (site: DeploymentSite) => boolean,
  change: Partial<DeploymentSite>,
): DeploymentSite[] {
  return sites.map((site) => (which(site) ? { ...site, ...change } : site));
}

/** Whether the last measurement of each objective at the site was a pass. */
function passed(evidence: readonly Evidence[], site: string): boolean {
  const latest = new Map(evidence.filter((one) => one.site === site).map((one) => [one.objective, one.verdict]));
  return [...latest.values()].every((verdict) => verdict === "pass");
}

function withEvidence(known: readonly Evidence[], measured: readonly Evidence[]): Evidence[] {
  const key = (one: Evidence) => `${one.site} ${one.objective} ${one.measuredAt}`;
  const before = new Set(known.map(key));
  return [...known, ...measured.filter((one) => !before.has(key(one)))];
}

function withSite(sites: readonly DeploymentSite[], site: DeploymentSite): DeploymentSite[] {
  if (!sites.some((known) => known.site === site.site)) return [...sites, site];
  // An event without a commit says nothing about the commit; what was known stays.
  return sites.map((known) => (known.site === site.site ? { ...site, commit: site.commit ?? known.commit } : known));
}
