// The way into the room, with the known hazards closed: only this namespace is reachable, the caller's x-partykit-* headers
// and _pk are dropped, and the 101 is re-wrapped because a Durable Object's response headers are immutable.
import { routePartykitRequest } from "partyserver";
import type { MeasuredSlice } from "../protocol/agent.ts";
import type { CallRequest } from "../protocol/call.ts";
import type { DurableEvent } from "../protocol/event.ts";
import { ROOM_NAME, type RoomRole } from "../protocol/room.ts";
import type { CallOptions } from "./calls.ts";
import type { Room } from "./room.ts";

export type RoomNamespace = DurableObjectNamespace<Room>;

/** Accepts and closes with a code of the protocol: a browser cannot see the status of a refused upgrade. */
export function refuseSocket(code: number, reason: string): Response {
  const pair = new WebSocketPair();
  pair[1].accept();
  pair[1].close(code, reason);
  return new Response(null, { status: 101, webSocket: pair[0] });
}

export interface Entrant {
  subject: string;
  role: RoomRole;
  /** Set for a monitor of another make: after which seq its messages begin. It sends nothing, and is sent messages of monitor.ts. */
  monitorSince?: number | "now";
}

/** Hands an authenticated upgrade to the room. */
export async function enterRoom(request: Request, rooms: RoomNamespace, who: Entrant): Promise<Response> {
  const url = new URL(request.url);
  url.pathname = `/parties/room/${ROOM_NAME}`; // the monitor's address is another
  url.search = "";
  url.searchParams.set("_pk", crypto.randomUUID());
  const headers = new Headers(request.headers);
  for (const name of [...headers.keys()]) if (/^x-(partykit|principal)-/.test(name)) headers.delete(name);
  headers.set("x-principal-subject", who.subject);
  headers.set("x-principal-role", who.role);
  if (who.monitorSince !== undefined) headers.set("x-principal-monitor", String(who.monitorSince));
  const clean = new Request(url, { method: request.method, headers });
  // The type wants the whole environment; giving it would make every Durable Object reachable by URL.
  const only = { Room: rooms } as unknown as Cloudflare.Env;
  const response = await routePartykitRequest(clean, only);
  if (response === null) return new Response("not found", { status: 404 });
  return response.webSocket ? new Response(null, { status: 101, webSocket: response.webSocket }) : response;
}

/** What the worker may ask of the room. */
export interface RoomClient {
  publish(events: DurableEvent[], wake: boolean): Promise<void>;
  cancel(jobId: string): Promise<void>;
  metrics(measured: MeasuredSlice[]): Promise<void>;
  presence(): Promise<{ viewers: number; agents: number }>;
  /** Asks a connected agent: NDJSON of CallEvent, with empty lines between. A stream that stops without an end is a call that is lost. */
  call(request: CallRequest, options: CallOptions): Promise<ReadableStream<Uint8Array>>;
  cancelCall(callId: string): Promise<void>;
}

/** Straight to the object: getServerByName would spend a call on waiting for onStart, which this room does not have. */
export function roomClient(rooms: RoomNamespace): RoomClient {
  const room = () => rooms.getByName(ROOM_NAME);
  return {
    publish: async (events, wake) => room().publish(events, wake),
    cancel: async (jobId) => room().cancel(jobId),
    metrics: async (measured) => room().metrics(measured),
    presence: async () => room().presence(),
    call: async (request, options) => room().call(request, options),
    cancelCall: async (callId) => room().cancelCall(callId),
  };
}
