// Sites as their agents bring them: declared in a file, gone from it, given to another agent. Not what is seen of them; see site-state.ts.
import { eq, sql } from "drizzle-orm";
import { agents, jobSites, sites, siteTasks, sliceSites } from "../../drizzle/schema.ts";
import type { SiteConfig, SiteOverrides } from "../../protocol/site.ts";
import { ASSIGNABLE_MS } from "../../protocol/timings.ts";
import type { Deps } from "../deps.ts";
import { openTask, withdrawTasks } from "./site-tasks.ts";
import type { SiteRow } from "./sites.ts";
import { inJson } from "./slices.ts";
import type { Unit } from "./unit.ts";

const ASKED_BY_FILE = "the agent's file"; // who asked for the check of a declared site

/** What counts: the declaration, with what was said of the site through the API. */
export function merged(declared: SiteConfig, { aliases, labels, capacity, freeze }: SiteOverrides): SiteConfig {
  return {
    ...declared,
    ...(aliases === undefined ? {} : { aliases }),
    ...(labels === undefined ? {} : { labels }),
    ...(capacity === undefined ? {} : { capacity }),
    ...(freeze === undefined ? {} : { freeze }),
  };
}

interface Registration {
  agentId: string;
  configs: readonly SiteConfig[];
}

/** The newest registration of a site wins, also over one that was added through the API. The state of a known site stays. */
export async function registerSites(unit: Unit, deps: Deps, { agentId, configs }: Registration): Promise<void> {
  const rows = await deps.db.select().from(sites);
  const known = new Map(rows.map((row) => [row.id, row]));
  const moved: SiteConfig[] = []; // addresses to be tried
  for (const declared of configs) {
    const row = known.get(declared.id);
    const overrides = row === undefined || row.declared === null ? {} : row.overrides;
    const config = merged(declared, overrides);
    const asBefore = row !== undefined && same(row.declared, declared) && same(row.config, config);
    if (asBefore && row.agentId === agentId) continue;
    const patch = { config, declared, overrides, agentId, ready: true, updatedAt: deps.now() };
    unit.add(
      deps.db
        .insert(sites)
        .values({ id: config.id, status: "unknown", message: "", ...patch })
        .onConflictDoUpdate({ target: sites.id, set: patch }),
    );
    if (!asBefore) moved.push(config);
    if (row !== undefined && !same(shown(row.config), shown(config)))
      unit.event({ type: "site.updated", site: row.id, data: { status: row.status, message: row.message, change: "changed" } });
  }
  if (moved.length > 0) withdrawTasks(unit, deps, { sites: moved.map(({ id }) => id), kind: "check", why: "declared anew meanwhile" });
  for (const config of moved)
    openTask(unit, deps, {
      ...{ taskId: deps.newId("tsk", deps.now()), site: config.id, agentId, askedBy: ASKED_BY_FILE },
      input: { kind: "check", config },
    });
  const here = new Set(configs.map(({ id }) => id));
  const left = rows.filter((row) => row.declared !== null && (row.agentId ?? agentId) === agentId && !here.has(row.id));
  if (left.length > 0) await leaveFile(unit, deps, { agentId, rows: left });
}

/** Sites that are in no file of this agent any more: another agent's, gone, or, while slices are there, without anybody to serve them. */
async function leaveFile(unit: Unit, deps: Deps, { agentId, rows }: { agentId: string; rows: readonly SiteRow[] }): Promise<void> {
  const ids = rows.map(({ id }) => id);
  const [others, slices, open] = await deps.db.batch([
    deps.db
      .select({ id: agents.id, sites: agents.sites })
      .from(agents)
      .where(sql`${agents.id} <> ${agentId}`)
      .orderBy(agents.lastHeartbeat),
    deps.db.select({ site: sliceSites.site }).from(sliceSites).where(inJson(sliceSites.site, ids)),
    deps.db.select({ site: jobSites.site }).from(jobSites).where(inJson(jobSites.site, ids)),
  ]);
  const held = new Set([...slices, ...open].map(({ site }) => site));
  for (const { id, agentId: owner, status } of rows) {
    const heir = others.findLast((agent) => agent.sites.includes(id));
    const set = (patch: Partial<SiteRow>) =>
      unit.add(
        deps.db
          .update(sites)
          .set({ ...patch, updatedAt: deps.now() })
          .where(eq(sites.id, id)),
      );
    if (heir !== undefined) set({ agentId: heir.id });
    else if (!held.has(id)) removeSite(unit, deps, { site: id, message: "no agent declares it any more" });
    else if (owner !== null || status !== "unknown") {
      const message = "no agent serves this site any more, and slices are live there";
      set({ agentId: null, status: "unknown", message, components: null });
      unit.event({ type: "site.updated", site: id, data: { status: "unknown", message, change: "state" } });
    }
  }
}

export function removeSite(unit: Unit, deps: Deps, { site, message }: { site: string; message: string }): void {
  unit.add(deps.db.delete(sites).where(eq(sites.id, site)));
  withdrawTasks(unit, deps, { sites: [site], why: "the site was removed" });
  unit.event({ type: "site.updated", site, data: { status: "unknown", message, change: "removed" } });
}

/** Sites of this agent's file whose agent is silent are served by this one from now on, with the work that is open there. */
export function takeOverSites(unit: Unit, deps: Deps, { agentId, served }: { agentId: string; served: readonly string[] }): void {
  const alive = sql`select id from agents where online = 1 and last_heartbeat > ${deps.now() - ASSIGNABLE_MS}`;
  const orphaned = sql`${sites.declared} is not null and (${sites.agentId} is null or (${sites.agentId} <> ${agentId} and ${sites.agentId} not in (${alive})))`;
  unit.add(
    deps.db
      .update(sites)
      .set({ agentId })
      .where(sql`${inJson(sites.id, served)} and ${orphaned}`),
  );
  const inherited = sql`${siteTasks.site} in (select id from sites where agent_id = ${agentId} and declared is not null)`;
  unit.add(
    deps.db
      .update(siteTasks)
      .set({ agentId })
      .where(sql`${siteTasks.state} = 'open' and ${siteTasks.agentId} <> ${agentId} and ${inherited}`),
  );
}

/** What people see of a configuration. */
function shown({ aliases, labels, capacity, freeze, kube, o2ims }: SiteConfig): unknown[] {
  return [aliases, labels, capacity, freeze, kube.sync, o2ims.dialect];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
