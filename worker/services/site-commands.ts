// What a person may do about a site: add it, change it, remove it. Clusters are in site-clusters.ts, what follows a check in site-task-reports.ts.
import { and, eq, sql } from "drizzle-orm";
import { jobSites, sites, siteTasks, sliceSites } from "../../drizzle/schema.ts";
import { siteKey } from "../../intent/sites.ts";
import type { SiteCapacity, SiteConfig, SiteOverrides } from "../../protocol/site.ts";
import type { CreateSiteRequest, PatchSiteRequest, SiteAccepted } from "../../protocol/site-api.ts";
import type { Deps } from "../deps.ts";
import { AppError, invalidField } from "../errors.ts";
import { onlineAgent } from "./agents.ts";
import { refreeze } from "./freeze.ts";
import { type Answer, type IdempotencyKey, once } from "./idempotency.ts";
import { merged, removeSite } from "./site-registry.ts";
import { releaseSite } from "./site-task-reports.ts";
import { findTask, openTask, withdrawTasks } from "./site-tasks.ts";
import { findSite, type SiteRow } from "./sites.ts";
import { createUnit, Duplicate, GuardFailed, type Unit } from "./unit.ts";
import { lookUntil } from "./wait.ts";

export interface Command<T> {
  by: string;
  idempotency: IdempotencyKey | null;
  input: T;
}

/** The site is registered and not ready; it is once the check has passed. */
export async function createSite(deps: Deps, { by, idempotency, input }: Command<CreateSiteRequest>): Promise<Answer<SiteAccepted>> {
  return once(deps, idempotency, async (remember) => {
    const { agent, ...config } = input;
    await refuseClashes(deps, config);
    const agentId = await onlineAgent(deps, agent);
    const taskId = deps.newId("tsk", deps.now());
    const unit = createUnit(deps);
    const message = "waiting for its checks";
    const row = { id: config.id, config, agentId, ready: false, status: "unknown" as const, message, updatedAt: deps.now() };
    unit.add(deps.db.insert(sites).values(row));
    openTask(unit, deps, { taskId, site: config.id, agentId, askedBy: by, input: { kind: "check", config } });
    unit.event({ type: "site.updated", site: config.id, data: { status: "unknown", message, change: "added" } });
    const answer = { status: 202, body: { site: config.id, taskId, ready: false, checks: [] } };
    remember(unit, answer);
    await unit.commit().catch((error: unknown) => {
      throw error instanceof Duplicate ? new AppError("CONFLICT", `site ${config.id} is registered already`) : error;
    });
    return answer;
  });
}

/** Addresses are tried first, and the old ones stay in force until the new ones pass; everything else counts at once. */
export async function patchSite(
  deps: Deps,
  { by, idempotency, input, ref }: Command<PatchSiteRequest> & { ref: string },
): Promise<Answer<SiteAccepted>> {
  return once(deps, idempotency, async (remember) => {
    const row = await findSite(deps, ref);
    const { kube, o2ims, prometheus, agent, ...overrides } = input;
    const toCheck = [kube, o2ims, prometheus, agent].some((given) => given !== undefined);
    if (toCheck && row.declared !== null)
      throw new AppError("CONFLICT", `the addresses of ${row.id} are in its agent's file; change them there and start the agent again`);
    const config = merged(row.config, overrides);
    if (overrides.aliases !== undefined) await refuseClashes(deps, config, row.id);
    if (overrides.capacity !== undefined) await refuseTooSmall(deps, row.id, overrides.capacity);
    const unit = createUnit(deps);
    unit.guard(sql`exists (select 1 from sites where id = ${row.id} and config = ${JSON.stringify(row.config)})`);
    const task = toCheck ? await recheck(unit, deps, { row, config, by, agent, given: { kube, o2ims, prometheus } }) : null;
    const inForce = task !== null && !row.ready ? task.config : config; // nothing is in force yet
    changeConfig(unit, deps, { row, config: inForce, overrides });
    if (overrides.freeze !== undefined) await refreeze(unit, deps, { site: row.id, windows: overrides.freeze });
    const { status, message } = row;
    unit.event({ type: "site.updated", site: row.id, data: { status, message, change: "changed" } });
    const body = { site: row.id, taskId: task?.taskId ?? null, ready: row.ready, checks: task === null ? row.checks : [] };
    const answer = { status: task === null ? 200 : 202, body };
    remember(unit, answer);
    await commitOrConflict(unit, row.id);
    return answer;
  });
}

/** Refused while anything is live or under way there. */
export async function deleteSite(deps: Deps, ref: string, by: string): Promise<void> {
  const row = await findSite(deps, ref);
  if (row.declared !== null && row.agentId !== null)
    throw new AppError("CONFLICT", `${row.id} is declared by an agent: remove it from the agent's file and start the agent again`);
  await refuseInUse(deps, row.id);
  const unit = createUnit(deps);
  unit.guard(
    sql`not exists (select 1 from slice_sites where site = ${row.id}) and not exists (select 1 from job_sites where site = ${row.id})`,
  );
  removeSite(unit, deps, { site: row.id, message: `removed by ${by}` });
  releaseSite(unit, deps, row.id);
  await commitOrConflict(unit, row.id);
}

