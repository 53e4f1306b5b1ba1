// The lane of a room on which monitors of another make are told things, with what has to be read for that. Which event becomes
// which message is in monitor.ts; who is owed which event is the room's business.
import type { Connection } from "partyserver";
import type { DurableEvent } from "../protocol/event.ts";
import type { MonitorMessage } from "../protocol/monitor.ts";
import { send, sendFrame, TRY_AGAIN } from "./frames.ts";
import { concernsEdge, movesMetrics, toMonitorMessage } from "./monitor.ts";
import { readPipelines } from "./monitor-pipelines.ts";
import { readEdges, readMonitorState } from "./monitor-state.ts";

const METRICS_EVERY_MS = 1_000; // at most; many intents that end at once become one metrics message

interface LaneDeps {
  db: D1Database;
  monitors(): Connection[];
  cursor(): Promise<number>;
  /** After what is being delivered, so that a seq never goes back. */
  inTurn(work: () => Promise<void>): Promise<void>;
}

export interface MonitorLane {
  /** The state, and then what was missed. The state may have more than the first seq says, never less. */
  open(connection: Connection, from: { seq: number; missed: DurableEvent[] | null }): Promise<void>;
  tell(monitors: Connection[], events: DurableEvent[]): Promise<void>;
}

export function createMonitorLane({ db, monitors, cursor, inTurn }: LaneDeps): MonitorLane {
  let metricsDue = false;
  let metricsSent = 0;

  /** Ephemeral: one that is lost with the instance is not repeated. */
  function announceMetrics(): void {
    if (metricsDue) return;
    metricsDue = true;
    const wait = Math.max(0, metricsSent + METRICS_EVERY_MS - Date.now());
    setTimeout(() => {
      metricsDue = false;
      metricsSent = Date.now();
      inTurn(async () => {
        const message: MonitorMessage = { type: "metrics_update", seq: await cursor(), data: await readMonitorState(db) };
        for (const monitor of monitors()) send(monitor, message);
      }).catch(() => undefined); // it is logged; the next one tells more
    }, wait);
  }

  return {
    async open(connection, { seq, missed }) {
      const [state, pipelines, messages] = await Promise.all([readMonitorState(db), readPipelines(db), toMessages(db, missed ?? [])]);
      const data = { ...state, ...pipelines, seq, recovered: missed !== null };
      for (const message of [{ type: "initial_state" as const, seq, data }, ...messages]) send(connection, message);
    },
    async tell(told, events) {
      try {
        const frames = (await toMessages(db, events)).map((message) => JSON.stringify(message));
        for (const monitor of told) for (const frame of frames) sendFrame(monitor, frame);
      } catch (error) {
        console.error("room", error);
        for (const monitor of told) monitor.close(TRY_AGAIN, "not now"); // it comes back with the seq it has: the cursor has moved on
      }
      if (events.some(movesMetrics)) announceMetrics();
    },
  };
}

async function toMessages(db: D1Database, events: readonly DurableEvent[]): Promise<MonitorMessage[]> {
  const edges = events.some(concernsEdge) ? await readEdges(db) : {};
  return events.flatMap((event) => toMonitorMessage(event, edges) ?? []);
}
