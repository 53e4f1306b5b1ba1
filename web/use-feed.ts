// The hook that runs the feed, and the socket under it. Beside api.ts the only file that touches the network.
import { PartySocket } from "partysocket";
import { useEffect, useState, useSyncExternalStore } from "react";
import { DownMessage, isTerminalClose, PING, PONG, ROOM_NAME, type UpMessage } from "../protocol/room.ts";
import type { Api } from "./api.ts";
import { type Feed, type RoomHandlers, type RoomSocket, startFeed } from "./feed.ts";
import { reconnectDelayMs } from "./state/freshness.ts";
import type { Store } from "./state/store.ts";

const CONNECT_TIMEOUT_MS = 8_000;
const STABLE_MS = 5_000; // a socket that lived this long earns a fresh backoff

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
      return { ticket: await deps.ticket() };
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
    const frame = DownMessage.safeParse(parseJson(event.data));
    if (frame.success) return handlers.onMessage(frame.data);
    socket.reconnect(); // what cannot be read may have been a fact; the next subscription brings it
  });
  socket.addEventListener("close", (event) => {
    // Not back to 0: after a restart of the server all browsers return, and they must not do so in step.
    if (Date.now() - openedAt > STABLE_MS) attempt = 1;
    openedAt = Number.POSITIVE_INFINITY;
    handlers.onClose(event.code, event.reason);
  });
  return {
    isOpen: () => socket.readyState === socket.OPEN,
    subscribe: (since) => socket.send(JSON.stringify({ type: "subscribe", since } satisfies UpMessage)),
    ping: () => socket.send(PING),
    reconnect: () => socket.reconnect(),
    hurry: () => hurry(),
    close: () => socket.close(),
  };
}

function parseJson(data: unknown): unknown {
  try {
    return typeof data === "string" ? JSON.parse(data) : undefined;
  } catch {
    return undefined;
  }
}

/** One feed for as long as the component is mounted; null in the instant before it has started. */
export function useFeed(api: Api): Feed | null {
  const [feed, setFeed] = useState<Feed | null>(null);
  useEffect(() => {
    const { host, protocol } = window.location;
    const room: RoomDeps = {
      host,
      secure: protocol === "https:",
      random: Math.random,
      ticket: async () => (await api.ticket()).ticket,
    };
    const started = startFeed({ api, now: Date.now, random: Math.random, connect: (handlers) => connectRoom(room, handlers) });
    setFeed(started);
    // A tab that slept or was offline must not wait for the next round to find out what it missed.
    const awake = () => document.visibilityState === "visible" && started.nudge();
    document.addEventListener("visibilitychange", awake);
    window.addEventListener("online", awake);
    window.addEventListener("offline", started.doubt);
    return () => {
      document.removeEventListener("visibilitychange", awake);
      window.removeEventListener("online", awake);
      window.removeEventListener("offline", started.doubt);
      started.stop();
    };
  }, [api]);
  return feed;
}

export function useStore<S, A>(store: Store<S, A>): S {
  return useSyncExternalStore(store.subscribe, store.getState);
}
