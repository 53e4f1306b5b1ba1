// The unix-socket agent as a fake: newline-delimited JSON with the six types, on a real socket. It behaves as the HTTP fakes do.
import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { type Asked, answers, type Behaviour, type FakeUsage } from "./behaviour.ts";

export interface SocketRequest {
  id: string;
  type: number;
  payload: Record<string, unknown>;
  connection: number; // which one it came on, from 1
  /** The connection is closed. */
  closed: Promise<void>;
}

export interface FakeSocketAgent {
  path: string;
  requests: SocketRequest[];
  usage: FakeUsage | null;
  behave(behaviour: Behaviour): void;
  behaveOnce(behaviours: Behaviour[]): void;
  behaveOnHealth(behaviour: Behaviour): void;
  connections(): number;
  /** Drops every connection; it still listens. */
  dropAll(): void;
  refuse(): Promise<void>;
  listen(): Promise<void>;
  close(): Promise<void>;
}

export async function startSocketAgent(path: string): Promise<FakeSocketAgent> {
  const requests: SocketRequest[] = [];
  const open = new Set<Socket>();
  const queued: Behaviour[] = [];
  let standing = answers("Hello", ", ", "world");
  let health = answers("healthy");
  let server: Server | null = null;
  let count = 0;

  const fake: FakeSocketAgent = {
    ...{ path, requests, listen, refuse, close: refuse },
    usage: { prompt: 12, completion: 3 },
    behave: (behaviour) => {
      standing = behaviour;
    },
    behaveOnce: (behaviours) => void queued.push(...behaviours),
    behaveOnHealth: (behaviour) => {
      health = behaviour;
    },
    connections: () => open.size,
    dropAll: () => {
      for (const socket of open) socket.destroy();
    },
  };

  async function listen(): Promise<void> {
    const made = createServer((socket) => {
      count += 1;
      const connection = count;
      open.add(socket);
      const closed = new Promise<void>((resolve) => {
        socket.once("close", () => {
          open.delete(socket);
          resolve();
        });
      });
      socket.on("error", () => socket.destroy());
      const lines = createInterface({ input: socket });
      lines.on("error", () => lines.close()); // it passes the socket's own on
      lines.on("line", (line) => {
        const message = JSON.parse(line);
        const request = { id: message.id, type: message.type, payload: message.payload, connection, closed };
        requests.push(request);
        void (message.type === 4 ? answerHealth(socket, message.id) : answer(socket, request, queued.shift() ?? standing));
      });
    });
    server = made;
    await new Promise<void>((resolve) => made.listen(path, resolve));
  }

  async function refuse(): Promise<void> {
    const old = server;
    server = null;
    fake.dropAll();
    if (old !== null) await new Promise((resolve) => old.close(resolve));
  }

  function send(socket: Socket, type: number, id: string, payload: object): void {
    if (!socket.destroyed) socket.write(`${JSON.stringify({ id, type, timestamp: Date.now(), payload })}\n`);
  }

  function answerHealth(socket: Socket, id: string): void {
    if (health.kind === "hang") return;
    if (health.kind === "html" || health.kind === "malformed") return void socket.write("<html></html>\n");
    if (health.kind === "status") return send(socket, 5, id, { status: "degraded", active_connections: open.size, provider: "fake" });
    send(socket, 5, id, { status: "healthy", active_connections: open.size, provider: "fake", models: ["fake-model"], version: "1.2.3" });
  }

  async function answer(socket: Socket, { id, payload }: SocketRequest, behaviour: Behaviour): Promise<void> {
    if (behaviour.kind === "hang") return;
    if (behaviour.kind === "status") return send(socket, 3, id, { request_id: id, error: `the fake says ${behaviour.status}` });
    if (behaviour.kind === "html") return void socket.write("<!doctype html>\n");
    if (behaviour.kind === "huge-line") return void socket.write(`${"x".repeat(behaviour.chars)}\n`);
    if (behaviour.kind === "slow") await sleep(behaviour.firstAfterMs);
    const own = { request_id: id, model: "fake-model" };
    const counts = fake.usage === null ? {} : { input_tokens: fake.usage.prompt, output_tokens: fake.usage.completion };
    const pieces = typeof behaviour.pieces === "function" ? behaviour.pieces(askedIn(payload)) : behaviour.pieces;
    if (behaviour.kind === "answer" && payload["stream"] !== true) {
      return send(socket, 1, id, { ...own, content: pieces.join(""), provider: "fake", ...counts, is_final: true, error: "" });
    }
    const chunk = (delta: string, rest: object) => {
      const accumulated = pieces.join(""); // an agent sends what it has so far; nobody should need it
      send(socket, 2, id, { ...own, delta, accumulated_content: accumulated, is_final: false, finish_reason: "", ...rest });
    };
    socket.cork(); // one write: no bound of a busy machine may end between two pieces
    process.nextTick(() => socket.uncork());
    for (const [at, delta] of pieces.entries()) chunk(delta, { chunk_index: at });
    if (behaviour.kind === "answer" || behaviour.kind === "slow")
      return chunk("", { chunk_index: pieces.length, is_final: true, finish_reason: "stop", ...counts });
    fail(socket, id, behaviour);
  }

  function fail(socket: Socket, id: string, behaviour: Exclude<Behaviour, { kind: "answer" | "slow" }>): void {
    if (behaviour.kind === "cut" || behaviour.kind === "no-end") socket.end();
    if (behaviour.kind === "error-line") send(socket, 3, id, { request_id: id, error: String(behaviour.error) });
    if (behaviour.kind === "malformed") socket.write(`${behaviour.line ?? '{"half": '}\n`);
  }

  await listen();
  return fake;
}

function askedIn(payload: Record<string, unknown>): Asked {
  return { model: null, messages: [{ role: "user", content: String(payload["prompt"]) }] };
}
