// Deployments: list, read, diff, and the order to take one back.
import { and, desc, eq, exists, getTableColumns, gt, lt, ne, sql } from "drizzle-orm";
import { deploymentSites, deployments, evidence, sites, sliceSites } from "../../drizzle/schema.ts";
import { approvalReasons } from "../../intent/approval.ts";
import type { ListDeploymentsQuery } from "../../protocol/api.ts";
import type { Deployment } from "../../protocol/deployment.ts";
import type { FileDiff } from "../../protocol/stage.ts";
import type { Deps } from "../deps.ts";
import { AppError, invalidField } from "../errors.ts";
import { enqueueRollback, type RollbackOrder } from "./enqueue.ts";
import { findDeployment, findIntent } from "./find.ts";
import { type Answer, type IdempotencyKey, once } from "./idempotency.ts";
import { draftIntent } from "./intent-draft.ts";
import { readPolicy } from "./policy.ts";
import { resolveSites } from "./sites.ts";
import { inJson } from "./slices.ts";
import { createUnit, GuardFailed } from "./unit.ts";

type Row = typeof deployments.$inferSelect;

export async function listDeployments(
  deps: Deps,
  query: ListDeploymentsQuery,
): Promise<{ deployments: Deployment[]; nextCursor: string | null }> {
  const [site] = query.site === undefined ? [] : await resolveSites(deps, [query.site], "site");
  // The index that is walked, newest first: a slice has few deployments, a site more. The + keeps the others out of it.
  const { id, slice } = deployments;
  const bySite = site !== undefined && query.slice === undefined;
  const key = bySite ? deploymentSites.deploymentId : id;
  const alone = site === undefined && query.slice === undefined;
  const atSite = site === undefined ? undefined : and(eq(deploymentSites.deploymentId, id), eq(deploymentSites.site, site));
  const where = and(
    query.cursor === undefined ? undefined : lt(key, query.cursor),
    query.slice === undefined ? undefined : eq(slice, query.slice),
    query.status === undefined ? undefined : alone ? eq(deployments.status, query.status) : sql`+${deployments.status} = ${query.status}`,
    bySite || atSite === undefined ? undefined : exists(deps.db.select({ site: deploymentSites.site }).from(deploymentSites).where(atSite)),
  );
  const from = deps.db.select(getTableColumns(deployments)).from(deployments).$dynamic();
  const rows = await (bySite ? from.innerJoin(deploymentSites, atSite) : from)
    .where(where)
    .orderBy(desc(key))
    .limit(query.limit + 1);
  const page = rows.slice(0, query.limit);
  return { deployments: await withParts(deps, page), nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null };
}

export async function readDeployment(deps: Deps, id: string): Promise<Deployment> {
  const [deployment] = await withParts(deps, [await findDeployment(deps, id)]);
  if (deployment === undefined) throw new AppError("NOT_FOUND", "no such deployment");
  return deployment;
}

export async function readDiff(deps: Deps, id: string): Promise<{ deploymentId: string; digest: string; files: FileDiff[] }> {
  const row = await findDeployment(deps, id);
  return { deploymentId: row.id, digest: row.digest, files: row.diff };
}

/** Queues the rollback of the latest deployment of a slice; 409 SUPERSEDED for an older one, CONFLICT when there is nothing to take back. */
export async function requestRollback(
  deps: Deps,
  {
    deploymentId,
    site,
    by,
    idempotency,
  }: { deploymentId: string; site: string | undefined; by: string; idempotency: IdempotencyKey | null },
): Promise<Answer<{ deploymentId: string; jobId: string; sites: string[] }>> {
  return once(deps, idempotency, async (remember) => {
    const at = site === undefined ? [] : await resolveSites(deps, [site], "site");
    const order = await rollbackOrder(deps, { deploymentId, sites: at, reason: `asked for by ${by}` });
    if (order.intent.status !== "needs_decision") await refuseUnapproved(deps, order);
    const unit = createUnit(deps);
    const draft = draftIntent(unit, deps, order.intent);
    if (order.intent.status === "needs_decision") draft.moveTo("running");
    const jobId = enqueueRollback(unit, deps, order);
    draft.write();
    const answer = { status: 202, body: { deploymentId, jobId, sites: order.sites } };
    remember(unit, answer);
    await unit.commit().catch((error: unknown) => {
      if (error instanceof GuardFailed)
        throw new AppError("CONFLICT", "the deployment has changed meanwhile; read it again", { cause: error });
      throw error;
    });
    return answer;
  });
}

