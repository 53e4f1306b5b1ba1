// The control centre as the agent sees it: a real HTTP and WebSocket server that speaks the protocol's schemas and can
// refuse, hang, cut, lie, and lose acknowledgements. It keeps no intents and no database; jobs are put in by the test.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import * as z from "zod";
import {
  type AgentHello,
  ClaimRequest,
  EnrolRequest,
  ExtendRequest,
  HeartbeatRequest,
  MeasurementsRequest,
  TaskReportRequest,
  type Timings,
  WatchlistRequest,
  type WatchlistResponse,
} from "../../protocol/agent.ts";
import type { CorrectionsResponse } from "../../protocol/correction.ts";
import { type ErrorBody, type ErrorCode, httpStatus } from "../../protocol/errors.ts";
import { newId } from "../../protocol/ids.ts";
import { Routing } from "../../protocol/llm.ts";
import type { LogLine } from "../../protocol/log.ts";
import { ReportRequest } from "../../protocol/report.ts";
import { CloseCode, type DownMessage, PING, PONG, UpMessage } from "../../protocol/room.ts";
import type { SiteConfig, SiteTask, SiteTaskReport } from "../../protocol/site.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { createFakeJobs, type FakeJobs, Refusal } from "./fake-jobs.ts";
import { acceptSocket, type FakeSocket } from "./fake-socket.ts";

const Route = z.enum(["enroll", "heartbeat", "claim", "extend", "report", "ticket", "tasks", "watchlist", "measurements", "corrections"]);
type Route = z.infer<typeof Route>;

/**
 * hang: no answer. cut: the connection dies before the work. lose_ack: the work is done, the answer never leaves.
 * lie: 200 with a body that is not the schema's. proxy: a 502 page of somebody in between. Or an error of ours.
 */
export type Fault = "hang" | "cut" | "lose_ack" | "lie" | "proxy" | { code: ErrorCode };

export interface FakeWorkerOptions {
  timings?: Partial<Timings>;
  port?: number;
  credential?: string;
}

export interface FakeWorker extends Omit<FakeJobs, "meet" | "claim" | "extend" | "report" | "review"> {
  url: string;
  port: number;
  agentId: string;
  credential: string;
  token: string;
  /** Requests that arrived, in order, also those that met a fault. */
  requests: { route: Route; body: unknown }[];
  heartbeats: HeartbeatRequest[];
  /** Handed out with every heartbeat; a task goes when its end is reported. */
  sites: SiteConfig[];
  tasks: SiteTask[];
  routing: Routing;
  corrections: CorrectionsResponse;
  taskReports: SiteTaskReport[];
  watchlist: WatchlistResponse;
  measurements: MeasurementsRequest[]; // as they arrived, also the same again
  hellos: AgentHello[]; // of sockets
  protocol: number | undefined; // that its room says it speaks
  logs: LogLine[][]; // by frame
  answers: UpMessage[]; // what else they said
  pings: number;
  answerPings: boolean;
  sockets: Set<FakeSocket>;
  /** How the room greets the next sockets; null: as it should. */
  closeOnOpen: { code: number; reason: string } | null;
  /** The next `times` requests of the route meet the fault; no number: all, until it is cleared with null. */
  fault(route: Route, fault: Fault | null, times?: number): void;
  revoke(): void;
  push(message: DownMessage): void;
  close(): Promise<void>;
}

const TIMINGS: Timings = { heartbeatMs: 100, leaseMs: 2_000, extendMs: 200, pollMs: 100, idlePollMs: 10_000 };

