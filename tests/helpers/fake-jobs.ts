// The jobs of the fake control centre, in memory, with the rules an agent must get right: one lease at a time, a newer
// instance of the agent ends the leases of the older one, a fact is stored once. No intents, no priorities.
import type { ErrorCode } from "../../protocol/errors.ts";
import { newId } from "../../protocol/ids.ts";
import type { ClaimedJob, JobInput, Lease } from "../../protocol/job.ts";
import type { ReportedFact, ReportRequest } from "../../protocol/report.ts";

/** Becomes the answer with this code. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode) {
    super(code);
    this.code = code;
  }
}

interface FakeJob {
  jobId: string;
  input: JobInput;
  attempt: number;
  lease: Lease | null;
  leaseEndsAt: number;
  instanceId: string | null;
  cancelRequested: boolean;
  finished: boolean;
}

export interface FakeJobs {
  facts: ReportedFact[]; // each id once: the effects
  reports: ReportRequest[]; // as they came, repeats too
  leases: Lease[]; // every lease ever given
  enqueue(input: JobInput): string;
  cancel(jobId: string): void;
  /** Ends the lease as if another attempt had been given the job. */
  steal(jobId: string): void;
  isFinished(jobId: string): boolean;
  /** Throws INSTANCE_REPLACED for an older instance than the newest one seen. */
  meet(instanceId: string): void;
  claim(instanceId: string, slots: number): ClaimedJob | null;
  /** The three below throw LEASE_LOST. */
  extend(lease: Lease): { leaseMs: number; cancelRequested: boolean };
  report(report: ReportRequest): { cancelRequested: boolean };
  review(inflight: Lease[]): { cancel: string[]; lost: string[] };
}

export function createFakeJobs(leaseMs: number): FakeJobs {
  const jobs = new Map<string, FakeJob>();
  const seen = new Set<string>();
  let newest = "";

  const isHeld = (job: FakeJob): boolean => job.lease !== null && job.leaseEndsAt >= Date.now();

  function heldBy(lease: Lease): FakeJob {
    const job = jobs.get(lease.jobId);
    if (job?.lease?.leaseId !== lease.leaseId || !isHeld(job)) throw new Refusal("LEASE_LOST");
    return job;
  }

  function give(job: FakeJob, endsAt: number): Lease {
    job.attempt += 1;
    job.leaseEndsAt = endsAt;
    job.lease = { jobId: job.jobId, attempt: job.attempt, leaseId: newId("lease") };
    return job.lease;
  }

  const self: FakeJobs = {
    facts: [],
    reports: [],
    leases: [],
    enqueue(input) {
      const jobId = newId("job");
      const fresh = { attempt: 0, lease: null, leaseEndsAt: 0, instanceId: null, cancelRequested: false, finished: false };
      jobs.set(jobId, { jobId, input, ...fresh });
      return jobId;
    },
    cancel(jobId) {
      const job = jobs.get(jobId);
      if (job !== undefined) job.cancelRequested = true;
    },
    steal(jobId) {
      const job = jobs.get(jobId);
      if (job !== undefined) give(job, Number.POSITIVE_INFINITY);
    },
    isFinished: (jobId) => jobs.get(jobId)?.finished ?? false,
    meet(instanceId) {
      if (instanceId < newest) throw new Refusal("INSTANCE_REPLACED");
      if (instanceId === newest) return;
      newest = instanceId;
      for (const job of jobs.values()) if (job.instanceId !== instanceId) job.lease = null;
    },
    claim(instanceId, slots) {
      const open = [...jobs.values()].filter((job) => !job.finished);
      const job = open.find((one) => !isHeld(one));
      if (job === undefined || open.filter(isHeld).length >= slots) return null;
      const lease = give(job, Date.now() + leaseMs);
      job.instanceId = instanceId;
      self.leases.push(lease);
      const { input, cancelRequested } = job;
      const context = { sites: [], slices: [] };
      return { lease, leaseMs, priority: 5, input, checkpoint: {}, context, cancelRequested, traceparent: null };
    },
    extend(lease) {
      const job = heldBy(lease);
      job.leaseEndsAt = Date.now() + leaseMs;
      return { leaseMs, cancelRequested: job.cancelRequested };
    },
    report(report) {
      self.reports.push(report);
      const job = heldBy(report.lease);
      for (const fact of report.facts.filter(({ id }) => !seen.has(id))) {
        seen.add(fact.id);
        self.facts.push(fact);
        if (fact.fact.type === "job.finished") job.finished = true;
      }
      return { cancelRequested: job.cancelRequested };
    },
    review(inflight) {
      const mine = inflight.map((lease) => ({ lease, job: jobs.get(lease.jobId) }));
      return {
        cancel: mine.filter(({ job }) => job?.cancelRequested).map(({ lease }) => lease.jobId),
        lost: mine.filter(({ lease, job }) => job?.lease?.leaseId !== lease.leaseId).map(({ lease }) => lease.jobId),
      };
    },
  };
  return self;
}
