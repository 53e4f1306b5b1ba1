// A plain client of /ws/monitoring in a test: no ticket, no hello, no subscription; it keeps every message in the order it came.
import { expect, onTestFinished } from "vitest";
import { MonitorMessage } from "../../protocol/monitor.ts";
import { PONG } from "../../protocol/room.ts";
import { upgrade } from "./socket.ts";

type Message<T extends MonitorMessage["type"]> = Extract<MonitorMessage, { type: T }>;

export interface MonitorSocket {
  messages: MonitorMessage[];
  pongs(): number;
  of<T extends MonitorMessage["type"]>(type: T): Message<T>[];
  /** Waits until there are so many of the type; the last of them. */
  nth<T extends MonitorMessage["type"]>(type: T, count?: number): Promise<Message<T>>;
  /** The seqs of what has an event of its own, in the order it came. */
  seqs(): number[];
  send(text: string): void;
  closed(): Promise<{ code: number; reason: string }>;
  isOpen(): boolean;
  close(): void;
}

export async function watch(token: string, query = ""): Promise<MonitorSocket> {
  return attachMonitor(await upgrade(query, { authorization: `Bearer ${token}` }, "/ws/monitoring"));
}

export function attachMonitor(response: Response): MonitorSocket {
  const ws = response.webSocket;
  if (!ws) throw new Error(`no socket: ${response.status}`);
  const messages: MonitorMessage[] = [];
  let pongs = 0;
  let closure: { code: number; reason: string } | null = null;
  ws.addEventListener("message", ({ data }) => {
    if (data === PONG) pongs += 1;
    else messages.push(MonitorMessage.parse(JSON.parse(String(data))));
  });
  ws.addEventListener("close", ({ code, reason }) => {
    closure = { code, reason };
  });
  ws.accept();
  const close = () => {
    if (closure === null) ws.close(1000, "done");
  };
  onTestFinished(close);
  const of = <T extends MonitorMessage["type"]>(type: T) => messages.filter((message): message is Message<T> => message.type === type);
  return {
    messages,
    of,
    close,
    pongs: () => pongs,
    isOpen: () => closure === null,
    seqs: () => messages.filter(({ type }) => type !== "initial_state" && type !== "metrics_update").map(({ seq }) => seq),
    nth: async (type, count = 1) => {
      await expect.poll(() => of(type).length, { timeout: 5_000 }).toBeGreaterThanOrEqual(count);
      const message = of(type)[count - 1];
      if (message === undefined) throw new Error("unreachable: the poll has seen it");
      return message;
    },
    send: (text) => ws.send(text),
    closed: async () => {
      await expect.poll(() => closure, { timeout: 5_000 }).not.toBeNull();
      return closure ?? { code: 0, reason: "" };
    },
  };
}
