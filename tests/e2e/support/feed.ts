// A client of the room as a browser is one: a fresh ticket per connection, resumes after what it has, fills what was pruned from REST.
import { setTimeout as sleep } from "node:timers/promises";
import { EventPage, Ticket } from "../../../protocol/api.ts";
import type { DurableEvent } from "../../../protocol/event.ts";
import { DownMessage, PING, PONG, ROOM_NAME } from "../../../protocol/room.ts";
import { until } from "./until.ts";

const RECONNECT_MS = 100;
const PING_MS = 10_000;

export interface Feed {
  /** Every durable event once, in the order in which it was applied. */
  events: DurableEvent[];
  /** What a client must never see: an event out of order, or one that came twice on one connection. */
  faults: string[];
  connections(): number; // opened and subscribed so far
  live(): boolean;
  untilType(type: DurableEvent["type"], intentId?: string): Promise<DurableEvent>;
  close(): void;
}

/** Resolves once it is subscribed. `since` is where the installation's feed stands then. */
export async function openFeed(url: string, token: string): Promise<Feed> {
  const events: DurableEvent[] = [];
  const faults: string[] = [];
  const closing = new AbortController();
  let lastSeq = 0;
  let connections = 0;
  let socket: WebSocket | null = null;
  let live = false;

  async function ask(method: string, path: string): Promise<unknown> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(3_000)]);
    const response = await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${token}` }, signal });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.json();
  }

  function apply(incoming: DurableEvent[], where: string): void {
    for (const event of incoming) {
      if (event.seq <= lastSeq) faults.push(`${where}: ${event.seq} again`);
      else if (event.seq !== lastSeq + 1) faults.push(`${where}: ${event.seq} after ${lastSeq}`);
      if (event.seq <= lastSeq) continue;
      lastSeq = event.seq;
      events.push(event);
    }
  }

  async function onMessage(raw: unknown): Promise<void> {
    if (raw === PONG) return;
    const message = DownMessage.parse(JSON.parse(String(raw)));
    if (message.type === "events") apply(message.events, "live");
    if (message.type !== "subscribed") return;
    if (message.recovered) apply(message.events, "replay");
    else apply(EventPage.parse(await ask("GET", `/api/v1/events?after=${lastSeq}&limit=1000`)).events, "rest");
    connections += 1;
    live = true;
  }

  /** One connection, from ticket to close. */
  async function connect(): Promise<void> {
    const { ticket } = Ticket.parse(await ask("POST", "/api/v1/ticket"));
    const opened = new WebSocket(`${url.replace("http", "ws")}/parties/room/${ROOM_NAME}?ticket=${ticket}`);
    socket = opened;
    const closed = new Promise<void>((resolve) => opened.addEventListener("close", () => resolve()));
    opened.addEventListener("open", () => opened.send(JSON.stringify({ type: "subscribe", since: lastSeq })));
    let turn = Promise.resolve();
    opened.addEventListener("message", ({ data }) => {
      turn = turn.then(() => onMessage(data)).catch((error: unknown) => void (closing.signal.aborted || faults.push(String(error))));
    });
    const pinger = setInterval(() => opened.readyState === WebSocket.OPEN && opened.send(PING), PING_MS);
    await closed;
    clearInterval(pinger);
    await turn;
    live = false;
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      await connect().catch(() => undefined); // the worker is down, or being restarted
      await sleep(RECONNECT_MS);
    }
  }
  void run();
  const feed: Feed = {
    ...{ events, faults },
    connections: () => connections,
    live: () => live,
    async untilType(type, intentId) {
      const find = () => events.find((event) => event.type === type && (intentId === undefined || event.intentId === intentId));
      const found = await until(`${type} in the feed`, find, { holds: (event) => event !== undefined });
      if (found === undefined) throw new Error("until answered what does not hold");
      return found;
    },
    close: () => {
      closing.abort();
      socket?.close();
    },
  };
  await until("the first subscription", () => live, { holds: Boolean });
  return feed;
}
