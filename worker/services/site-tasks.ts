// Work about a site itself: kept here, handed to its agent with every heartbeat until it has ended, ended by a report or its deadline.
import { and, asc, desc, eq, lt, sql } from "drizzle-orm";
import { siteTasks, sites } from "../../drizzle/schema.ts";
import type { TaskReportRequest, TaskReportResponse } from "../../protocol/agent.ts";
import type { SiteTask, SiteTaskInput, SiteTaskReport, SiteTaskView } from "../../protocol/site.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { adoptSite } from "./site-registry.ts";
import type { SiteRow } from "./sites.ts";
import { createUnit, GuardFailed, type Unit } from "./unit.ts";

export type SiteTaskRow = typeof siteTasks.$inferSelect;

const DEADLINE_MS: Record<SiteTaskInput["kind"], number> = {
  check: 2 * 60_000, // six calls of seconds, and an agent that may be starting again
  provision: 3 * 3600_000, // a cluster is installed from bare metal in one to two hours
  deprovision: 3600_000,
};
const MAX_TASKS_PER_HEARTBEAT = 50; // oldest first; the others follow
const MAX_TASKS_SHOWN = 50;

export interface NewTask {
  taskId: string;
  site: string;
  input: SiteTaskInput;
  agentId: string;
  askedBy: string;
}

export function openTask(unit: Unit, deps: Deps, { taskId, input, ...about }: NewTask): void {
  const now = deps.now();
  unit.add(
    deps.db.insert(siteTasks).values({
      ...about,
      id: taskId,
      kind: input.kind,
      input,
      state: "open",
      message: "waiting for its agent",
      checks: [],
      deadline: now + DEADLINE_MS[input.kind],
      createdAt: now,
      updatedAt: now,
    }),
  );
  unit.wake();
}

/** Open tasks of the sites are over without having been done. */
export function withdrawTasks(unit: Unit, deps: Deps, { sites: ids, kind, why }: { sites: string[]; kind?: "check"; why: string }): void {
  unit.add(
    deps.db
      .update(siteTasks)
      .set({ state: "failed", message: why, updatedAt: deps.now() })
      .where(
        and(
          sql`${siteTasks.state} = 'open' and ${siteTasks.site} in (select value from json_each(${JSON.stringify(ids)}))`,
          kind === undefined ? undefined : eq(siteTasks.kind, kind),
        ),
      ),
  );
}

/** What an agent has to do now. */
export async function openTasks(deps: Deps, agentId: string): Promise<SiteTask[]> {
  const rows = await deps.db
    .select()
    .from(siteTasks)
    .where(and(sql`${siteTasks.state} = 'open'`, eq(siteTasks.agentId, agentId)))
    .orderBy(asc(siteTasks.id))
    .limit(MAX_TASKS_PER_HEARTBEAT);
  return rows.map(({ id, site, input, deadline }) => ({ taskId: id, site, input, deadline: new Date(deadline).toISOString() }));
}

export async function findTask(deps: Deps, taskId: string): Promise<SiteTaskRow> {
  const row = await deps.db.select().from(siteTasks).where(eq(siteTasks.id, taskId)).get();
  if (row === undefined) throw new AppError("NOT_FOUND", "no such task");
  return row;
}

/** Newest first. */
export async function listTasks(deps: Deps, site: string): Promise<SiteTaskView[]> {
  const rows = await deps.db
    .select()
    .from(siteTasks)
    .where(eq(siteTasks.site, site))
    .orderBy(desc(siteTasks.id))
    .limit(MAX_TASKS_SHOWN);
  return rows.map(taskView);
}

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
    .limit(MAX_TASKS_PER_HEARTBEAT);
  for (const row of late) await applyTaskReport(deps, row, { taskId: row.id, state: "failed", message: `not done in time: ${row.message}` });
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
  const change = passed && !site.ready ? "added" : "checked";
  unit.event({
    type: "site.updated",
    site: site.id,
    data: { status: site.status, message: site.message, change, task: taskView(task) },
  });
}


export function taskView(row: SiteTaskRow): SiteTaskView {
  const { id, site, kind, state, message, phase, nodeClusterId, checks, askedBy, createdAt, updatedAt } = row;
  return {
    ...{ taskId: id, site, kind, state, message, phase, nodeClusterId, checks, askedBy },
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
