// What the facts of one report share while they become statements.
import { and, eq, sql } from "drizzle-orm";
import { deploymentSites, deployments } from "../../drizzle/schema.ts";
import { DEPLOYMENT_MOVES } from "../../protocol/deployment.ts";
import type { EventType } from "../../protocol/event.ts";
import type { StatusAnswer } from "../../protocol/intent.ts";
import { canMove } from "../../protocol/moves.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import type { IntentDraft } from "./intent-draft.ts";
import type { JobRow } from "./jobs.ts";
import type { Unit } from "./unit.ts";
import type { World } from "./world.ts";

export interface FactContext {
  deps: Deps;
  unit: Unit;
  job: JobRow;
  draft: IntentDraft;
  /** The intent whose deployment it is; another one than `draft` when that one asked for a rollback. */
  owner: IntentDraft;
  /** What decides about a plan besides the plan; loaded when a preparation ends. */
  world: World | null;
  /** The answer to a question that only the agent's provider recognised as one. */
  answer: StatusAnswer | null;
  deployment: typeof deployments.$inferSelect | null;
  /** Facts of this report that are not in D1 yet are visible here: what the stages of this job left behind so far. */
  checkpoint: JobRow["checkpoint"];
  /** Event types that earlier attempts of this job have announced. */
  announced: ReadonlySet<EventType>;
}

/** The fact behind an event: its id makes the event unique. */
export interface About {
  id: string;
  at: number;
  jobId: string;
}

/** Adds a change of the job's deployment to the unit. Throws CONFLICT when its status may not move so. */
export function setDeployment(context: FactContext, patch: Partial<typeof deployments.$inferSelect>): void {
  const { deps, unit, deployment } = context;
  if (deployment === null) return;
  const { status = deployment.status } = patch;
  if (status !== deployment.status && !canMove(DEPLOYMENT_MOVES, deployment.status, status))
    throw new AppError("CONFLICT", `a deployment that is ${deployment.status} cannot become ${status}`);
  context.deployment = { ...deployment, ...patch, status };
  unit.add(
    deps.db
      .update(deployments)
      .set({ ...patch, updatedAt: deps.now() })
      .where(eq(deployments.id, deployment.id)),
  );
}

/** Marks the deployment's sites that are in one of the given states. */
export function markSites(
  context: FactContext,
  { from, to, message }: { from: string[]; to: "verified" | "reverted" | "failed"; message: string },
): void {
  const { deps, unit, deployment } = context;
  if (deployment === null) return;
  unit.add(
    deps.db
      .update(deploymentSites)
      .set({ state: to, message, updatedAt: deps.now() })
      .where(
        and(
          eq(deploymentSites.deploymentId, deployment.id),
          sql`${deploymentSites.state} in (select value from json_each(${JSON.stringify(from)}))`,
        ),
      ),
  );
}
