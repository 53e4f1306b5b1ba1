// Which live slices an agent keeps watching. Each site is given to exactly one agent that is online, so nothing is measured twice.
import { and, eq, sql } from "drizzle-orm";
import { deployments, sliceSites } from "../../drizzle/schema.ts";
import type { WatchedSlice, WatchlistRequest, WatchlistResponse } from "../../protocol/agent.ts";
import { CommitSha } from "../../protocol/ids.ts";
import { ASSIGNABLE_MS } from "../../protocol/timings.ts";
import type { Deps } from "../deps.ts";
import { currentAgent } from "./agents.ts";
import { settleAlerts } from "./alert-upkeep.ts";
import { isChanging, removedHalfway } from "./changing.ts";
import { readPolicy } from "./policy.ts";
import { inJson } from "./slices.ts";

export async function watchlist(deps: Deps, agentId: string, { instanceId }: WatchlistRequest): Promise<WatchlistResponse> {
  await currentAgent(deps, agentId, instanceId);
  const [policy, sites] = await Promise.all([readPolicy(deps), assignedSites(deps, agentId)]);
  const { assurance } = policy;
  deps.defer(settleAlerts(deps, policy)); // also where nothing is left to be measured
  return { intervalSeconds: assurance.intervalSeconds, enabled: assurance.enabled, sites, slices: await watchedAt(deps, sites) };
}

/**
 * The sites that this agent is to watch: those it serves, unless another that is online comes before it. First comes the agent that the
 * site is registered with, then the lowest id. An agent that asks is alive, whatever its last heartbeat says.
 */
export async function assignedSites(deps: Deps, agentId: string): Promise<string[]> {
  const alive = sql`(a.id = ${agentId} or (a.online = 1 and a.last_heartbeat > ${deps.now() - ASSIGNABLE_MS}))`;
  const rows = await deps.db.all<{ id: string }>(sql`
    select s.id from sites s join agents me on me.id = ${agentId}
    where s.ready = 1 and s.id in (select value from json_each(me.sites)) and ${agentId} = (
      select a.id from agents a where ${alive} and exists (select 1 from json_each(a.sites) where value = s.id)
      order by (a.id = s.agent_id) desc, a.id limit 1)
    order by s.id`);
  return rows.map(({ id }) => id);
}

/** What is in the tree there. Of a slice that is being changed, or whose deployment or removal has failed, nothing is to be measured. */
async function watchedAt(deps: Deps, sites: readonly string[]): Promise<WatchedSlice[]> {
  if (sites.length === 0) return [];
  const changing = isChanging("slice_sites");
  const removed = sql<number>`${sql.raw(removedHalfway("slice_sites"))}`;
  const { slice, site, deploymentId } = sliceSites;
  const rows = await deps.db
    .select({
      slice,
      site,
      deploymentId,
      plan: deployments.plan,
      status: deployments.status,
      commits: deployments.commits,
      changing,
      removed,
    })
    .from(sliceSites)
    .innerJoin(deployments, eq(deployments.id, sliceSites.deploymentId))
    .where(and(inJson(site, sites), sql`${deployments.status} in ('live', 'applying', 'reverting', 'failed')`))
    .orderBy(site, slice);
  return rows.flatMap(({ plan, status, commits, changing: moved, removed: gone, ...row }) => {
    const commit = CommitSha.safeParse(commits.findLast((wave) => wave.sites.includes(row.site))?.commit);
    if (!commit.success) return []; // nothing of it has reached the tree yet
    const objectives = status === "failed" || gone !== 0 ? [] : plan.objectives;
    return { ...row, commit: commit.data, busy: moved !== 0, objectives };
  });
}