/** What needs an approval is asked for as an intent: there the change is shown before it is made. */
async function refuseUnapproved(deps: Deps, { deployment, sites: taken }: RollbackOrder): Promise<void> {
  const rows = await deps.db.select({ id: sites.id, config: sites.config }).from(sites).where(inJson(sites.id, taken));
  const labels = new Map(rows.map(({ id, config }) => [id, config.labels]));
  const plan = { action: "rollback" as const, sites: taken, preempts: [] };
  const reasons = approvalReasons({ asked: "auto", plan, policy: await readPolicy(deps), labels });
  if (reasons.length === 0) return;
  const way = `ask for it with POST /api/v1/slices/${deployment.slice}/rollback, or in words`;
  throw new AppError("CONFLICT", `this needs an approval: ${reasons.join("; ")}; ${way}`);
}

/** Checks that the deployment can be taken back, and says what that means. No sites: wherever it is in force. */
export async function rollbackOrder(
  deps: Deps,
  { deploymentId, sites: wanted, reason }: { deploymentId: string; sites: readonly string[]; reason: string },
): Promise<RollbackOrder> {
  const row = await findDeployment(deps, deploymentId);
  const intent = await findIntent(deps, row.intentId);
  if (row.status === "applying" && intent.status !== "needs_decision")
    throw new AppError("CONFLICT", "the deployment is being applied; cancel its intent first");
  if (row.status === "reverting") throw new AppError("CONFLICT", "the deployment is being taken back already");
  if (row.status === "reverted") throw new AppError("CONFLICT", "the deployment has been taken back already");
  if (row.status === "superseded") throw await supersededBy(deps, row);
  if (row.commits.length === 0) throw new AppError("CONFLICT", "the deployment has put nothing into the repository");
  const newer = await newerInForce(deps, row);
  if (newer !== undefined)
    throw new AppError("SUPERSEDED", `${newer} is the latest deployment of ${row.slice}; only that one can be taken back`);
  await checkReturn(deps, row);
  const [all, holding] = await Promise.all([
    deps.db.select().from(deploymentSites).where(eq(deploymentSites.deploymentId, row.id)),
    deps.db.select({ site: sliceSites.site }).from(sliceSites).where(eq(sliceSites.deploymentId, row.id)),
  ]);
  const pushed = row.commits.flatMap((wave) => wave.sites);
  // What it holds is what is left of it, whatever a site has said: a rollback that failed half-way is asked for again as a whole.
  const holds = (site: string) => holding.some((entry) => entry.site === site);
  const inForce = ({ site, state }: (typeof all)[number]) => (row.action === "terminate" ? state !== "reverted" : holds(site)); // a removal holds nothing
  const left = all.filter((entry) => pushed.includes(entry.site) && inForce(entry)).map((entry) => entry.site);
  const stranger = wanted.find((site) => !left.includes(site));
  if (stranger !== undefined) throw invalidField("site", `${stranger} carries nothing of this deployment`, "CONFLICT");
  const sites = wanted.length === 0 ? left : [...wanted];
  if (sites.length === 0) throw new AppError("CONFLICT", "the deployment is in force nowhere");
  const { commits } = row;
  return { deployment: row, commits, sites, completes: sites.length === left.length, askedBy: null, diff: null, reason, intent };
}

