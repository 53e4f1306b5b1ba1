// What a monitor of another make sees and says: a snapshot, one message per fact, and reports of pipelines and edges that are not
// ours. Names are snake_case, as such monitors write them; times are ISO 8601. Our own page speaks room.ts instead.
import * as z from "zod";
import { Alert } from "./alert.ts";
import { MonitorStage } from "./event.ts";
import { IntentText } from "./intent.ts";

/** Free facts of a reporter, shown as they are. Small, because up to a thousand pipelines keep them. */
const MAX_METADATA_CHARS = 2_000;
const Metadata = z
  .record(z.string().min(1).max(63), z.unknown())
  .refine(
    (metadata) => JSON.stringify(metadata).length <= MAX_METADATA_CHARS,
    `must have at most ${MAX_METADATA_CHARS} characters as JSON`,
  );

/** waiting: for a person. */
export const PipelineStatus = z.enum(["running", "waiting", "completed", "failed", "rolled_back"]);
export type PipelineStatus = z.infer<typeof PipelineStatus>;

export const PipelineStage = z.object({
  stage: MonitorStage,
  timestamp: z.string(),
  site: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()),
});
export type PipelineStage = z.infer<typeof PipelineStage>;

/** An intent of ours, or what somebody else reported (`external`). */
export const MonitorPipeline = z
  .object({
    intent_id: z.string(),
    intent_text: z.string(),
    status: PipelineStatus,
    current_stage: MonitorStage.nullable(),
    start_time: z.string(),
    updated_at: z.string(),
    duration_ms: z.number().nullable(), // once it has ended
    stages: z.array(PipelineStage),
    external: z.boolean(),
  })
  .meta({ id: "MonitorPipeline" });
export type MonitorPipeline = z.infer<typeof MonitorPipeline>;

/** What others say of an edge. */
const ExternalEdge = z.object({ status: z.string(), metadata: z.record(z.string(), z.unknown()), updated_at: z.string() });

/** A site as our agents observe it; `external` stands beside that and never over it. An edge that is not ours has nothing else. */
export const MonitorEdge = z
  .object({
    status: z.string(), // of ours: unknown, healthy, degraded or unreachable
    last_sync: z.string().nullable(),
    commit: z.string().nullable(),
    deployments: z.number().int(), // slices that are in force there
    external: ExternalEdge.optional(),
  })
  .meta({ id: "MonitorEdge" });
export type MonitorEdge = z.infer<typeof MonitorEdge>;

export const EdgeStatuses = z.record(z.string(), MonitorEdge);
export type EdgeStatuses = z.infer<typeof EdgeStatuses>;

export const MonitorMetrics = z
  .object({
    total_intents: z.number().int(),
    successful_intents: z.number().int().meta({ description: "completed" }),
    failed_intents: z.number().int().meta({ description: "failed, rejected, cancelled or rolled back" }),
    avg_processing_time: z.number().meta({ description: "milliseconds from received to completed, mean of the newest 100 that completed" }),
    success_rate: z.number().meta({ description: "percent, 0 to 100, of those that have ended; 0 before the first" }),
    active_slices: z.number().int(),
    queue_size: z.number().int().meta({ description: "jobs that wait for an agent" }),
    current_stage: z.string().meta({ description: "of the current pipeline; idle before the first" }),
    last_update: z.string().nullable(),
    uptime_ms: z.number().int().meta({ description: "of the worker process that answers" }),
  })
  .meta({ id: "MonitorMetrics" });
export type MonitorMetrics = z.infer<typeof MonitorMetrics>;

/** Component or edge → how it is. */
const Services = z.record(z.string(), z.enum(["healthy", "unhealthy", "offline", "unknown"]));
export type Services = z.infer<typeof Services>;

export const MonitorState = z
  .object({ metrics: MonitorMetrics, edge_status: EdgeStatuses, services: Services })
  .meta({ id: "MonitorState" });
export type MonitorState = z.infer<typeof MonitorState>;

/** `current_pipeline`: the newest that is under way, else the one that moved last. `pipelines`: newest first, the current one too. */
export const MonitorPipelines = z
  .object({ current_pipeline: MonitorPipeline.nullable(), pipelines: z.array(MonitorPipeline) })
  .meta({ id: "MonitorPipelines" });
export type MonitorPipelines = z.infer<typeof MonitorPipelines>;

/**
 * The messages of /ws/monitoring. `seq` is the number of the durable event behind a message: it only grows, and none comes twice.
 * initial_state carries the seq from which on messages follow (`since`, when that could be resumed from), and its content is never
 * older than that: a message says again what the state may already have, and applying it once more changes nothing.
 * metrics_update has no event of its own: it carries the seq it was counted at, and a lost one is not repeated.
 */
export const MonitorMessage = z
  .discriminatedUnion("type", [
    z.object({
      type: z.literal("initial_state"),
      seq: z.number().int(),
      data: z.object({
        ...MonitorState.shape,
        ...MonitorPipelines.shape,
        seq: z.number().int(),
        recovered: z.boolean(), // false: messages between `since` and `seq` are missing, and only this state has what they said
      }),
    }),
    z.object({ type: z.literal("pipeline_started"), seq: z.number().int(), data: MonitorPipeline }),
    z.object({
      type: z.literal("stage_update"),
      seq: z.number().int(),
      data: z.object({
        intent_id: z.string(),
        current_stage: MonitorStage,
        pipeline: MonitorPipeline.pick({ intent_id: true, status: true, current_stage: true, external: true }),
        stage: PipelineStage,
      }),
    }),
    z.object({
      type: z.literal("edge_update"),
      seq: z.number().int(),
      data: z.object({ edge: z.string(), status: MonitorEdge, message: z.string() }), // status: as it is when this is sent
    }),
    z.object({ type: z.literal("metrics_update"), seq: z.number().int(), data: MonitorState }),
    z.object({ type: z.literal("alert"), seq: z.number().int(), data: Alert }),
  ])
  .meta({ id: "MonitorMessage" });
export type MonitorMessage = z.infer<typeof MonitorMessage>;

/** An id or a name of somebody else's: shown, and a key in answers. */
const ForeignName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._:/-]*$/, "must begin with a letter or digit; letters, digits, blanks and . _ : / - may follow");

export const PipelineStartRequest = z.strictObject({ intent_id: ForeignName, intent_text: IntentText }).meta({ id: "PipelineStart" });
export type PipelineStartRequest = z.infer<typeof PipelineStartRequest>;

/** No intent_id: the one that was started last. */
export const PipelineUpdateRequest = z
  .strictObject({ intent_id: ForeignName.optional(), stage: MonitorStage, metadata: Metadata.nullish() })
  .meta({ id: "PipelineUpdate" });
export type PipelineUpdateRequest = z.infer<typeof PipelineUpdateRequest>;

export const EdgeUpdateRequest = z
  .strictObject({ edge: ForeignName, status: ForeignName, metadata: Metadata.nullish() })
  .meta({ id: "EdgeUpdate" });
export type EdgeUpdateRequest = z.infer<typeof EdgeUpdateRequest>;

export const PipelineStarted = z.object({ status: z.literal("started"), pipeline: MonitorPipeline }).meta({ id: "PipelineStarted" });
export const PipelineUpdated = z.object({ status: z.literal("updated"), stage: MonitorStage }).meta({ id: "PipelineUpdated" });
export const EdgeUpdated = z.object({ status: z.literal("updated"), edge: z.string() }).meta({ id: "EdgeUpdated" });
