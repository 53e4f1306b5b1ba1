// Work about a site itself: kept here, handed to its agent with every heartbeat until it has ended, see site-task-reports.ts for how it ends.
import { and, asc, desc, eq, sql } from "drizzle-orm";
import { siteTasks } from "../../drizzle/schema.ts";
import type { SiteTask, SiteTaskInput, SiteTaskView } from "../../protocol/site.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import type { Unit } from "./unit.ts";

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
  const rows = await deps.db.select().from(siteTasks).where(eq(siteTasks.site, site)).orderBy(desc(siteTasks.id)).limit(MAX_TASKS_SHOWN);
  return rows.map(taskView);
}

export function taskView(row: SiteTaskRow): SiteTaskView {
  const { id, site, kind, state, message, phase, nodeClusterId, checks, askedBy, createdAt, updatedAt } = row;
  return {
    ...{ taskId: id, site, kind, state, message, phase, nodeClusterId, checks, askedBy },
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
