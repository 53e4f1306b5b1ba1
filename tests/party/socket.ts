// A client of the room in a test: connects with a ticket, keeps every frame in order, and knows how it was closed.
import { exports } from "cloudflare:workers";
import { expect, onTestFinished } from "vitest";
import { Ticket } from "../../protocol/api.ts";
import type { DurableEvent } from "../../protocol/event.ts";
import { DownMessage, PONG, type UpMessage } from "../../protocol/room.ts";
import { call, ORIGIN, type World } from "../worker/harness.ts";

type Down<T extends DownMessage["type"]> = Extract<DownMessage, { type: T }>;

export interface TestSocket {
  /** Every frame but pongs, parsed by the protocol: one that is not of it fails the test. */
  frames: DownMessage[];
  raw: string[];
  pongs: number;
  /** What is done with each frame when it comes. */
  onFrame: (message: DownMessage) => void;
  /** Events in the order they came, of replays and live frames alike. */
  events(): DurableEvent[];
  of<T extends DownMessage["type"]>(type: T): Down<T>[];
  /** Waits until there are so many frames of the type; returns the last of them. */
  nth<T extends DownMessage["type"]>(type: T, count?: number): Promise<Down<T>>;
  send(message: UpMessage | string | ArrayBuffer): void;
  subscribe(since: number): Promise<Down<"subscribed">>;
  /** The code it was closed with, null while it is open. */
  closeCode(): number | null;
  /** Waits for the close. */
  closed(): Promise<{ code: number; reason: string }>;
  close(): void;
}

export async function ticketFor(token: string, body: { role?: string } = {}, path = "/api/v1/ticket"): Promise<string> {
  return (await call("POST", path, { token, ...(path.startsWith("/api") ? { body } : {}) })).as(Ticket).ticket;
}

/** The upgrade as a client sends it. */
export async function upgrade(query: string, headers: Record<string, string> = {}, path = "/parties/room/main"): Promise<Response> {
  return exports.default.fetch(new Request(`${ORIGIN}${path}?${query}`, { headers: { upgrade: "websocket", ...headers } }));
}

export async function connect(ticket: string, { query = "", headers = {} }: { query?: string; headers?: Record<string, string> } = {}) {
  return attach(await upgrade(`ticket=${ticket}${query}`, headers));
}

export async function viewer(world: World): Promise<TestSocket> {
  return connect(await ticketFor(world.read));
}

export async function agentSocket(world: Pick<World, "agent">): Promise<TestSocket> {
  return connect(await ticketFor(world.agent.credential, {}, "/agent/v1/ticket"));
}

export function attach(response: Response): TestSocket {
  const ws = response.webSocket;
  if (!ws) throw new Error(`no socket: ${response.status}`);
  const frames: DownMessage[] = [];
  const raw: string[] = [];
  let pongs = 0;
  let closure: { code: number; reason: string } | null = null;
  ws.addEventListener("message", ({ data }) => {
    if (typeof data !== "string") throw new Error("a binary frame");
    if (data === PONG) {
      pongs += 1;
      return;
    }
    raw.push(data);
    const message = DownMessage.parse(JSON.parse(data));
    frames.push(message);
    socket.onFrame(message);
  });
  ws.addEventListener("close", ({ code, reason }) => {
    closure = { code, reason };
  });
  ws.accept();
  const close = () => {
    if (closure === null) ws.close(1000, "done");
  };
  onTestFinished(close);
  const of = <T extends DownMessage["type"]>(type: T) => frames.filter((frame): frame is Down<T> => frame.type === type);
  const socket: TestSocket = {
    frames,
    raw,
    get pongs() {
      return pongs;
    },
    of,
    onFrame: () => undefined,
    events: () => frames.flatMap((frame) => (frame.type === "events" || frame.type === "subscribed" ? frame.events : [])),
    nth: async (type, count = 1) => {
      await expect.poll(() => of(type).length, { timeout: 5_000 }).toBeGreaterThanOrEqual(count);
      const frame = of(type)[count - 1];
      if (frame === undefined) throw new Error("unreachable: the poll has seen it");
      return frame;
    },
    send: (message) => ws.send(typeof message === "string" || message instanceof ArrayBuffer ? message : JSON.stringify(message)),
    subscribe: async (since) => {
      const before = of("subscribed").length;
      socket.send({ type: "subscribe", since });
      return socket.nth("subscribed", before + 1);
    },
    closeCode: () => closure?.code ?? null,
    closed: async () => {
      await expect.poll(() => closure, { timeout: 5_000 }).not.toBeNull();
      return closure ?? { code: 0, reason: "" };
    },
    close,
  };
  return socket;
}
