// What services need of the world, built once per request: database, room, clock, ids.
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { type RoomClient, roomClient } from "../party/route.ts";
import { newId } from "../protocol/ids.ts";
import type { Bindings } from "./env.ts";
import { createTracer, type Tracer } from "./services/otlp.ts";

export type Db = DrizzleD1Database;

/** Who gives the command that is being served. `audited` once it has taken effect: one entry for each, however many units it commits. */
export interface Actor {
  name: string;
  tokenId: string;
  requestId: string;
  action: string; // method and path
  audited: boolean;
}

export interface Deps {
  db: Db;
  room: RoomClient;
  now(): number;
  newId: typeof newId;
  actor: Actor | null; // null: nobody's command, such as a read, an agent's report, or the clock
  queueLimit: number; // jobs that may wait to be prepared
  traceparent: string | null; // of the request, unchecked
  tracer: Tracer | null; // null: spans go nowhere
  /** Goes on after the response; a failure is logged and changes nothing. */
  defer(work: Promise<unknown>): void;
}

export function createDeps(env: Bindings, context: { waitUntil(work: Promise<unknown>): void }, traceparent: string | null = null): Deps {
  return {
    db: drizzle(env.DB),
    room: roomClient(env.Room),
    now: () => Date.now(),
    newId,
    actor: null,
    queueLimit: env.QUEUE_LIMIT,
    traceparent,
    tracer: createTracer(env.OTEL_EXPORTER_OTLP_ENDPOINT),
    defer: (work) =>
      context.waitUntil(work.catch((error: unknown) => console.error(JSON.stringify({ level: "warn", error: String(error) })))),
  };
}
