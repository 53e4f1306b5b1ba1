// A model server over real HTTP on a loopback port, for any dialect: it answers, refuses, hangs, cuts and lies as it is told, and keeps
// what it received and whether the client went away. It has no model.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Asked, answers, type Behaviour, type FakeUsage, PAGE, type UsageMode } from "./behaviour.ts";

export type Route = "chat" | "models" | "embed" | "version" | "projects" | "health";

export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: Record<string, unknown>;
  /** `client`: it closed the connection before the answer was whole. */
  ended: Promise<"answered" | "client" | "server">;
}

export interface Stream {
  model: string;
  usage: FakeUsage | null;
  usageMode: UsageMode;
}

export interface Dialect {
  contentType: string;
  route(method: string, path: string): Route | null;
  /** A refusal for what the request asks for; null: it is taken. */
  refusal?(received: Received): { status: number; body: string } | null;
  piece(text: string, stream: Stream): string;
  end(stream: Stream): string;
  errorLine(error: unknown): string;
  rawLine(line: string): string;
  models(names: string[]): unknown;
  /** What an address says that has nothing. */
  absent(): { status: number; contentType: string; body: string };
  other(route: Route, received: Received): unknown;
  embed(vectors: number[][], stream: Stream): unknown;
}

export interface FakeModelServer {
  url: string;
  requests: Received[];
  models: string[];
  usage: FakeUsage;
  usageMode: UsageMode;
  /** From now on, until it is told otherwise. Without a route: for chats. */
  behave(behaviour: Behaviour, route?: Route): void;
  /** For the next requests of that route, one each; after them what `behave` said. */
  behaveOnce(behaviours: Behaviour[], route?: Route): void;
  /** Nobody listens any more: connections are refused. */
  refuse(): Promise<void>;
  /** Listens again, at the same address. */
  listen(): Promise<void>;
  of(route: Route): Received[];
  /** Connections that are open now. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

export const NOT_FOUND = {
  status: 404,
  contentType: "application/json",
  body: JSON.stringify({ error: { message: "no such address", type: "not_found_error" } }),
};

const VECTOR_SIZE = 4;

export async function startHttpFake(dialect: Dialect): Promise<FakeModelServer> {
  const standing = new Map<Route, Behaviour>();
  const queued = new Map<Route, Behaviour[]>();
  const requests: Received[] = [];
  let port = 0;
  let server: Server | null = null;

  const fake: FakeModelServer = {
    url: "",
    requests,
    models: ["fake-model", "fake-embed"],
    usage: { prompt: 12, completion: 3 },
    usageMode: "last-chunk",
    behave: (behaviour, route = "chat") => void standing.set(route, behaviour),
    behaveOnce: (behaviours, route = "chat") => void queued.set(route, [...(queued.get(route) ?? []), ...behaviours]),
    refuse,
    listen,
    of: (route) => requests.filter(({ method, path }) => dialect.route(method, path) === route),
    connections: () =>
      new Promise((resolve, reject) => {
        if (server === null) resolve(0);
        else server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      }),
    close: refuse,
  };

  async function listen(): Promise<void> {
    const made = createServer((req, res) => void serve(req, res));
    server = made;
    await new Promise<void>((resolve) => made.listen(port, "127.0.0.1", resolve));
    const address = made.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    port = address.port;
    fake.url = `http://127.0.0.1:${port}`;
  }

  async function refuse(): Promise<void> {
    const old = server;
    server = null;
    if (old === null) return;
    old.closeAllConnections();
    await new Promise((resolve) => old.close(resolve));
  }

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const received = await receive(req, res);
    if (received === null) return;
    requests.push(received);
    const route = dialect.route(received.method, received.path);
    if (route === null) {
      const { status, contentType, body } = dialect.absent();
      return void send(res, status, body, { "content-type": contentType });
    }
    const behaviour = queued.get(route)?.shift() ?? standing.get(route) ?? answers("Hello", ", ", "world");
    const refusal = behaviour.kind === "answer" ? dialect.refusal?.(received) : null;
    if (refusal) return void send(res, refusal.status, refusal.body);
    if (behaviour.kind === "hang") return;
    if (behaviour.kind === "html") return void send(res, 200, PAGE, { "content-type": "text/html; charset=utf-8" });
    if (behaviour.kind === "status")
      return void send(res, behaviour.status, behaviour.body ?? refusalBody(behaviour.status), behaviour.headers);
    if (route === "chat") return chat(res, behaviour, received);
    if (behaviour.kind === "malformed") return void send(res, 200, behaviour.line ?? '{"models": [');
    if (behaviour.kind === "huge-line") return void send(res, 200, JSON.stringify("x".repeat(behaviour.chars)));
    if (behaviour.kind === "cut") return cut(res, '{"models"');
    plain(res, route, received);
  }

  function plain(res: ServerResponse, route: Route, received: Received): void {
    if (route === "models") return void send(res, 200, JSON.stringify(dialect.models(fake.models)));
    if (route !== "embed") return void send(res, 200, JSON.stringify(dialect.other(route, received)));
    const { input } = received.body;
    const inputs = Array.isArray(input) ? input : [input];
    const vectors = inputs.map((text) => Array.from({ length: VECTOR_SIZE }, (_, at) => (String(text).length + at) / 10));
    send(res, 200, JSON.stringify(dialect.embed(vectors, streamOf(received))));
  }

  function streamOf({ body }: Received): Stream {
    const model = typeof body["model"] === "string" ? body["model"] : (fake.models[0] ?? "fake-model");
    return { model, usage: fake.usageMode === "absent" ? null : fake.usage, usageMode: fake.usageMode };
  }

  async function chat(
    res: ServerResponse,
    behaviour: Exclude<Behaviour, { kind: "hang" | "html" | "status" }>,
    received: Received,
  ): Promise<void> {
    const stream = streamOf(received);
    res.writeHead(200, { "content-type": dialect.contentType });
    res.flushHeaders();
    if (behaviour.kind === "huge-line") return void res.end(dialect.rawLine("x".repeat(behaviour.chars)));
    if (behaviour.kind === "slow") await sleep(behaviour.firstAfterMs);
    const said = piecesOf(behaviour, received).map((text) => dialect.piece(text, stream));
    if (behaviour.kind === "slow") return void res.end(said.join("") + dialect.end(stream));
    // An answer comes piece by piece: a client that waits for more than it was sent would show. What goes wrong comes in one write before
    // that: no bound of a busy machine may end between two pieces.
    for (const text of behaviour.kind === "answer" ? said : [said.join("")]) await write(res, text);
    if (behaviour.kind === "hang-after") return;
    if (behaviour.kind === "cut") return cut(res, "");
    if (behaviour.kind === "no-end") return void res.end();
    if (behaviour.kind === "error-line") return void res.end(dialect.errorLine(behaviour.error));
    if (behaviour.kind === "malformed") return void res.end(dialect.rawLine(behaviour.line ?? '{"half": '));
    res.end(dialect.end(stream));
  }

  await listen();
  return fake;
}

async function receive(req: IncomingMessage, res: ServerResponse): Promise<Received | null> {
  const ended = new Promise<"answered" | "client" | "server">((resolve) => {
    res.once("close", () => resolve(res.writableFinished ? "answered" : res.destroyed && res.errored ? "server" : "client"));
  });
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of req) chunks.push(chunk);
  } catch {
    return null; // it went away while it asked
  }
  const text = Buffer.concat(chunks).toString();
  const path = (req.url ?? "").replace(/\?.*$/, "");
  return { method: req.method ?? "", path, headers: req.headers, body: text === "" ? {} : JSON.parse(text), ended };
}

function piecesOf(behaviour: Exclude<Behaviour, { kind: "hang" | "html" | "status" | "huge-line" }>, received: Received): string[] {
  return typeof behaviour.pieces === "function" ? behaviour.pieces(askedIn(received)) : behaviour.pieces;
}

function askedIn({ body }: Received): Asked {
  const messages = Array.isArray(body["messages"]) ? body["messages"] : [];
  return { model: typeof body["model"] === "string" ? body["model"] : null, messages };
}

function send(res: ServerResponse, code: number, body: string, headers: Record<string, string> = {}): void {
  res.writeHead(code, { "content-type": "application/json", ...headers }).end(body);
}

function write(res: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (res.destroyed || text === "") return resolve();
    res.write(text, () => resolve());
  });
}

function cut(res: ServerResponse, before: string): void {
  if (before !== "") res.write(before);
  res.destroy(new Error("cut"));
}

function refusalBody(code: number): string {
  return JSON.stringify({ error: { message: `the fake says ${code}`, type: "fake_error", code: null } });
}
