// The events of whole runs, from sentence to end, as the worker tells them. No assertions here.
import type { EventType } from "../../protocol/event.ts";
import { COMMIT, deploymentId, type EventOf, evidence, failure, jobId, plan, REVERT, understanding } from "./sample.ts";

/** Without seq. */
export type Script = (n: number) => EventOf<EventType>[];

const SITES = ["edge1", "edge2"];

function opening(n: number): EventOf<EventType>[] {
  const job = jobId("p", n);
  const slice = `embb-${n}`;
  return [
    { type: "intent.received", intent: n, data: { text: `deploy number ${n}`, targetSites: SITES, by: "ada", dryRun: false } },
    { type: "intent.parsing", intent: n, job, data: {} },
    { type: "intent.parsed", intent: n, job, data: { understanding: understanding(SITES) } },
    { type: "krm.generating", intent: n, job, data: { plan: plan(slice, SITES), warnings: [] } },
    { type: "krm.generated", intent: n, job, data: { digest: `sha256:${n}`, runner: "embedded", diff: [] } },
  ];
}

function applying(n: number): EventOf<EventType>[] {
  const job = jobId("a", n);
  const id = deploymentId(n);
  const each = (state: "syncing" | "provisioned", message: string) =>
    SITES.map((name): EventOf<EventType> => {
      const type = state === "syncing" ? "edge.deploying" : "edge.deployed";
      return { type, intent: n, job, site: name, data: { deploymentId: id, state, commit: COMMIT, message } };
    });
  return [
    { type: "gitops.pushing", intent: n, job, data: { deploymentId: id, slice: `embb-${n}`, sites: SITES } },
    {
      type: "gitops.pushed",
      intent: n,
      job,
      data: { deploymentId: id, commit: COMMIT, repositoryUrl: "http://git", branch: "main", sites: SITES },
    },
    ...each("syncing", "waiting"),
    ...each("provisioned", "healthy"),
    { type: "slo.validating", intent: n, job, data: { deploymentId: id, sites: SITES } },
  ];
}

export const completes: Script = (n) => [
  ...opening(n),
  ...applying(n),
  {
    type: "slo.validated",
    intent: n,
    job: jobId("a", n),
    data: { deploymentId: deploymentId(n), verdict: "pass", evidence: SITES.map((name) => evidence(name, "pass")) },
  },
  { type: "intent.completed", intent: n, job: jobId("a", n), data: { deploymentId: deploymentId(n), note: "met" } },
];

export const revertsItself: Script = (n) => [
  ...opening(n),
  ...applying(n),
  {
    type: "slo.validated",
    intent: n,
    job: jobId("a", n),
    data: { deploymentId: deploymentId(n), verdict: "fail", evidence: SITES.map((name) => evidence(name, "fail")) },
  },
  { type: "rollback.initiated", intent: n, job: jobId("a", n), data: { deploymentId: deploymentId(n), sites: SITES, reason: "slo" } },
  {
    type: "rollback.completed",
    intent: n,
    job: jobId("a", n),
    data: { deploymentId: deploymentId(n), revertCommit: REVERT, sites: SITES, unconfirmed: [] },
  },
  {
    type: "intent.rolled_back",
    intent: n,
    job: jobId("a", n),
    data: { deploymentId: deploymentId(n), revertCommit: REVERT, reason: "slo" },
  },
];

export const waitsForApprovalAndIsCancelled: Script = (n) => [
  ...opening(n),
  { type: "approval.requested", intent: n, job: jobId("p", n), data: { digest: `sha256:${n}`, reasons: ["the request asks for it"] } },
  { type: "approval.decided", intent: n, data: { decision: "approved", by: "eve", digest: `sha256:${n}` } },
  ...applying(n).slice(0, 3),
  { type: "intent.cancelled", intent: n, job: jobId("a", n), data: { by: "ada", effects: ["committed"] } },
];

export const asksAndFails: Script = (n) => [
  ...opening(n).slice(0, 2),
  {
    type: "intent.clarification_needed",
    intent: n,
    job: jobId("p", n),
    data: { clarifications: [{ field: "targetSites", question: "Where?" }] },
  },
  ...opening(n).slice(1),
  ...applying(n).slice(0, 2),
  {
    type: "edge.failed",
    intent: n,
    job: jobId("a", n),
    site: "edge1",
    data: { deploymentId: deploymentId(n), state: "failed", commit: COMMIT, message: "bad" },
  },
  {
    type: "intent.failed",
    intent: n,
    job: jobId("a", n),
    data: { failure: failure({ stage: "sync", reason: "sync_failed", site: "edge1" }) },
  },
];

export const noiseOfSitesAndAgents: Script = () => [
  { type: "agent.offline", data: { agentId: "agt_1", name: "vm-1", reason: "silent" } },
  { type: "site.updated", site: "edge1", data: { status: "degraded", message: "slow", change: "state" } },
  { type: "agent.online", data: { agentId: "agt_1", name: "vm-1" } },
  { type: "site.updated", site: "edge1", data: { status: "healthy", message: "", change: "state" } },
];

export const SCRIPTS: readonly Script[] = [completes, revertsItself, waitsForApprovalAndIsCancelled, asksAndFails, noiseOfSitesAndAgents];
