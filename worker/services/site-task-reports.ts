// How work about a site ends: by its agent's reports or by its deadline, and what a check that passed puts in force.
import { and, eq, lt, sql } from "drizzle-orm";
import { agents, sites, siteTasks } from "../../drizzle/schema.ts";
import type { TaskReportRequest, TaskReportResponse } from "../../protocol/agent.ts";
import type { SiteConfig, SiteTaskReport } from "../../protocol/site.ts";
import type { Deps } from "../deps.ts";
import { reviewWaiting } from "./job-order.ts";
import { type SiteTaskRow, taskView } from "./site-tasks.ts";
import type { SiteRow } from "./sites.ts";
import { createUnit, GuardFailed, type Unit } from "./unit.ts";

const MAX_EXPIRED_AT_ONCE = 20; // a bound; the next heartbeat goes on

/** Reports about tasks that have ended, or that are another agent's now, change nothing. */
export async function reportTasks(deps: Deps, agentId: string, { reports }: TaskReportRequest): Promise<TaskReportResponse> {
  const ended: string[] = [];
  for (const report of reports) {
    const row = await deps.db.select().from(siteTasks).where(eq(siteTasks.id, report.taskId)).get();
    const open = row?.agentId === agentId && row.state === "open";
    if (open) await applyTaskReport(deps, row, report);
    if (!open || report.state !== "open") ended.push(report.taskId);
  }
  return { ended };
}

/** Tasks that nobody has ended in time. Asked for by heartbeats and cron, as silent agents are. */
export async function expireTasks(deps: Deps): Promise<void> {
  const late = await deps.db
    .select()
    .from(siteTasks)
    .where(and(sql`${siteTasks.state} = 'open'`, lt(siteTasks.deadline, deps.now())))
    .limit(MAX_EXPIRED_AT_ONCE);
  for (const row of late)
    await applyTaskReport(deps, row, { taskId: row.id, state: "failed", message: `not done in time: ${row.message}` });
}

async function applyTaskReport(deps: Deps, row: SiteTaskRow, report: SiteTaskReport): Promise<void> {
  const { state, message, phase = row.phase, nodeClusterId = row.nodeClusterId, checks = row.checks } = report;
  const after: SiteTaskRow = { ...row, state, message: message.slice(0, 500), phase, nodeClusterId, checks, updatedAt: deps.now() };
  if (after.state === row.state && after.phase === row.phase && after.message === row.message) return;
  const unit = createUnit(deps);
  unit.guard(sql`exists (select 1 from site_tasks where id = ${row.id} and state = 'open')`);
  unit.add(
    deps.db
      .update(siteTasks)
      .set({ state, message: after.message, phase, nodeClusterId, checks, updatedAt: after.updatedAt })
      .where(eq(siteTasks.id, row.id)),
  );
  const site = await deps.db.select().from(sites).where(eq(sites.id, row.site)).get();
  if (site !== undefined && after.input.kind === "check") concludeCheck(unit, deps, { site, task: after });
  else if (site !== undefined && (after.state !== row.state || after.phase !== row.phase))
    unit.event({
      type: "site.updated",
      site: site.id,
      data: { status: site.status, message: site.message, change: "cluster", task: taskView(after) },
    });
  await unit.commit().catch((error: unknown) => {
    if (!(error instanceof GuardFailed)) throw error; // it was ended by somebody else meanwhile
  });
}

/** A check that passed puts the addresses it tried in force; one that failed leaves everything as it was and says why. */
function concludeCheck(unit: Unit, deps: Deps, { site, task }: { site: SiteRow; task: SiteTaskRow }): void {
  if (task.state === "open" || task.input.kind !== "check") return;
  const passed = task.state === "succeeded" && task.checks.every((check) => check.ok);
  unit.add(deps.db.update(sites).set({ checks: task.checks, updatedAt: deps.now() }).where(eq(sites.id, site.id)));
  const { kube, o2ims, prometheus } = task.input.config;
  if (passed && site.declared === null)
    adoptSite(unit, deps, { site, config: { ...site.config, kube, o2ims, prometheus }, agentId: task.agentId });
  if (passed && site.declared !== null) return; // what its agent's file says is in force anyway, and it is as it should be
  unit.event({
    type: "site.updated",
    site: site.id,
    data: { status: site.status, message: site.message, change: "checked", task: taskView(task) },
  });
}

/** An added site may be used from here on, by these addresses and through this agent, which hears of them with its next heartbeat. */
function adoptSite(unit: Unit, deps: Deps, { site, config, agentId }: { site: SiteRow; config: SiteConfig; agentId: string }): void {
  unit.add(deps.db.update(sites).set({ config, agentId, ready: true }).where(eq(sites.id, site.id)));
  if (site.agentId !== agentId) releaseSite(unit, deps, site.id);
  unit.wake();
}

/** No agent takes jobs for the site any more; the one that is given it says by its observations that it does. */
export function releaseSite(unit: Unit, deps: Deps, site: string): void {
  unit.add(
    deps.db
      .update(agents)
      .set({ sites: sql`(select json_group_array(value) from json_each(${agents.sites}) where value <> ${site})` })
      .where(sql`${site} in (select value from json_each(${agents.sites}))`),
  );
  reviewWaiting(unit, deps);
}
