// Intents: list, read. How one begins is in new-intent.ts; commands about an existing one are in intent-commands.ts.
import { and, desc, eq, getTableColumns, lt, sql } from "drizzle-orm";
import { events, intentSites, intents, jobs } from "../../drizzle/schema.ts";
import type { IntentRecord, IntentStatusView, IntentSummary, ListIntentsQuery } from "../../protocol/api.ts";
import type { Deps } from "../deps.ts";
import { agentsOnline } from "./agents.ts";
import { readDeployment } from "./deployments.ts";
import { findIntent } from "./find.ts";
import type { IntentRow } from "./intent-draft.ts";
import { openJobOf } from "./jobs.ts";
import { resolveSites } from "./sites.ts";

/** A list shows neither plans nor diffs: they are large, and stay where they are. */
function summaryColumns() {
  const { id, text, action, slice, status, stage, sites, deploymentId, createdBy, createdAt, updatedAt, ...rest } =
    getTableColumns(intents);
  const { policy, approval, priority, dryRun } = rest;
  return {
    id,
    text,
    action,
    slice,
    status,
    stage,
    sites,
    deploymentId,
    policy,
    approval,
    priority,
    dryRun,
    createdBy,
    createdAt,
    updatedAt,
  };
}

const SUMMARY = summaryColumns();
type SummaryRow = Pick<IntentRow, keyof typeof SUMMARY>;

/** Newest first. The cursor is the id of the last one seen: ids sort by time, so a page never shifts. */
export async function listIntents(deps: Deps, query: ListIntentsQuery): Promise<{ intents: IntentSummary[]; nextCursor: string | null }> {
  const [site] = query.site === undefined ? [] : await resolveSites(deps, [query.site], "site");
  const key = site === undefined ? intents.id : intentSites.intentId; // the index that is walked, newest first
  const where = and(
    query.cursor === undefined ? undefined : lt(key, query.cursor),
    query.status === undefined
      ? undefined
      : site === undefined
        ? eq(intents.status, query.status)
        : sql`+${intents.status} = ${query.status}`, // + : not by its index
    query.action === undefined ? undefined : eq(intents.action, query.action),
    query.createdBy === undefined ? undefined : eq(intents.createdBy, query.createdBy),
    query.q === undefined ? undefined : sql`instr(lower(${intents.text}), lower(${query.q})) > 0`, // D1 ends LIKE patterns at 50 bytes
    site === undefined ? undefined : eq(intentSites.site, site),
  );
  const from = deps.db.select(SUMMARY).from(intents).$dynamic();
  const rows = await (site === undefined ? from : from.innerJoin(intentSites, eq(intentSites.intentId, intents.id)))
    .where(where)
    .orderBy(desc(key))
    .limit(query.limit + 1);
  const page = rows.slice(0, query.limit);
  return { intents: page.map(toSummary), nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null };
}

export async function readIntent(deps: Deps, id: string): Promise<IntentRecord> {
  const row = await findIntent(deps, id);
  const [stages, waitingFor, deployment] = await Promise.all([
    deps.db
      .select({ stage: events.stage, at: events.at, site: events.site })
      .from(events)
      .where(and(eq(events.intentId, id), sql`${events.stage} is not null`))
      .orderBy(events.seq),
    waitsFor(deps, row),
    row.deploymentId === null ? null : readDeployment(deps, row.deploymentId),
  ]);
  const { context, understanding, formal, plan, diff, digest, failure, effects } = row;
  const { command, rollout, preempt, approvalReasons, answer, traceparent } = row;
  return {
    ...toSummary(row),
    ...{ context, understanding, formal, plan, diff, digest, failure, effects, waitingFor, deployment },
    ...{ command, rollout, preempt, approvalReasons, answer, traceparent },
    stages: stages.flatMap(({ stage, at, site }) => (stage === null ? [] : [{ stage, at: new Date(at).toISOString(), site }])),
  };
}

export async function readIntentStatus(deps: Deps, id: string): Promise<IntentStatusView> {
  const row = await findIntent(deps, id);
  const deployment = row.deploymentId === null ? null : await readDeployment(deps, row.deploymentId);
  const waitingFor = await waitsFor(deps, row);
  return {
    intentId: row.id,
    status: row.status,
    stage: row.stage,
    waitingFor,
    message: waitingFor === null ? (row.answer?.text ?? messageOf(row)) : `waiting for ${WAITS[waitingFor]}`,
    ...(row.deploymentId === null ? {} : { deploymentId: row.deploymentId }),
    sites: (deployment?.sites ?? []).map(({ site, state, message }) => ({ site, state, message })),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}

function messageOf({ status, failure, approvalReasons, effects }: IntentRow): string {
  if (status === "awaiting_approval") return `waiting for an approval: ${approvalReasons.join("; ")}`;
  if (status === "cancelled")
    return effects.length === 0 ? "cancelled before anything was changed" : `cancelled; done before: ${effects.join("; ")}`;
  return status === "completed" ? "" : (failure?.message ?? "");
}

const WAITS = { agent: "an agent", freeze: "the end of a freeze window" } as const;

/** "agent" when work is due and no agent that is online could take it: none at all, or none that serves all its sites. */
async function waitsFor(deps: Deps, row: IntentRow): Promise<keyof typeof WAITS | null> {
  if (!["received", "parsing", "parsed", "running"].includes(row.status)) return null;
  const job = await openJobOf(deps, row.id);
  if (job === undefined) return null;
  if (job.visibleAt > deps.now()) return job.state === "queued" ? "freeze" : null; // else somebody works on it
  const sites = job.input.kind === "intent.apply" ? job.input.plan.sites : job.input.kind === "deployment.rollback" ? job.input.sites : [];
  return (await agentsOnline(deps, sites)) === 0 ? "agent" : null;
}

function toSummary(row: SummaryRow): IntentSummary {
  const { text, action, slice, status, stage, sites, deploymentId, policy, approval, priority, dryRun, createdBy } = row;
  return {
    intentId: row.id,
    ...{ text, action, slice, status, stage, sites, deploymentId, policy, approval, priority, dryRun, createdBy },
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}

/** The newest preparation of an intent that ended well: what an approval applies. */
export async function preparedPackage(deps: Deps, intentId: string) {
  const job = await deps.db
    .select({ checkpoint: jobs.checkpoint })
    .from(jobs)
    .where(and(eq(jobs.intentId, intentId), eq(jobs.kind, "intent.prepare"), eq(jobs.state, "succeeded")))
    .orderBy(desc(jobs.id))
    .limit(1)
    .get();
  const { plan, render } = job?.checkpoint ?? {};
  return plan === undefined || render === undefined ? null : { plan: plan.plan, ...render };
}
