// Intents: create, list, read. Commands about an existing intent are in intent-commands.ts.
import { and, desc, eq, lt, sql } from "drizzle-orm";
import { events, intents, jobs } from "../../drizzle/schema.ts";
import type {
  CreateIntentRequest,
  IntentAccepted,
  IntentRecord,
  IntentStatusView,
  IntentSummary,
  ListIntentsQuery,
} from "../../protocol/api.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { agentsOnline } from "./agents.ts";
import { readDeployment } from "./deployments.ts";
import { enqueuePrepare } from "./enqueue.ts";
import { findIntent } from "./find.ts";
import { type Answer, type IdempotencyKey, once } from "./idempotency.ts";
import type { IntentRow } from "./intent-draft.ts";
import { openJobOf } from "./jobs.ts";
import { resolveSites } from "./sites.ts";
import { createUnit, GuardFailed } from "./unit.ts";

const QUEUE_RETRY_SECONDS = 5; // a full queue drains by some intents a second

export interface Caller {
  name: string;
  idempotency: IdempotencyKey | null;
}

/** Stores the intent and queues its preparation. 422 UNKNOWN_SITE, 429 QUEUE_FULL; nothing is stored then. */
export async function createIntent(deps: Deps, caller: Caller, input: CreateIntentRequest): Promise<Answer<IntentAccepted>> {
  return once(deps, caller.idempotency, async (remember) => {
    const targetSites = await resolveSites(deps, input.targetSites, "targetSites");
    const now = deps.now();
    const row: IntentRow = {
      id: deps.newId("int", now),
      ...input,
      targetSites,
      status: "received",
      stage: "input_received",
      serviceType: null,
      sites: targetSites,
      answers: null,
      understanding: null,
      formal: null,
      plan: null,
      diff: null,
      digest: null,
      failure: null,
      effects: [],
      deploymentId: null,
      createdBy: caller.name,
      createdAt: now,
      updatedAt: now,
    };
    const unit = createUnit(deps);
    unit.guard(sql`(select count(*) from jobs where finished_at is null and state = 'queued') < ${deps.queueLimit}`);
    unit.add(deps.db.insert(intents).values(row));
    unit.event({
      type: "intent.received",
      data: { text: input.text, targetSites, by: caller.name, dryRun: input.dryRun },
      intentId: row.id,
    });
    enqueuePrepare(unit, deps, row);
    const answer = { status: 202, body: { intentId: row.id, status: row.status } };
    remember(unit, answer);
    await unit.commit().catch((error: unknown) => {
      if (!(error instanceof GuardFailed)) throw error;
      throw new AppError("QUEUE_FULL", `${deps.queueLimit} intents are waiting already`, { retryAfterSeconds: QUEUE_RETRY_SECONDS });
    });
    return answer;
  });
}

/** Newest first. The cursor is the id of the last one seen: ids sort by time, so a page never shifts. */
export async function listIntents(deps: Deps, query: ListIntentsQuery): Promise<{ intents: IntentSummary[]; nextCursor: string | null }> {
  const [site] = query.site === undefined ? [] : await resolveSites(deps, [query.site], "site");
  const rows = await deps.db
    .select()
    .from(intents)
    .where(
      and(
        query.cursor === undefined ? undefined : lt(intents.id, query.cursor),
        query.status === undefined ? undefined : eq(intents.status, query.status),
        query.q === undefined ? undefined : sql`instr(lower(${intents.text}), lower(${query.q})) > 0`, // D1 ends LIKE patterns at 50 bytes
        site === undefined ? undefined : sql`exists (select 1 from json_each(${intents.sites}) where value = ${site})`,
      ),
    )
    .orderBy(desc(intents.id))
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
    waitingForAgent(deps, row),
    row.deploymentId === null ? null : readDeployment(deps, row.deploymentId),
  ]);
  const { context, understanding, formal, plan, diff, digest, failure, effects } = row;
  return {
    ...toSummary(row),
    ...{ context, understanding, formal, plan, diff, digest, failure, effects, waitingFor, deployment },
    stages: stages.flatMap(({ stage, at, site }) => (stage === null ? [] : [{ stage, at: new Date(at).toISOString(), site }])),
  };
}

export async function readIntentStatus(deps: Deps, id: string): Promise<IntentStatusView> {
  const row = await findIntent(deps, id);
  const deployment = row.deploymentId === null ? null : await readDeployment(deps, row.deploymentId);
  const waitingFor = await waitingForAgent(deps, row);
  return {
    intentId: row.id,
    status: row.status,
    stage: row.stage,
    waitingFor,
    message: waitingFor === "agent" ? "waiting for an agent" : row.status === "completed" ? "" : (row.failure?.message ?? ""),
    ...(row.deploymentId === null ? {} : { deploymentId: row.deploymentId }),
    sites: (deployment?.sites ?? []).map(({ site, state, message }) => ({ site, state, message })),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}

/** "agent" when work is due and no agent that is online could take it: none at all, or none that serves all its sites. */
async function waitingForAgent(deps: Deps, row: IntentRow): Promise<"agent" | null> {
  if (!["received", "parsing", "parsed", "running"].includes(row.status)) return null;
  const job = await openJobOf(deps, row.id);
  if (job === undefined || job.visibleAt > deps.now()) return null;
  const sites = job.input.kind === "intent.apply" ? job.input.plan.sites : job.input.kind === "deployment.rollback" ? job.input.sites : [];
  return (await agentsOnline(deps, sites)) === 0 ? "agent" : null;
}

function toSummary(row: IntentRow): IntentSummary {
  const { text, status, stage, sites, deploymentId, policy, approval, dryRun, createdBy } = row;
  return {
    intentId: row.id,
    ...{ text, status, stage, sites, deploymentId, policy, approval, dryRun, createdBy },
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