export async function startFakeWorker(options: FakeWorkerOptions = {}): Promise<FakeWorker> {
  const timings = { ...TIMINGS, ...options.timings };
  const jobs = createFakeJobs(timings.leaseMs);
  const faults = new Map<Route, { fault: Fault; times: number }>();
  const tickets = new Set<string>();
  let revoked = false;

  const answers: Record<Route, (body: unknown) => unknown> = {
    enroll(body) {
      if (EnrolRequest.parse(body).token !== worker.token) throw new Refusal("UNAUTHENTICATED");
      return { agentId: worker.agentId, credential: worker.credential };
    },
    heartbeat(body) {
      const beat = HeartbeatRequest.parse(body);
      jobs.meet(beat.hello.instanceId);
      worker.heartbeats.push(beat);
      const { agentId, sites, tasks, routing } = worker;
      const about = {
        agentId,
        serverTime: new Date().toISOString(),
        timings,
        sites,
        tasks,
        routing,
        corrections: worker.corrections.version,
      };
      return { ...about, ...jobs.review(beat.hello.inflight) };
    },
    claim(body) {
      const { instanceId, slots } = ClaimRequest.parse(body);
      jobs.meet(instanceId);
      return { job: jobs.claim(instanceId, slots) };
    },
    extend: (body) => jobs.extend(ExtendRequest.parse(body).lease),
    report: (body) => jobs.report(ReportRequest.parse(body)),
    tasks(body) {
      const { reports } = TaskReportRequest.parse(body);
      worker.taskReports.push(...reports);
      const ended = reports.filter((report) => report.state !== "open").map((report) => report.taskId);
      worker.tasks = worker.tasks.filter((task) => !ended.includes(task.taskId));
      return { ended };
    },
    watchlist(body) {
      WatchlistRequest.parse(body);
      return worker.watchlist;
    },
    measurements(body) {
      const request = MeasurementsRequest.parse(body);
      worker.measurements.push(request);
      return { accepted: request.measured.length };
    },
    corrections: () => worker.corrections,
    ticket() {
      const ticket = newId("tok");
      tickets.add(ticket);
      return { ticket, expiresInMs: 60_000 };
    },
  };

  function takeFault(route: Route): Fault | null {
    const entry = faults.get(route);
    if (entry === undefined) return null;
    entry.times -= 1;
    if (entry.times <= 0) faults.delete(route);
    return entry.fault;
  }

  function answer(route: Route, body: unknown, authorization: string | undefined): unknown {
    const authorized = authorization === `Bearer ${worker.credential}` && !revoked;
    if (route !== "enroll" && !authorized) throw new Refusal("UNAUTHENTICATED");
    return answers[route](body);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = Route.parse(request.url?.replace("/agent/v1/", ""));
    const body = await readJson(request);
    worker.requests.push({ route, body });
    const fault = takeFault(route);
    if (fault !== null && misbehave(fault, response)) return;
    try {
      if (typeof fault === "object" && fault !== null) throw new Refusal(fault.code);
      const value = answer(route, body, request.headers.authorization);
      if (fault === "lose_ack") request.socket.destroy();
      else json(response, 200, value);
    } catch (cause) {
      refuse(response, cause);
    }
  }

  function greet(request: IncomingMessage, stream: Duplex): void {
    const url = new URL(request.url ?? "/", "http://fake");
    const socket = acceptSocket(request, stream);
    const known = url.pathname === "/parties/room/main" && tickets.delete(url.searchParams.get("ticket") ?? "");
    const refusal = worker.closeOnOpen ?? (known ? null : { code: CloseCode.ticketSpent, reason: "no such ticket" });
    if (refusal !== null) {
      socket.close(refusal.code, refusal.reason);
      return;
    }
    worker.sockets.add(socket);
    socket.onEnd = () => worker.sockets.delete(socket);
    socket.onText = (text) => hear(socket, text);
  }

  function hear(socket: FakeSocket, text: string): void {
    if (text === PING) {
      worker.pings += 1;
      if (worker.answerPings) socket.send(PONG);
      return;
    }
    const up = UpMessage.parse(JSON.parse(text));
    if (up.type !== "hello") {
      if (up.type === "logs") worker.logs.push(up.lines);
      else worker.answers.push(up);
      return;
    }
    worker.hellos.push(up.hello);
    const { protocol } = worker;
    const ready: DownMessage = {
      type: "ready",
      serverTime: new Date().toISOString(),
      timings,
      ...(protocol === undefined ? {} : { protocol }),
    };
    socket.send(JSON.stringify(ready));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.on("upgrade", greet);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  const { facts, reports, leases, enqueue, cancel, steal, isFinished } = jobs;
  const worker: FakeWorker = {
    ...{ facts, reports, leases, enqueue, cancel, steal, isFinished, port },
    url: `http://127.0.0.1:${port}`,
    agentId: newId("agt"),
    credential: options.credential ?? `agent-credential-${newId("tok")}`,
    token: `enrol-${newId("tok")}`,
    requests: [],
    heartbeats: [],
    sites: [],
    tasks: [],
    taskReports: [],
    measurements: [],
    routing: Routing.parse({}),
    corrections: { version: 0, corrections: [] },
    watchlist: { intervalSeconds: 15, enabled: true, sites: [], slices: [] },
    hellos: [],
    protocol: PROTOCOL_VERSION,
    logs: [],
    answers: [],
    pings: 0,
    answerPings: true,
    sockets: new Set(),
    closeOnOpen: null,
    fault(route, fault, times = Number.POSITIVE_INFINITY) {
      if (fault === null) faults.delete(route);
      else faults.set(route, { fault, times });
    },
    revoke() {
      revoked = true;
    },
    push(message) {
      for (const socket of worker.sockets) socket.send(JSON.stringify(message));
    },
    close() {
      for (const socket of worker.sockets) socket.cut();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
  return worker;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

/** The faults that come before any work; true when the request is done with. */
function misbehave(fault: Fault, response: ServerResponse): boolean {
  if (fault === "hang") return true;
  if (fault === "cut") response.destroy();
  else if (fault === "lie") json(response, 200, { ok: "yes", job: 7, agentId: null });
  else if (fault === "proxy") response.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad gateway</h1>");
  else return false;
  return true;
}

function refuse(response: ServerResponse, cause: unknown): void {
  const code = cause instanceof Refusal ? cause.code : cause instanceof z.ZodError ? "VALIDATION" : "INTERNAL";
  const message = cause instanceof Error ? cause.message : "failed";
  json(response, httpStatus(code), { error: { code, message, requestId: "req-test" } } satisfies ErrorBody);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
