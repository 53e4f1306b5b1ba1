// "Look now": the room's socket as a wake-up for whoever asks over HTTP. Carries no truth; without it the asker just looks less often.
import { setTimeout as sleep } from "node:timers/promises";
import { Ticket } from "../../protocol/api.ts";
import type { DurableEvent } from "../../protocol/event.ts";
import { DownMessage, isTerminalClose, PING, PING_INTERVAL_MS, ROOM_NAME } from "../../protocol/room.ts";
import type { Api } from "./client.ts";

const RECONNECT_BASE_MS = 1_000;
const RECONNECT_CAP_MS = 30_000;
const MISSES = 2; // unanswered pings that mean a dead socket

export interface Nudges {
  /** Resolves at the next event that matters, or after `maxMs`. An event that came while nobody waited counts. */
  next(maxMs: number): Promise<void>;
  connected(): boolean;
}

export interface NudgesOptions {
  api: Api;
  signal: AbortSignal; // closes the socket
  matters(event: DurableEvent): boolean;
}

export function openNudges({ api, signal, matters }: NudgesOptions): Nudges {
  let pending = false;
  let wake: () => void = () => undefined;
  let up = false;
  const nudge = (): void => {
    pending = true;
    wake();
  };
  void keep();

  async function keep(): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      const code = await connection().catch(() => 0);
      if (up) failures = 0;
      up = false;
      if (isTerminalClose(code)) return; // polling goes on
      await sleep(Math.min(RECONNECT_CAP_MS, RECONNECT_BASE_MS * 2 ** failures) * Math.random(), undefined, { signal }).catch(
        () => undefined,
      );
    }
  }

  /** One socket, from its ticket to its close code. */
  async function connection(): Promise<number> {
    const { ticket } = await api.post("api/v1/ticket", {}, Ticket);
    if (signal.aborted) return 0;
    const url = new URL(`parties/room/${ROOM_NAME}?ticket=${encodeURIComponent(ticket)}`, api.url);
    url.protocol = api.url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    const close = (): void => socket.close();
    signal.addEventListener("abort", close);
    let unanswered = 0;
    const pinger = setInterval(() => {
      if (unanswered >= MISSES) return close();
      unanswered += 1;
      if (socket.readyState === WebSocket.OPEN) socket.send(PING);
    }, PING_INTERVAL_MS);
    socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "subscribe", since: Number.MAX_SAFE_INTEGER })));
    socket.addEventListener("message", ({ data }) => {
      unanswered = 0;
      hear(data);
    });
    return new Promise((resolve) => {
      socket.addEventListener("error", close);
      socket.addEventListener("close", ({ code }) => {
        clearInterval(pinger);
        signal.removeEventListener("abort", close);
        resolve(code);
      });
    });
  }

  function hear(data: unknown): void {
    const message = DownMessage.safeParse(parseJson(data));
    if (!message.success) return;
    if (message.data.type === "subscribed") {
      up = true;
      nudge(); // what happened before the subscription
    }
    if (message.data.type === "events" && message.data.events.some(matters)) nudge();
  }

  return {
    connected: () => up,
    async next(maxMs) {
      const over = new AbortController();
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (!pending)
        await Promise.race([woken, sleep(maxMs, undefined, { signal: AbortSignal.any([over.signal, signal]) }).catch(() => undefined)]);
      over.abort();
      pending = false;
    },
  };
}

function parseJson(data: unknown): unknown {
  try {
    return typeof data === "string" ? JSON.parse(data) : undefined;
  } catch {
    return undefined; // a pong, or noise
  }
}