/** Slices that had made room come back with it; neither their S-NSSAI nor their name must have gone to another one meanwhile. */
async function checkReturn(deps: Deps, row: Row): Promise<void> {
  if (row.plan.preempts.length === 0) return;
  const before = JSON.stringify(row.plan.preempts.map((one) => one.deploymentId));
  const clash = await deps.db.get<{ gone: string; holder: string } | undefined>(sql`
    select gone.slice gone, now.name holder from deployments gone
    join slices now on (now.name = gone.slice) <> (now.sst = gone.sst and now.sd = gone.sd)
    where gone.id in (select value from json_each(${before})) and now.removed_at is null limit 1`);
  if (clash === undefined) return;
  const { gone, holder } = clash;
  const why =
    gone === holder
      ? `another slice is called ${gone} now, as the one that would come back`
      : `slice ${gone} would come back, and its S-NSSAI is in use by ${holder}`;
  throw new AppError("CONFLICT", `${why}; terminate ${holder} first, or terminate ${row.slice} instead`);
}

/** A later deployment of the slice that is under way, that a site runs, or whose commit is in the tree. */
async function newerInForce(deps: Deps, row: Row): Promise<string | undefined> {
  const later = and(eq(deployments.slice, row.slice), gt(deployments.id, row.id));
  const open = sql`(${deployments.status} in ('applying', 'reverting')
    or ${deployments.status} in ('failed', 'live') and json_array_length(${deployments.commits}) > 0)`;
  const newer = await deps.db.select({ id: deployments.id }).from(deployments).where(and(later, open)).limit(1).get();
  return newer?.id;
}

async function supersededBy(deps: Deps, row: Row): Promise<AppError> {
  const newer = await deps.db
    .select({ id: deployments.id, action: deployments.action })
    .from(deployments)
    .where(and(eq(deployments.slice, row.slice), gt(deployments.id, row.id), ne(deployments.status, "reverted")))
    .orderBy(desc(deployments.id))
    .limit(1)
    .get();
  if (row.action === "terminate") return new AppError("SUPERSEDED", `it removed slice ${row.slice} and is over; deploy the slice again`);
  if (newer?.action === "terminate") return new AppError("SUPERSEDED", `slice ${row.slice} was removed by ${newer.id}; deploy it again`);
  return new AppError(
    "SUPERSEDED",
    `${newer?.id ?? "another one"} is the latest deployment of ${row.slice}; only that one can be taken back`,
  );
}

async function withParts(deps: Deps, rows: Row[]): Promise<Deployment[]> {
  if (rows.length === 0) return [];
  const ids = sql`(select value from json_each(${JSON.stringify(rows.map((row) => row.id))}))`;
  const [siteRows, evidenceRows] = await Promise.all([
    deps.db.select().from(deploymentSites).where(sql`${deploymentSites.deploymentId} in ${ids}`).orderBy(deploymentSites.site),
    deps.db.select().from(evidence).where(sql`${evidence.deploymentId} in ${ids}`).orderBy(evidence.id),
  ]);
  return rows.map((row) => ({
    deploymentId: row.id,
    intentId: row.intentId,
    jobId: row.jobId,
    action: row.action,
    slice: row.slice,
    serviceType: row.serviceType,
    snssai: { sst: row.sst, sd: row.sd },
    status: row.status,
    digest: row.digest,
    repositoryUrl: row.repositoryUrl,
    branch: row.branch,
    commit: row.commit,
    commits: row.commits,
    approvedBy: row.approvedBy,
    ...(row.revertCommit === null ? {} : { revertCommit: row.revertCommit }),
    sites: siteRows
      .filter((entry) => entry.deploymentId === row.id)
      .map(({ site, state, commit, message, updatedAt }) => ({
        site,
        state,
        commit,
        message,
        updatedAt: new Date(updatedAt).toISOString(),
      })),
    evidence: evidenceRows.filter((entry) => entry.deploymentId === row.id).map((entry) => entry.record),
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  }));
}
