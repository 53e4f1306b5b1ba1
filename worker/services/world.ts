// What decides about a finished preparation besides its plan: the policy, the sites' labels and freeze windows, what a rollback takes back.
import { sql } from "drizzle-orm";
import { agents, sites } from "../../drizzle/schema.ts";
import { approvalReasons } from "../../intent/approval.ts";
import type { ApprovalMode } from "../../protocol/intent.ts";
import type { OperationsPolicy } from "../../protocol/policy.ts";
import type { SlicePlan } from "../../protocol/stage.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { rollbackOrder } from "./deployments.ts";
import type { RollbackOrder } from "./enqueue.ts";
import type { Frozen } from "./freeze.ts";
import { readPolicy } from "./policy.ts";
import { inJson } from "./slices.ts";

export interface World extends Frozen {
  policy: OperationsPolicy;
  labels: Map<string, Record<string, string>>;
  rollback: RollbackOrder | AppError | null; // AppError: why it cannot be taken back
  served: boolean; // one agent has all of the plan's sites
}

export async function worldOf(deps: Deps, plan: SlicePlan, intentId: string): Promise<World> {
  const unserved = sql`select 1 from json_each(${JSON.stringify(plan.sites)}) where value not in (select value from json_each(${agents.sites}))`;
  const [policy, rows, serving, rollback] = await Promise.all([
    readPolicy(deps),
    deps.db.select({ id: sites.id, config: sites.config }).from(sites).where(inJson(sites.id, plan.sites)),
    deps.db.select({ id: agents.id }).from(agents).where(sql`not exists (${unserved})`).limit(1),
    plan.takesBack === null ? null : orderOf(deps, { plan, intentId, deploymentId: plan.takesBack }),
  ]);
  return {
    policy,
    labels: new Map(rows.map(({ id, config }) => [id, config.labels])),
    freeze: Object.fromEntries(rows.flatMap(({ id, config }) => (config.freeze.length === 0 ? [] : [[id, config.freeze]]))),
    rollback,
    served: serving.length > 0,
  };
}

async function orderOf(
  deps: Deps,
  { plan, intentId, deploymentId }: { plan: SlicePlan; intentId: string; deploymentId: string },
): Promise<RollbackOrder | AppError> {
  try {
    const order = await rollbackOrder(deps, { deploymentId, sites: plan.sites, reason: `asked for by intent ${intentId}` });
    return { ...order, askedBy: intentId };
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

export function reasonsToApprove(world: World, plan: SlicePlan, asked: ApprovalMode): string[] {
  return approvalReasons({ asked, plan, policy: world.policy, labels: world.labels });
}
