// Valid events, records and deployments for the tests of the page, with ids of one's own. No assertions here.
import type { IntentRecord } from "../../protocol/api.ts";
import type { Deployment } from "../../protocol/deployment.ts";
import type { DurableEvent, EventData, EventType } from "../../protocol/event.ts";
import { MONITOR_STAGES } from "../../protocol/event.ts";
import type { Understanding } from "../../protocol/intent.ts";
import type { Site } from "../../protocol/site.ts";
import type { Evidence } from "../../protocol/slo.ts";
import type { SlicePlan, StageFailure } from "../../protocol/stage.ts";

const START = Date.parse("2026-11-20T03:00:00.000Z");
export const COMMIT = "c".repeat(40);
export const REVERT = "d".repeat(40);

export function at(seconds: number): string {
  return new Date(START + seconds * 1000).toISOString();
}

export function intentId(n: number): string {
  return `int_${String(n).padStart(26, "0")}`;
}

export function jobId(kind: string, n: number): string {
  return `job_${kind}${String(n).padStart(25, "0")}`;
}

export function deploymentId(n: number): string {
  return `dep_${String(n).padStart(26, "0")}`;
}

export type EventOf<T extends EventType> = { type: T; data: EventData<T>; intent?: number; site?: string; job?: string; lineage?: string };

/** The event with this seq; its instant grows with seq, its id names the history it belongs to. */
export function event<T extends EventType>(seq: number, { type, data, intent, site, job, lineage = "a" }: EventOf<T>): DurableEvent {
  return {
    seq,
    id: `evt_${lineage}${String(seq).padStart(25, "0")}`,
    type,
    intentId: intent === undefined ? null : intentId(intent),
    jobId: job ?? null,
    site: site ?? null,
    stage: MONITOR_STAGES[type] ?? null,
    at: at(seq),
    data,
  };
}

export function understanding(sites: string[]): Understanding {
  return {
    status: "success",
    intent: {
      intentId: "x",
      action: "deploy",
      intentType: "eMBB",
      description: "a slice",
      targetSites: sites,
      requirements: { downlinkMbps: 200 },
      serviceProfile: { bandwidth: "200Mbps", latency: "30ms", reliability: "99.9%" },
      sloRequirements: { availability: "99.9%", latencyP95: "30ms", throughputMin: "200Mbps" },
      lifecycle: "draft",
      priority: 5,
      constraints: {},
    },
    clarifications: [],
    warnings: [],
    provenance: {},
    metadata: { processedAt: at(0), provider: "rules", fallback: false, cached: false, durationMs: 1 },
  };
}

export function plan(slice: string, sites: string[]): SlicePlan {
  const snssai = { sst: 1, sd: "00000a" };
  return {
    action: "deploy",
    priority: 5,
    requirements: { downlinkMbps: 200 },
    waves: [sites],
    bakeSeconds: 0,
    replaces: [],
    preempts: [],
    takesBack: null,
    renderedFor: intentId(1),
    slice,
    serviceType: "eMBB",
    snssai,
    fiveQi: 9,
    profile: {
      serviceProfileId: slice,
      plmnInfoList: [{ plmnId: { mcc: "001", mnc: "01" }, snssai }],
      sst: 1,
      maxNumberofUEs: 100,
      dLLatency: 20,
      uLLatency: 20,
      dLThptPerSlice: { guaThpt: 200_000, maxThpt: 200_000 },
      uLThptPerSlice: { guaThpt: 50_000, maxThpt: 50_000 },
      dLReliability: 99.9,
      uLReliability: 99.9,
      availability: 99.9,
      networkSliceSharingIndicator: "SHARED",
    },
    sites,
    objectives: [
      { name: "latencyP95", comparator: "lte", threshold: 20, unit: "ms", windowSeconds: 60, minSamples: 1, noData: "inconclusive" },
    ],
  };
}

export function failure(change: Partial<StageFailure> = {}): StageFailure {
  return { stage: "verify", reason: "slo_failed", message: "edge1: latency 90 ms", retryable: false, ...change };
}

export function evidence(site: string, verdict: Evidence["verdict"]): Evidence {
  return {
    site,
    objective: "latencyP95",
    query: `slice_latency_p95_ms{edge_site="${site}"}`,
    value: verdict === "pass" ? 10 : null,
    samples: 3,
    threshold: 20,
    comparator: "lte",
    unit: "ms",
    verdict,
    message: "",
    measuredAt: at(0),
  };
}

export function record(change: Partial<IntentRecord> = {}): IntentRecord {
  return {
    intentId: intentId(1),
    text: "Deploy eMBB slice on edge1",
    status: "received",
    stage: "input_received",
    sites: ["edge1"],
    deploymentId: null,
    action: null,
    slice: null,
    priority: 5,
    command: null,
    rollout: null,
    preempt: false,
    approvalReasons: [],
    answer: null,
    traceparent: null,
    policy: "all-or-revert",
    approval: "auto",
    dryRun: false,
    createdBy: "ada",
    createdAt: at(0),
    updatedAt: at(0),
    context: {},
    waitingFor: null,
    understanding: null,
    formal: null,
    plan: null,
    diff: null,
    digest: null,
    failure: null,
    effects: [],
    stages: [{ stage: "input_received", at: at(0), site: null }],
    deployment: null,
    ...change,
  };
}

export function deployment(change: Partial<Deployment> = {}): Deployment {
  return {
    deploymentId: deploymentId(1),
    intentId: intentId(1),
    jobId: null,
    action: "deploy",
    slice: "embb-1",
    serviceType: "eMBB",
    snssai: { sst: 1, sd: "00000a" },
    status: "live",
    digest: "sha256:1",
    repositoryUrl: null,
    branch: "main",
    commit: COMMIT,
    commits: [{ commit: COMMIT, sites: ["edge1"] }],
    approvedBy: null,
    sites: [{ site: "edge1", state: "verified", commit: COMMIT, message: "", updatedAt: at(0) }],
    evidence: [],
    createdAt: at(0),
    updatedAt: at(0),
    ...change,
  };
}

export function site(id: string, change: Partial<Site> = {}): Site {
  return {
    id,
    source: "agent",
    agentId: null,
    ready: true,
    production: false,
    frozenUntil: null,
    freeze: [],
    components: { sync: "healthy", o2ims: "healthy", metrics: "healthy" },
    drift: [],
    checks: [],
    aliases: [],
    labels: {},
    sync: "configsync",
    o2Dialect: "oran-o2ims-rest",
    capacity: { downlinkMbps: 1000, uplinkMbps: 1000, maxDevices: 1000 },
    used: { downlinkMbps: 0, uplinkMbps: 0, maxDevices: 0 },
    slices: [],
    status: "healthy",
    message: "",
    commit: null,
    lastSync: null,
    ...change,
  };
}
