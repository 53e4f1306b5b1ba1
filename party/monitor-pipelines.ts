// The newest pipelines as a monitor lists them: our intents with their stages out of the feed, and what others reported. Reads only.
import { and, asc, desc, inArray, isNotNull, sql } from "drizzle-orm";
import type { BatchResponse } from "drizzle-orm/batch";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { events, externalPipelines, intents } from "../drizzle/schema.ts";
import type { IntentStatus } from "../protocol/intent.ts";
import type { MonitorPipeline, MonitorPipelines, PipelineStage, PipelineStatus } from "../protocol/monitor.ts";
import { toDurableEvent } from "./feed.ts";
import { externalStatus, internalStage } from "./monitor.ts";

const RECENT = 20; // pipelines that are shown
const MAX_STAGES = 100; // entries of one of them, the newest: many sites say a lot

export const PIPELINE_STATUS: Record<IntentStatus, PipelineStatus> = {
  received: "running",
  parsing: "running",
  needs_clarification: "waiting",
  parsed: "running",
  awaiting_approval: "waiting",
  running: "running",
  needs_decision: "waiting",
  completed: "completed",
  rejected: "failed",
  failed: "failed",
  cancelled: "failed",
  rolled_back: "rolled_back",
};

/** A pipeline without what is told of each of its stages. */
interface Head {
  id: string;
  text: string;
  stage: MonitorPipeline["current_stage"];
  status: PipelineStatus;
  createdAt: number;
  updatedAt: number;
  external: boolean;
  stages: PipelineStage[];
}

/** Both queries end after RECENT rows of an index: ids sort by time, and so does the rowid of what others started. */
export function headQueries(db: DrizzleD1Database) {
  const { id, text, stage, status, createdAt, updatedAt } = intents;
  return [
    db.select({ id, text, stage, status, createdAt, updatedAt }).from(intents).orderBy(desc(id)).limit(RECENT),
    db.select().from(externalPipelines).orderBy(desc(sql`rowid`)).limit(RECENT),
  ] as const;
}

type HeadRows = BatchResponse<ReturnType<typeof headQueries>>;

export function toHeads(...[own, reported]: HeadRows): Head[] {
  const internal = own.map((row) => ({ ...row, status: PIPELINE_STATUS[row.status], external: false, stages: [] }));
  return [...internal, ...reported.map(externalHead)].sort((a, b) => b.createdAt - a.createdAt);
}

const under = (head: Head) => head.status === "running" || head.status === "waiting";

/** The newest that is under way (one that waits for a person comes after those that run), else the one that moved last. */
export function currentOf(heads: readonly Head[]): Head | undefined {
  const moved = [...heads].sort((a, b) => b.updatedAt - a.updatedAt);
  return heads.find((head) => head.status === "running") ?? heads.find(under) ?? moved[0];
}

export async function readPipelines(d1: D1Database): Promise<MonitorPipelines> {
  const db = drizzle(d1);
  const heads = toHeads(...(await db.batch(headQueries(db))));
  const current = currentOf(heads);
  const shown = heads.filter((head, index) => index < RECENT || head === current);
  const stages = await internalStages(
    db,
    shown.filter((head) => !head.external).map((head) => head.id),
  );
  const withStages = (head: Head) => toPipeline(head.external ? head : { ...head, stages: (stages.get(head.id) ?? []).slice(-MAX_STAGES) });
  return { current_pipeline: current === undefined ? null : withStages(current), pipelines: shown.map(withStages) };
}

function toPipeline(head: Head): MonitorPipeline {
  return {
    ...{ intent_id: head.id, intent_text: head.text, status: head.status, current_stage: head.stage },
    ...{ start_time: iso(head.createdAt), updated_at: iso(head.updatedAt) },
    ...{ duration_ms: under(head) ? null : head.updatedAt - head.createdAt, stages: head.stages, external: head.external },
  };
}

type ExternalRow = typeof externalPipelines.$inferSelect;

export function toExternalPipeline(row: ExternalRow): MonitorPipeline {
  return toPipeline(externalHead(row));
}

function externalHead(row: ExternalRow): Head {
  const stages = row.stages.map(({ stage, at, metadata }) => ({ stage, timestamp: at, site: null, metadata }));
  return { ...row, status: externalStatus(row.stage), external: true, stages };
}

/** By intent, oldest first: the order of the index. */
async function internalStages(db: DrizzleD1Database, ids: string[]): Promise<Map<string, PipelineStage[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select()
    .from(events)
    .where(and(inArray(events.intentId, ids), isNotNull(events.stage)))
    .orderBy(asc(events.intentId), asc(events.seq));
  const byIntent = new Map<string, PipelineStage[]>();
  for (const row of rows) {
    if (row.intentId === null || row.stage === null) continue;
    byIntent.set(row.intentId, [...(byIntent.get(row.intentId) ?? []), internalStage(toDurableEvent(row), row.stage)]);
  }
  return byIntent;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
