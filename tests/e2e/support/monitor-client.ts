// A monitor of another make as it is out there: a plain WebSocket with a bearer header, no library of ours, back again after a cut.
import { setTimeout as sleep } from "node:timers/promises";
import { MonitorMessage } from "../../../protocol/monitor.ts";

const RECONNECT_MS = 100;

export interface MonitorClient {
  /** Everything in the order it came, over all connections. */
  messages: MonitorMessage[];
  connections(): number;
  /** The seqs of what has an event of its own. */
  seqs(): number[];
  close(): void;
}

export function openMonitor(url: string, token: string): MonitorClient {
  const messages: MonitorMessage[] = [];
  const closing = new AbortController();
  let connections = 0;
  let since: number | null = null;
  let socket: WebSocket | null = null;

  async function connect(): Promise<void> {
    const query = since === null ? "" : `?since=${since}`;
    const headers = { authorization: `Bearer ${token}` };
    const opened = new WebSocket(`${url.replace("http", "ws")}/ws/monitoring${query}`, { headers });
    socket = opened;
    opened.addEventListener("open", () => {
      connections += 1;
    });
    opened.addEventListener("message", ({ data }) => {
      const message = MonitorMessage.parse(JSON.parse(String(data)));
      messages.push(message);
      since = message.seq;
    });
    await new Promise<void>((resolve) => opened.addEventListener("close", () => resolve()));
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      await connect();
      await sleep(RECONNECT_MS);
    }
  }
  void run();
  return {
    messages,
    connections: () => connections,
    seqs: () => messages.filter(({ type }) => type !== "initial_state" && type !== "metrics_update").map(({ seq }) => seq),
    close: () => {
      closing.abort();
      socket?.close();
    },
  };
}
