// One durable event → one message of /ws/monitoring, or none. Pure: the current edges are handed in, nothing is read here.
import { type DurableEvent, type EventType, eventData, type MonitorStage } from "../protocol/event.ts";
import type { EdgeStatuses, MonitorEdge, MonitorMessage, PipelineStage, PipelineStatus } from "../protocol/monitor.ts";

type Message<T extends MonitorMessage["type"]> = Extract<MonitorMessage, { type: T }>;

/** After these the figures of the monitor are others than before. */
const MOVES_METRICS: readonly EventType[] = [
  ...(["intent.completed", "intent.failed", "intent.rejected", "intent.cancelled", "intent.rolled_back"] as const),
  ...(["agent.online", "agent.offline"] as const),
];

export function movesMetrics(event: DurableEvent): boolean {
  return MOVES_METRICS.includes(event.type);
}

/** Whether the message of this event says how an edge is now. */
export function concernsEdge(event: DurableEvent): boolean {
  return event.type === "site.updated" || event.type === "edge.failed" || eventData(event, "integration.updated")?.kind === "edge";
}

/** Null for events that other monitors have no message for: their seq is skipped, the order stays. */
export function toMonitorMessage(event: DurableEvent, edges: EdgeStatuses): MonitorMessage | null {
  const received = eventData(event, "intent.received");
  if (received !== undefined && event.intentId !== null)
    return startedMessage(event, { id: event.intentId, text: received.text, metadata: shortFacts(event.data), external: false });
  if (event.stage !== null && event.intentId !== null) {
    const status = event.type === "intent.rolled_back" ? "rolled_back" : statusAt(event.stage);
    return stageMessage(event, { id: event.intentId, stage: internalStage(event, event.stage), status, external: false });
  }
  switch (event.type) {
    case "site.updated":
    case "edge.failed":
      return event.site === null ? null : edgeMessage(event, event.site, edges);
    case "alert.triggered":
    case "alert.resolved": {
      const alert = eventData(event, event.type)?.alert;
      return alert === undefined ? null : { type: "alert", seq: event.seq, data: alert };
    }
    case "integration.updated":
      return integrationMessage(event, edges);
    default:
      return null;
  }
}

function integrationMessage(event: DurableEvent, edges: EdgeStatuses): MonitorMessage | null {
  const data = eventData(event, "integration.updated");
  if (data === undefined) return null;
  if (data.kind === "edge") return edgeMessage(event, data.edge, edges);
  if (data.kind === "backend") return null; // the monitor's clients know no language models
  const { pipelineId, text, stage, metadata } = data;
  if (data.change === "started") return startedMessage(event, { id: pipelineId, text, metadata, external: true });
  const entry = { stage, timestamp: event.at, site: null, metadata };
  return stageMessage(event, { id: pipelineId, stage: entry, status: externalStatus(stage), external: true });
}

interface Started {
  id: string;
  text: string;
  metadata: PipelineStage["metadata"];
  external: boolean;
}

function startedMessage(event: DurableEvent, { id, text, metadata, external }: Started): Message<"pipeline_started"> {
  const current_stage = "input_received";
  const data = {
    ...({ intent_id: id, intent_text: text, status: "running" as const, current_stage } as const),
    ...{ start_time: event.at, updated_at: event.at, duration_ms: null, external },
    stages: [{ stage: current_stage, timestamp: event.at, site: null, metadata } as const],
  };
  return { type: "pipeline_started", seq: event.seq, data };
}

interface Moved {
  id: string;
  stage: PipelineStage;
  status: PipelineStatus;
  external: boolean;
}

function stageMessage(event: DurableEvent, { id, stage, status, external }: Moved): Message<"stage_update"> {
  const current_stage = stage.stage;
  const pipeline = { intent_id: id, status, current_stage, external };
  return { type: "stage_update", seq: event.seq, data: { intent_id: id, current_stage, pipeline, stage } };
}

function edgeMessage(event: DurableEvent, edge: string, edges: EdgeStatuses): Message<"edge_update"> {
  const { status, message } = event.data;
  const said = typeof status === "string" ? status : "unknown";
  const gone: MonitorEdge = { status: said, last_sync: null, commit: null, deployments: 0 }; // removed meanwhile
  const data = { edge, status: edges[edge] ?? gone, message: typeof message === "string" ? message : "" };
  return { type: "edge_update", seq: event.seq, data };
}

/** An event of one of our intents as an entry of its pipeline. */
export function internalStage(event: Pick<DurableEvent, "at" | "site" | "data">, stage: MonitorStage): PipelineStage {
  return { stage, timestamp: event.at, site: event.site, metadata: shortFacts(event.data) };
}

function statusAt(stage: MonitorStage): PipelineStatus {
  return stage === "completed" || stage === "failed" ? stage : "running"; // after rollback more follows
}

/** Nothing follows the rollback of an external pipeline, as far as anybody here can tell. */
export function externalStatus(stage: MonitorStage): PipelineStatus {
  return stage === "rollback" ? "rolled_back" : statusAt(stage);
}

const SHORT_CHARS = 300;
const SHORT_LIST = 20;

/** What of an event's data fits beside a stage: plain values, short lists of names, and why something failed. The text is the pipeline's. */
function shortFacts({ text: _, ...data }: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([key, value]) => key === "failure" || isShort(value)));
}

function isShort(value: unknown): boolean {
  if (typeof value === "string") return value.length <= SHORT_CHARS;
  if (Array.isArray(value)) return value.length <= SHORT_LIST && value.every((entry) => typeof entry === "string" && isShort(entry));
  return value === null || typeof value === "number" || typeof value === "boolean";
}
