// A thin client of the running stack for the bench: HTTP with a token, and plain sockets on the room.
import type { DurableEvent } from "../../protocol/event.ts";
import { DownMessage, PING, PING_INTERVAL_MS, PONG, ROOM_NAME } from "../../protocol/room.ts";

export interface Target {
  url: string;
  token: string;
}

export async function call(target: Target, path: string, body?: object): Promise<Response> {
  return fetch(`${target.url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${target.token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
}

export async function createIntent(target: Target, body: object): Promise<string> {
  const response = await call(target, "/api/v1/intents", body);
  if (response.status !== 202) throw new Error(`POST intents: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { intentId: string }).intentId;
}

/** A subscribed socket; `onEvents` gets what arrives with the time it arrived. */
export async function subscribe(target: Target, onEvents: (events: DurableEvent[], at: number) => void): Promise<WebSocket> {
  const { ticket } = (await (await call(target, "/api/v1/ticket", {})).json()) as { ticket: string };
  const { head } = (await (await call(target, "/api/v1/events?limit=1")).json()) as { head: number };
  const socket = new WebSocket(`${target.url.replace("http", "ws")}/parties/room/${ROOM_NAME}?ticket=${ticket}`);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("error", () => reject(new Error("the socket failed")));
    socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "subscribe", since: head })));
    socket.addEventListener("message", ({ data }) => {
      const at = Date.now();
      if (data === PONG) return;
      const message = DownMessage.parse(JSON.parse(String(data)));
      if (message.type === "subscribed") {
        // A socket without pings counts as dead after two misses.
        const pings = setInterval(() => socket.send(PING), PING_INTERVAL_MS);
        socket.addEventListener("close", () => clearInterval(pings));
        resolve();
      }
      if (message.type === "events") onEvents(message.events, at);
    });
  });
  return socket;
}

/** Resolves with the terminal events of all intents, or throws when the time is up. */
export async function awaitEnds(target: Target, start: () => Promise<string[]>, timeoutMs: number): Promise<DurableEvent[]> {
  const ends: DurableEvent[] = [];
  const terminal = ["intent.completed", "intent.failed", "intent.rejected", "intent.rolled_back", "intent.cancelled"];
  let wake: () => void = () => {};
  const socket = await subscribe(target, (events) => {
    ends.push(...events.filter((event) => terminal.includes(event.type)));
    wake();
  });
  const ids = new Set(await start());
  const until = Date.now() + timeoutMs;
  const mine = () => ends.filter((event) => ids.has(event.intentId ?? ""));
  while (mine().length < ids.size) {
    if (Date.now() > until) throw new Error(`only ${mine().length} of ${ids.size} intents ended in time`);
    await Promise.race([new Promise<void>((resolve) => (wake = resolve)), new Promise((resolve) => setTimeout(resolve, 1_000))]);
  }
  socket.close();
  return mine();
}
