// What work follows: a preparation for a text, an application for an approved package, a rollback for a deployment.
import { eq, sql } from "drizzle-orm";
import { deploymentSites, deployments } from "../../drizzle/schema.ts";
import type { ApplyInput } from "../../protocol/job.ts";
import type { FileDiff, SiteOutcome, SlicePlan, VerifyOutput, WaveCommit } from "../../protocol/stage.ts";
import type { Deps } from "../deps.ts";
import { beginsAt, type Frozen } from "./freeze.ts";
import type { IntentDraft, IntentRow } from "./intent-draft.ts";
import { enqueueJob, type JobRow } from "./jobs.ts";
import { reserveSlice } from "./slices.ts";
import type { Unit } from "./unit.ts";

type DeploymentRow = typeof deployments.$inferSelect;

export function enqueuePrepare(unit: Unit, deps: Deps, intent: IntentRow): string {
  return enqueueJob(unit, deps, {
    priority: intent.priority,
    sites: [],
    input: {
      kind: "intent.prepare",
      intentId: intent.id,
      text: intent.text,
      context: intent.context,
      targetSites: intent.targetSites,
      answers: intent.answers,
      corrected: intent.corrected,
      command: intent.command,
      rollout: intent.rollout,
      preempt: intent.preempt,
      priority: intent.priority,
      createdAt: new Date(intent.createdAt).toISOString(),
    },
  });
}

export interface Prepared {
  plan: SlicePlan;
  diff: DeploymentRow["diff"];
  digest: string;
  files: { path: string; content: string }[];
  approvedBy: string | null;
}

/** Creates the deployment, takes its capacity, and queues the job that carries exactly the files that were shown. A frozen site is waited for. */
export function enqueueApply(
  unit: Unit,
  deps: Deps,
  { draft, prepared, world }: { draft: IntentDraft; prepared: Prepared; world: Frozen },
): void {
  const { plan, diff, digest, files, approvedBy } = prepared;
  const now = deps.now();
  const deploymentId = deps.newId("dep", now);
  reserveSlice(unit, deps, { plan, intentId: draft.row.id, deploymentId });
  const visibleAt = beginsAt(deps, world, plan.waves);
  const jobId = enqueueJob(unit, deps, {
    priority: plan.priority,
    sites: plan.sites,
    ...(visibleAt === undefined ? {} : { visibleAt }),
    input: {
      kind: "intent.apply",
      intentId: draft.row.id,
      deploymentId,
      description: draft.row.text,
      plan,
      files,
      diff,
      digest,
      policy: draft.row.policy,
      approvedBy,
      freeze: world.freeze,
    },
  });
  unit.add(
    deps.db.insert(deployments).values({
      id: deploymentId,
      intentId: draft.row.id,
      jobId,
      action: plan.action,
      slice: plan.slice,
      plan,
      approvedBy,
      serviceType: plan.serviceType,
      sst: plan.snssai.sst,
      sd: plan.snssai.sd,
      status: "applying",
      digest,
      diff,
      createdAt: now,
      updatedAt: now,
    }),
  );
  const message = visibleAt === undefined ? "waiting for its turn" : `frozen until ${new Date(visibleAt).toISOString()}`;
  for (const site of plan.sites) {
    const replaced = plan.replaces.find((one) => one.site === site)?.deploymentId ?? null;
    unit.add(deps.db.insert(deploymentSites).values({ deploymentId, site, state: "pending", message, replaced, updatedAt: now }));
  }
  draft.moveTo("running");
  draft.set({ deploymentId });
}

export interface Resumed {
  job: JobRow;
  input: ApplyInput;
  deploymentId: string;
  world: Frozen;
  reverted: readonly string[]; // sites that a person has taken back meanwhile
}

/** After a pause: what is done stays done, what failed or could not be judged is tried again, and the waves that are left follow. */
export function enqueueResume(unit: Unit, deps: Deps, { job, input, deploymentId, world, reverted }: Resumed): void {
  const { push, sync, verify } = job.checkpoint;
  const asItIs = (sync?.sites ?? []).map(
    (site): SiteOutcome => (reverted.includes(site.site) ? { ...site, state: "reverted", message: "taken back" } : site),
  );
  const kept = sync === undefined ? {} : { sync: { sites: asItIs.filter((site) => site.state !== "failed") } };
  const measured = verify === undefined ? undefined : stillMeasured(verify, { sites: asItIs, waves: input.plan.waves });
  const visibleAt = beginsAt(deps, world, input.plan.waves.slice(push?.waves.length ?? 0));
  const jobId = enqueueJob(unit, deps, {
    priority: job.priority,
    sites: input.plan.sites,
    input: { ...input, freeze: world.freeze },
    checkpoint: { ...(push === undefined ? {} : { push }), ...kept, ...(measured === undefined ? {} : { verify: measured }) },
    ...(visibleAt === undefined ? {} : { visibleAt }),
  });
  unit.add(deps.db.update(deployments).set({ jobId, updatedAt: deps.now() }).where(eq(deployments.id, deploymentId)));
}

/** What was measured of the sites that stay and have met their objectives; a wave with any other site is measured and waited for anew. */
function stillMeasured(verify: VerifyOutput, { sites, waves }: { sites: SiteOutcome[]; waves: string[][] }): VerifyOutput | undefined {
  const there = sites.filter((site) => site.state === "provisioned" && verify.sites.includes(site.site)).map((site) => site.site);
  const newest = new Map(verify.evidence.map((record) => [`${record.site} ${record.objective}`, record]));
  const open = [...newest.values()].filter((record) => record.verdict !== "pass").map((record) => record.site);
  const good = there.filter((site) => !open.includes(site));
  if (good.length === 0) return undefined;
  const back = sites.filter((site) => site.state === "reverted").map((site) => site.site);
  const unsettled = waves.findIndex((wave) => wave.some((site) => !good.includes(site) && !back.includes(site)));
  const settled = unsettled === -1 ? waves.length : unsettled;
  return {
    verdict: "pass",
    evidence: verify.evidence.filter((record) => good.includes(record.site)),
    sites: good,
    bakedWaves: Math.min(verify.bakedWaves, settled),
  };
}

export interface RollbackOrder {
  deployment: DeploymentRow;
  commits: WaveCommit[];
  askedBy: string | null; // the intent whose action it is
  diff: FileDiff[] | null;
  sites: string[];
  completes: boolean;
  reason: string;
  intent: IntentRow;
}

/** Queues the rollback of a deployment, whole or at some of its sites. The job belongs to the intent that asks for it, if one does. */
export function enqueueRollback(unit: Unit, deps: Deps, { deployment, intent, ...order }: RollbackOrder): string {
  unit.guard(sql`exists (select 1 from deployments where id = ${deployment.id} and status = ${deployment.status})`);
  unit.guard(sql`not exists (
    select 1 from deployments where slice = ${deployment.slice} and id <> ${deployment.id} and status in ('applying', 'reverting'))`);
  const jobId = enqueueJob(unit, deps, {
    priority: ROLLBACK_PRIORITY,
    sites: order.sites,
    input: {
      kind: "deployment.rollback",
      intentId: order.askedBy ?? intent.id,
      deploymentId: deployment.id,
      slice: deployment.slice,
      wasLive: deployment.status === "live",
      ...order,
    },
  });
  unit.add(deps.db.update(deployments).set({ status: "reverting", updatedAt: deps.now() }).where(eq(deployments.id, deployment.id)));
  return jobId;
}

const ROLLBACK_PRIORITY = 10; // the highest: taking back comes before putting out
