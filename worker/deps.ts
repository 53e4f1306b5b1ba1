// What services need of the world, built once per request: database, room, clock, ids.
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { type RoomClient, roomClient } from "../party/route.ts";
import { newId } from "../protocol/ids.ts";
import type { Bindings } from "./env.ts";

export type Db = DrizzleD1Database;

export interface Deps {
  db: Db;
  room: RoomClient;
  now(): number;
  newId: typeof newId;
  queueLimit: number; // jobs that may wait to be prepared
  /** Goes on after the response; a failure is logged and changes nothing. */
  defer(work: Promise<unknown>): void;
}

export function createDeps(env: Bindings, context: { waitUntil(work: Promise<unknown>): void }): Deps {
  return {
    db: drizzle(env.DB),
    room: roomClient(env.Room),
    now: () => Date.now(),
    newId,
    queueLimit: env.QUEUE_LIMIT,
    defer: (work) =>
      context.waitUntil(work.catch((error: unknown) => console.error(JSON.stringify({ level: "warn", error: String(error) })))),
  };
}
