// The agent routes: enrolment, heartbeat, claim, extend, ticket. All timings come from the server.
import * as z from "zod";
import { AgentId, CommitSha, DeploymentId, EventId, InstanceId, SiteId, SliceName, TaskId, Timestamp } from "./ids.ts";
import { ClaimedJob, Lease } from "./job.ts";
import { Integration, MAX_INTEGRATIONS, Routing } from "./llm.ts";
import { Drift, SiteComponents, SiteConfig, SiteStatus, SiteTask, SiteTaskReport } from "./site.ts";
import { Evidence, SloObjective } from "./slo.ts";

export const Timings = z.object({
  heartbeatMs: z.number().int().positive(),
  leaseMs: z.number().int().positive(),
  extendMs: z.number().int().positive(),
  pollMs: z.number().int().positive(), // how often to claim while the socket is down
  idlePollMs: z.number().int().positive(), // and while it is up: a push may be lost
});
export type Timings = z.infer<typeof Timings>;

/** Who the agent is and what it can do; sent with every heartbeat and as the socket's hello. */
export const AgentHello = z.object({
  protocol: z.number().int().positive(),
  instanceId: InstanceId, // made at boot; sorts by time, so a newer instance of the same agent wins
  version: z.string().max(40),
  labels: z.record(z.string().max(63), z.string().max(63)),
  capabilities: z.array(z.string().max(63)).max(50),
  slots: z.number().int().min(1).max(64),
  inflight: z.array(Lease).max(64),
});
export type AgentHello = z.infer<typeof AgentHello>;

export const EnrolRequest = z.strictObject({ token: z.string().min(20).max(200), name: z.string().min(1).max(63) });
export type EnrolRequest = z.infer<typeof EnrolRequest>;
export const EnrolResponse = z.object({ agentId: AgentId, credential: z.string() });

/** What the agent sees of a site now, whether or not a job runs there. `commit`: the one in force; null when the site does not say. */
export const SiteObservation = z.object({
  site: SiteId,
  status: SiteStatus, // unreachable when its sync API gives no answer; degraded when anything else is not healthy
  message: z.string().max(500),
  commit: CommitSha.nullable(),
  components: SiteComponents,
  drift: z.array(Drift).max(50).nullable(), // null: not looked at yet
});
export type SiteObservation = z.infer<typeof SiteObservation>;

export const HeartbeatRequest = z.object({
  hello: AgentHello,
  sites: z.array(SiteConfig).max(200).optional(), // sent once per instance: the sites this agent serves
  observations: z.array(SiteObservation).max(200).optional(), // what is new, and now and then all
  integrations: z.array(Integration).max(MAX_INTEGRATIONS).optional(), // all of them, when something about them is new, and now and then
  stopping: z.boolean().default(false), // a goodbye: the agent is not assignable any more
});
export type HeartbeatRequest = z.infer<typeof HeartbeatRequest>;

export const HeartbeatResponse = z.object({
  agentId: AgentId,
  serverTime: Timestamp,
  timings: Timings,
  cancel: z.array(Lease.shape.jobId), // inflight jobs somebody wants stopped
  lost: z.array(Lease.shape.jobId), // inflight jobs whose lease is no longer ours
  sites: z.array(SiteConfig), // added through the API and given to this agent, all of them
  tasks: z.array(SiteTask), // open, of this agent's sites
  routing: Routing, // which language models are asked, and in which order
  corrections: z.number().int(), // grows with every correction and every one taken back; when it has, ask for them
});
export type HeartbeatResponse = z.infer<typeof HeartbeatResponse>;

/** A live slice at a site that this agent should keep measuring and comparing with git. Two agents are never given the same site. */
export const WatchedSlice = z.object({
  slice: SliceName,
  site: SiteId,
  deploymentId: DeploymentId,
  commit: CommitSha,
  busy: z.boolean(), // somebody is changing it now: not a time to judge it
  objectives: z.array(SloObjective),
});
export type WatchedSlice = z.infer<typeof WatchedSlice>;

export const WatchlistRequest = z.object({ instanceId: InstanceId });
export type WatchlistRequest = z.infer<typeof WatchlistRequest>;
export const WatchlistResponse = z.object({
  intervalSeconds: z.number().int().positive(),
  enabled: z.boolean(),
  sites: z.array(SiteId), // whose slices the list holds, also those without any
  slices: z.array(WatchedSlice),
});
export type WatchlistResponse = z.infer<typeof WatchlistResponse>;

/** One look at one live slice at one site, all objectives. `round` is the same for all of a round: sent twice, it counts once. */
export const MeasuredSlice = z.object({
  slice: SliceName,
  site: SiteId,
  deploymentId: DeploymentId,
  at: Timestamp,
  evidence: z.array(Evidence).max(8),
});
export type MeasuredSlice = z.infer<typeof MeasuredSlice>;

export const MAX_MEASURED_PER_REPORT = 200;
export const MeasurementsRequest = z.object({
  instanceId: InstanceId,
  round: EventId,
  measured: z.array(MeasuredSlice).max(MAX_MEASURED_PER_REPORT),
});
export type MeasurementsRequest = z.infer<typeof MeasurementsRequest>;

/** `accepted`: of what was sent, the slices that were in force as it says, and not counted before. */
export const MeasurementsResponse = z.object({ accepted: z.number().int().nonnegative() });
export type MeasurementsResponse = z.infer<typeof MeasurementsResponse>;

export const TaskReportRequest = z.object({ instanceId: InstanceId, reports: z.array(SiteTaskReport).min(1).max(50) });
export type TaskReportRequest = z.infer<typeof TaskReportRequest>;
/** `ended`: the tasks among them that are over; nothing more has to be done or said about them. */
export const TaskReportResponse = z.object({ ended: z.array(TaskId) });
export type TaskReportResponse = z.infer<typeof TaskReportResponse>;

export const ClaimRequest = z.object({ instanceId: InstanceId, slots: z.number().int().min(1).max(64) });
export type ClaimRequest = z.infer<typeof ClaimRequest>;
export const ClaimResponse = z.object({ job: ClaimedJob.nullable() });
export type ClaimResponse = z.infer<typeof ClaimResponse>;

export const ExtendRequest = z.object({ lease: Lease });
export const ExtendResponse = z.object({ leaseMs: z.number().int().positive(), cancelRequested: z.boolean() });

export const AgentView = z
  .object({
    agentId: AgentId,
    name: z.string(),
    status: z.enum(["online", "stale", "offline"]),
    version: z.string(),
    protocol: z.number().int(),
    slots: z.number().int(),
    running: z.number().int(),
    capabilities: z.array(z.string()),
    labels: z.record(z.string(), z.string()),
    sites: z.array(z.string()),
    lastHeartbeat: Timestamp.nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: "Agent" });
export type AgentView = z.infer<typeof AgentView>;
