// Socket messages: one union up, one down. Commands never travel here; a socket carries facts and nudges.
import * as z from "zod";
import { AgentHello, MeasuredSlice, Timings } from "./agent.ts";
import { CallChunk, CallFailure, CallRequest, CallResult } from "./call.ts";
import { DurableEvent } from "./event.ts";
import { CallId, JobId, Timestamp } from "./ids.ts";
import { LogLines } from "./log.ts";

export const ROOM_NAME = "main"; // one installation, one room
export const PING = "ping"; // answered by the runtime with PONG, without waking the room
export const PONG = "pong";
export const PING_INTERVAL_MS = 20_000; // under the idle limit of proxies; two misses mean a dead socket
export const MAX_FRAME_BYTES = 16 * 1024; // of what a client may send
export const MAX_AGENT_FRAME_BYTES = 1024 * 1024; // of what an agent may: pieces of answers

/** Close codes. 44xx are terminal: the client must not reconnect with the same credential. 45xx ask for a new connection. */
export const CloseCode = {
  unauthorized: 4401,
  forbidden: 4403,
  protocolTooOld: 4426,
  badFrame: 4500,
  ticketSpent: 4501, // unknown, used or expired ticket: ask for a new one and come back
  dead: 4508, // no ping for too long: the client is gone or cannot keep up
} as const;

export function isTerminalClose(code: number): boolean {
  return code >= 4400 && code < 4500;
}

export const RoomRole = z.enum(["viewer", "operator", "agent"]);
export type RoomRole = z.infer<typeof RoomRole>;

export const UpMessage = z.discriminatedUnion("type", [
  /** `logs`: log lines as well. Who does not ask gets none: a page of before version 4 takes them for a broken frame. */
  z.strictObject({ type: z.literal("subscribe"), since: z.number().int().nonnegative(), logs: z.boolean().optional() }),
  z.strictObject({ type: z.literal("hello"), hello: AgentHello }),
  /** The answer to a call, in pieces. `index` counts them from 0: a gap is a failure. Agents only. */
  z.strictObject({ type: z.literal("call.chunk"), callId: CallId, index: z.number().int().nonnegative(), chunk: CallChunk }),
  z.strictObject({ type: z.literal("call.end"), callId: CallId, result: CallResult }),
  z.strictObject({ type: z.literal("call.failed"), callId: CallId, failure: CallFailure }),
  /** Ephemeral: what the jobs of this agent log. Agents only, and only to a room that says it speaks version 4. */
  z.strictObject({ type: z.literal("logs"), lines: LogLines }),
]);
export type UpMessage = z.infer<typeof UpMessage>;

/** A frame of an agent that names its call but is no UpMessage: that call is spoiled, and nothing else. */
export const SpoiledAnswer = z.object({ type: z.string().startsWith("call."), callId: CallId });

export const DownMessage = z.discriminatedUnion("type", [
  /** The answer to `subscribe`. recovered=false: too much was missed, load the state from REST; events then follow `head`. */
  z.object({ type: z.literal("subscribed"), recovered: z.boolean(), head: z.number().int(), events: z.array(DurableEvent) }),
  z.object({ type: z.literal("events"), events: z.array(DurableEvent) }),
  /** Ephemeral: what was just measured. A slow client misses some. */
  z.object({ type: z.literal("metrics"), measured: z.array(MeasuredSlice) }),
  /** Ephemeral: who is connected. */
  z.object({ type: z.literal("presence"), viewers: z.number().int(), agents: z.number().int() }),
  /** Ephemeral: what running jobs log, to those who subscribed with `logs`. Many may be missing. */
  z.object({ type: z.literal("logs"), lines: LogLines }),
  /** The answer to `hello`. `protocol` is the room's own version; absent before version 4. */
  z.object({ type: z.literal("ready"), serverTime: Timestamp, timings: Timings, protocol: z.number().int().optional() }),
  z.object({ type: z.literal("wake") }),
  z.object({ type: z.literal("cancel"), jobId: JobId }),
  z.object({ type: z.literal("call"), callId: CallId, timeoutMs: z.number().int().positive(), request: CallRequest }),
  z.object({ type: z.literal("call.cancel"), callId: CallId }), // nobody waits for it any more
]);
export type DownMessage = z.infer<typeof DownMessage>;
