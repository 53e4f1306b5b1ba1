// Reports of pipelines and edges that are not ours: stored beside our own, told to whoever watches, and acted on by nobody.
// They touch no job, no intent and no site. Reading them back is in party/monitor-*.ts, which the room needs as well.
import { desc, eq, sql } from "drizzle-orm";
import { externalEdges, externalPipelines, intents } from "../../drizzle/schema.ts";
import { resolveSite } from "../../intent/sites.ts";
import { toExternalPipeline } from "../../party/monitor-pipelines.ts";
import type { EdgeUpdateRequest, MonitorPipeline, PipelineStartRequest, PipelineUpdateRequest } from "../../protocol/monitor.ts";
import type { Deps } from "../deps.ts";
import { AppError, invalidField } from "../errors.ts";
import { knownSites } from "./sites.ts";
import { createUnit, GuardFailed, type Unit } from "./unit.ts";

const MAX_PIPELINES = 1_000; // the oldest go
const MAX_STAGES = 40; // kept of one pipeline: the first, and the newest
const MAX_EDGES = 200; // the ones that were silent longest go

type Row = typeof externalPipelines.$inferSelect;

/** Starts, or starts again what has ended. One that is under way under this id is answered as it is: the report was repeated. */
export async function startPipeline(
  deps: Deps,
  by: string,
  { intent_id: id, intent_text: text }: PipelineStartRequest,
): Promise<MonitorPipeline> {
  await refuseOwn(deps, id);
  const known = await deps.db.select().from(externalPipelines).where(eq(externalPipelines.id, id)).get();
  if (known !== undefined && known.text === text && toExternalPipeline(known).status === "running") return toExternalPipeline(known);
  const now = deps.now();
  const first = { stage: "input_received" as const, at: new Date(now).toISOString(), metadata: {} };
  const row: Row = { id, text, stage: first.stage, stages: [first], createdAt: now, updatedAt: now };
  const unit = createUnit(deps);
  unit.add(deps.db.delete(externalPipelines).where(eq(externalPipelines.id, id))); // a new row is the newest, by its rowid
  unit.add(deps.db.insert(externalPipelines).values(row));
  unit.add(
    deps.db
      .delete(externalPipelines)
      .where(sql`rowid <= (select rowid from external_pipelines order by rowid desc limit 1 offset ${MAX_PIPELINES})`),
  );
  tellPipeline(unit, row, { change: "started", metadata: {}, by });
  await unit.commit();
  return toExternalPipeline(row);
}

/** Moves the named pipeline, or the one that was started last. NOT_FOUND when there is none. */
export async function updatePipeline(deps: Deps, by: string, { intent_id: id, stage, metadata }: PipelineUpdateRequest): Promise<void> {
  if (id !== undefined) await refuseOwn(deps, id);
  const row = await deps.db
    .select()
    .from(externalPipelines)
    .where(id === undefined ? undefined : eq(externalPipelines.id, id))
    .orderBy(desc(sql`rowid`))
    .limit(1)
    .get();
  if (row === undefined) throw noPipeline();
  const facts = metadata ?? {};
  if (row.stage === stage && same(row.stages.at(-1)?.metadata, facts)) return; // the report was repeated
  const now = deps.now();
  const entry = JSON.stringify({ stage, at: new Date(now).toISOString(), metadata: facts });
  const room = sql`case when json_array_length(stages) < ${MAX_STAGES} then stages else json_remove(stages, '$[1]') end`;
  const unit = createUnit(deps);
  unit.guard(sql`exists (select 1 from external_pipelines where id = ${row.id})`);
  unit.add(
    deps.db
      .update(externalPipelines)
      .set({ stage, stages: sql`json_insert(${room}, '$[#]', json(${entry}))`, updatedAt: now }) // in SQL: two reports may come at once
      .where(eq(externalPipelines.id, row.id)),
  );
  tellPipeline(unit, { ...row, stage }, { change: "moved", metadata: facts, by });
  await unit.commit().catch((error: unknown) => {
    throw error instanceof GuardFailed ? noPipeline() : error; // newer ones have taken its place meanwhile
  });
}

/** Notes what somebody says of an edge; a site of ours is meant by any of its spellings. Answers the name it is kept under. */
export async function updateEdge(deps: Deps, by: string, { edge: ref, status, metadata }: EdgeUpdateRequest): Promise<string> {
  const edge = resolveSite(ref, await knownSites(deps)) ?? ref;
  const facts = metadata ?? {};
  const before = await deps.db.select().from(externalEdges).where(eq(externalEdges.edge, edge)).get();
  const row = { edge, status, metadata: facts, updatedAt: deps.now() };
  const unit = createUnit(deps);
  unit.add(deps.db.insert(externalEdges).values(row).onConflictDoUpdate({ target: externalEdges.edge, set: row }));
  unit.add(
    deps.db
      .delete(externalEdges)
      .where(sql`edge in (select edge from external_edges order by updated_at desc, edge limit -1 offset ${MAX_EDGES})`),
  );
  if (before?.status !== status || !same(before.metadata, facts))
    unit.event({ type: "integration.updated", data: { kind: "edge", edge, status, metadata: facts, by } });
  await unit.commit();
  return edge;
}

interface Told {
  change: "started" | "moved";
  metadata: Record<string, unknown>;
  by: string;
}

function tellPipeline(unit: Unit, { id, text, stage }: Pick<Row, "id" | "text" | "stage">, told: Told): void {
  unit.event({ type: "integration.updated", data: { kind: "pipeline", pipelineId: id, text, stage, ...told } });
}

/** The truth about our own intents comes from the agents only. */
async function refuseOwn(deps: Deps, id: string): Promise<void> {
  const own = await deps.db.select({ id: intents.id }).from(intents).where(eq(intents.id, id)).get();
  if (own !== undefined) throw invalidField("intent_id", "is an intent of this system; it reports for itself", "CONFLICT");
}

function noPipeline(): AppError {
  return new AppError("NOT_FOUND", "no such pipeline has been started");
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
