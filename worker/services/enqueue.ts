// What work follows: a preparation for a text, an application for an approved package, a rollback for a deployment.
import { eq } from "drizzle-orm";
import { deploymentSites, deployments } from "../../drizzle/schema.ts";
import type { SlicePlan } from "../../protocol/stage.ts";
import type { Deps } from "../deps.ts";
import type { IntentDraft, IntentRow } from "./intent-draft.ts";
import { enqueueJob } from "./jobs.ts";
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

/** Creates the deployment, takes its capacity, and queues the job that carries exactly the files that were shown. */
export function enqueueApply(unit: Unit, deps: Deps, { draft, prepared }: { draft: IntentDraft; prepared: Prepared }): void {
  const { plan, diff, digest, files, approvedBy } = prepared;
  const now = deps.now();
  const deploymentId = deps.newId("dep", now);
  reserveSlice(unit, deps, { plan, intentId: draft.row.id, deploymentId });
  const jobId = enqueueJob(unit, deps, {
    priority: draft.row.priority,
    sites: plan.sites,
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
    },
  });
  unit.add(
    deps.db.insert(deployments).values({
      id: deploymentId,
      intentId: draft.row.id,
      jobId,
      slice: plan.slice,
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
  for (const site of plan.sites)
    unit.add(
      deps.db.insert(deploymentSites).values({ deploymentId, site, state: "pending", message: "waiting for its turn", updatedAt: now }),
    );
  draft.moveTo("running");
  draft.set({ deploymentId });
}

export interface RollbackOrder {
  deployment: DeploymentRow & { commit: string };
  sites: string[];
  allSites: string[];
  completes: boolean;
  reason: string;
  intent: IntentRow;
}

/** Queues the rollback of a deployment, whole or at some of its sites. */
export function enqueueRollback(unit: Unit, deps: Deps, { deployment, intent, ...order }: RollbackOrder): string {
  const jobId = enqueueJob(unit, deps, {
    priority: ROLLBACK_PRIORITY,
    sites: order.sites,
    input: {
      kind: "deployment.rollback",
      intentId: intent.id,
      deploymentId: deployment.id,
      slice: deployment.slice,
      commit: deployment.commit,
      ...order,
    },
  });
  unit.add(deps.db.update(deployments).set({ status: "reverting", updatedAt: deps.now() }).where(eq(deployments.id, deployment.id)));
  return jobId;
}

const ROLLBACK_PRIORITY = 10; // the highest: taking back comes before putting out
