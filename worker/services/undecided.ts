// A rollout that waits for a person: what is known of it, and what accepting it means.
import { and, eq } from "drizzle-orm";
import { deploymentSites, deployments, jobs } from "../../drizzle/schema.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import type { Resumed } from "./enqueue.ts";
import { findDeployment } from "./find.ts";
import { restore, settle } from "./in-force.ts";
import type { Unit } from "./unit.ts";
import { worldOf } from "./world.ts";

/** The deployment that waits for a decision, and the job that came to ask for one. */
export async function undecidedWork(deps: Deps, deploymentId: string) {
  const deployment = await findDeployment(deps, deploymentId);
  const job = await deps.db
    .select()
    .from(jobs)
    .where(eq(jobs.id, deployment.jobId ?? ""))
    .get();
  const [world, back] = await Promise.all([
    worldOf(deps, deployment.plan, deployment.intentId),
    deps.db
      .select({ site: deploymentSites.site })
      .from(deploymentSites)
      .where(and(eq(deploymentSites.deploymentId, deploymentId), eq(deploymentSites.state, "reverted"))),
  ]);
  return { deployment, deploymentId, job, world, reverted: back.map((entry) => entry.site) };
}

/** What goes on after a pause; refused when its job has been pruned. */
export function resumable({ job, ...about }: Undecided): Resumed {
  if (job === undefined || job.input.kind !== "intent.apply")
    throw new AppError("CONFLICT", "what was pushed is too long ago to go on with: accept it, or take it back");
  return { ...about, job, input: job.input };
}

export type Undecided = Awaited<ReturnType<typeof undecidedWork>>;

/** What is there stays; sites that no wave has reached keep what they had. */
export function acceptDeployment(unit: Unit, deps: Deps, { deployment, reverted }: Undecided): void {
  const { id: deploymentId, plan, commits } = deployment;
  const status = plan.action === "terminate" ? "superseded" : "live";
  const reached = commits.flatMap((wave) => wave.sites);
  const pending = and(eq(deploymentSites.deploymentId, deploymentId), eq(deploymentSites.state, "pending"));
  unit.add(deps.db.update(deployments).set({ status, updatedAt: deps.now() }).where(eq(deployments.id, deploymentId)));
  unit.add(deps.db.update(deploymentSites).set({ state: "failed", message: "not rolled out", updatedAt: deps.now() }).where(pending));
  settle(unit, deps, { deploymentId, plan, sites: reached.filter((site) => !reverted.includes(site)) });
  restore(unit, deps, { deploymentId, plan, sites: plan.sites.filter((site) => !reached.includes(site)) });
}