/** Names the slices that are live at the site, or says that a job is open there. */
export async function refuseInUse(deps: Deps, site: string): Promise<void> {
  const [live, open] = await deps.db.batch([
    deps.db.select({ slice: sliceSites.slice }).from(sliceSites).where(eq(sliceSites.site, site)).orderBy(sliceSites.slice),
    deps.db.select({ jobId: jobSites.jobId }).from(jobSites).where(eq(jobSites.site, site)),
  ]);
  const details = live.map(({ slice }) => ({ field: "slices", message: slice }));
  if (live.length > 0)
    throw new AppError("CONFLICT", `${site} still has ${live.map(({ slice }) => slice).join(", ")}; terminate first`, { details });
  if (open.length > 0) throw new AppError("CONFLICT", `a job is open at ${site}; wait for its end or cancel it`);
}

interface Recheck {
  row: SiteRow;
  config: SiteConfig;
  by: string;
  agent: string | undefined;
  given: { [part in "kube" | "o2ims" | "prometheus"]: SiteConfig[part] | undefined };
}

/** On top of what another check, still open, is trying: two changes one after the other both count. */
async function recheck(
  unit: Unit,
  deps: Deps,
  { row, config, by, agent, given }: Recheck,
): Promise<{ taskId: string; config: SiteConfig }> {
  const pending = await deps.db
    .select({ input: siteTasks.input, agentId: siteTasks.agentId })
    .from(siteTasks)
    .where(and(eq(siteTasks.site, row.id), sql`${siteTasks.state} = 'open' and ${siteTasks.kind} = 'check'`))
    .orderBy(sql`id desc`)
    .get();
  const base = pending?.input.kind === "check" ? pending.input.config : config;
  const tried: SiteConfig = {
    ...config,
    kube: given.kube ?? base.kube,
    o2ims: given.o2ims ?? base.o2ims,
    prometheus: given.prometheus ?? base.prometheus,
  };
  const agentId = await onlineAgent(deps, agent ?? pending?.agentId ?? row.agentId ?? undefined);
  const taskId = deps.newId("tsk", deps.now());
  withdrawTasks(unit, deps, { sites: [row.id], kind: "check", why: "changed again meanwhile" });
  openTask(unit, deps, { taskId, site: row.id, agentId, askedBy: by, input: { kind: "check", config: tried } });
  if (!row.ready) unit.add(deps.db.update(sites).set({ agentId }).where(eq(sites.id, row.id)));
  return { taskId, config: tried };
}

/** Slices may have taken more since it was looked: the guard says so. */
function changeConfig(
  unit: Unit,
  deps: Deps,
  { row, config, overrides }: { row: SiteRow; config: SiteConfig; overrides: SiteOverrides },
): void {
  const { downlinkMbps, uplinkMbps, maxDevices } = config.capacity;
  if (overrides.capacity !== undefined)
    unit.guard(sql`not exists (select 1 from slice_sites where site = ${row.id} group by site
      having sum(downlink_mbps) > ${downlinkMbps} or sum(uplink_mbps) > ${uplinkMbps} or sum(max_devices) > ${maxDevices})`);
  const kept = row.declared === null ? {} : { overrides: { ...row.overrides, ...overrides } };
  unit.add(
    deps.db
      .update(sites)
      .set({ config, ...kept, updatedAt: deps.now() })
      .where(eq(sites.id, row.id)),
  );
}

/** No two sites may answer to one name. */
async function refuseClashes(deps: Deps, config: Pick<SiteConfig, "id" | "aliases">, own?: string): Promise<void> {
  const rows = await deps.db.select({ id: sites.id, config: sites.config }).from(sites);
  if (own === undefined && rows.some(({ id }) => id === config.id))
    throw new AppError("CONFLICT", `site ${config.id} is registered already`);
  const taken = new Map(
    rows.filter(({ id }) => id !== own).flatMap(({ id, config: theirs }) => [id, ...theirs.aliases].map((name) => [siteKey(name), id])),
  );
  const names = [{ name: config.id, field: "id" }, ...config.aliases.map((name, index) => ({ name, field: `aliases.${index}` }))];
  for (const { name, field } of names) {
    const other = taken.get(siteKey(name));
    if (other !== undefined) throw invalidField(field, `${JSON.stringify(name)} already means ${other}`, "CONFLICT");
  }
}

async function refuseTooSmall(deps: Deps, site: string, capacity: SiteCapacity): Promise<void> {
  const sum = (column: "downlink_mbps" | "uplink_mbps" | "max_devices") => sql<number>`coalesce(sum(${sql.raw(column)}), 0)`;
  const used = await deps.db
    .select({ downlinkMbps: sum("downlink_mbps"), uplinkMbps: sum("uplink_mbps"), maxDevices: sum("max_devices") })
    .from(sliceSites)
    .where(eq(sliceSites.site, site))
    .get();
  for (const field of ["downlinkMbps", "uplinkMbps", "maxDevices"] as const) {
    const held = used?.[field] ?? 0;
    if (capacity[field] < held)
      throw invalidField(`capacity.${field}`, `slices hold ${held} there, more than ${capacity[field]}`, "CONFLICT");
  }
}

export async function commitOrConflict(unit: Unit, site: string): Promise<void> {
  await unit.commit().catch((error: unknown) => {
    throw error instanceof GuardFailed ? new AppError("CONFLICT", `${site} has changed meanwhile; look again`, { cause: error }) : error;
  });
}

/** The answer once the check has ended, or null when the time is up. */
export async function waitUntilChecked(deps: Deps, { site, taskId }: SiteAccepted, seconds: number): Promise<SiteAccepted | null> {
  if (taskId === null) return null;
  return lookUntil(deps, seconds, async () => {
    const task = await findTask(deps, taskId);
    if (task.state === "open") return null;
    const { ready } = await findSite(deps, site);
    return { site, taskId, ready, checks: task.checks };
  });
}
