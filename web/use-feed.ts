// The socket under the feed, at the room of this host. Beside api.ts the only file that touches the network; it knows no state.
import { PartySocket } from "partysocket";
import * as z from "zod";
import { DownMessage, isTerminalClose, PING, PONG, ROOM_NAME, type UpMessage } from "../protocol/room.ts";
import { reconnectDelayMs } from "./state/freshness.ts";

const CONNECT_TIMEOUT_MS = 8_000;
const STABLE_MS = 5_000; // a socket that lived this long earns a fresh backoff

export interface RoomHandlers {
  onOpen(): void;
  onPong(): void;
  onMessage(message: DownMessage): void;
  onClose(code: number, reason: string): void;
  onTicketFailed(error: unknown): void; // no socket was tried
}

export interface RoomSocket {
  isOpen(): boolean;
  subscribe(wish: { since: number; logs: boolean }): void;
  ping(): void;
  reconnect(): void;
  hurry(): void; // cuts short the wait before the next try
  close(): void;
}

export interface RoomDeps {
  host: string;
  secure: boolean;
  ticket(): Promise<string>;
  random(): number;
  WebSocket?: typeof WebSocket;
}

/** A socket at the room that comes back by itself until it is closed or refused for good. Frames arrive parsed. */
export function connectRoom(deps: RoomDeps, handlers: RoomHandlers): RoomSocket {
  let attempt = 0;
  let openedAt = Number.POSITIVE_INFINITY;
  let hurry = () => {};
  const socket = new PartySocket({
    host: deps.host,
    protocol: deps.secure ? "wss" : "ws",
    party: "room",
    room: ROOM_NAME,
    // A fresh single-use ticket per attempt; the wait is ours because the library's has no jitter.
    query: async () => {
      const delay = reconnectDelayMs(attempt, deps.random());
      attempt += 1;
      await new Promise<void>((resolve) => {
        hurry = resolve;
        setTimeout(resolve, delay);
      });
      const ticket = await deps.ticket().catch((error: unknown) => {
        handlers.onTicketFailed(error);
        throw error;
      });
      return { ticket };
    },
    minReconnectionDelay: 1,
    maxReconnectionDelay: 1,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    maxEnqueuedMessages: 0, // nothing may fire late
    shouldReconnectOnClose: (event) => !isTerminalClose(event.code),
    ...(deps.WebSocket === undefined ? {} : { WebSocket: deps.WebSocket }),
  });
  socket.addEventListener("open", () => {
    openedAt = Date.now();
    handlers.onOpen();
  });
  socket.addEventListener("message", (event) => {
    if (event.data === PONG) return handlers.onPong();
    const json = parseJson(event.data);
    const frame = DownMessage.safeParse(json);
    if (frame.success) return handlers.onMessage(frame.data);
    if (!isEphemeral(json)) socket.reconnect(); // what cannot be read may have been a fact; the next subscription brings it
  });
  socket.addEventListener("close", (event) => {
    // Not back to 0: after a restart of the server all browsers return, and they must not do so in step.
    if (Date.now() - openedAt > STABLE_MS) attempt = 1;
    openedAt = Number.POSITIVE_INFINITY;
    handlers.onClose(event.code, event.reason);
  });
  return {
    isOpen: () => socket.readyState === socket.OPEN,
    subscribe: ({ since, logs }) =>
      socket.send(JSON.stringify({ type: "subscribe", since, ...(logs ? { logs } : {}) } satisfies UpMessage)),
    ping: () => socket.send(PING),
    reconnect: () => socket.reconnect(),
    hurry: () => hurry(),
    close: () => socket.close(),
  };
}

/** A frame that a newer server may send for pages that know of it. Facts come as `events`, and only they must not be missed. */
const Ephemeral = z.object({ type: z.string().refine((type) => type !== "events" && type !== "subscribed") });

function isEphemeral(json: unknown): boolean {
  return Ephemeral.safeParse(json).success;
}

function parseJson(data: unknown): unknown {
  try {
    return typeof data === "string" ? JSON.parse(data) : undefined;
  } catch {
    return undefined;
  }
}
