// The control centre as the agent sees it: a real HTTP and WebSocket server that speaks the protocol's schemas and can
// refuse, hang, cut, lie, and lose acknowledgements. It keeps no intents and no database; jobs are put in by the test.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import * as z from "zod";
import {
  type AgentHello,
  ClaimRequest,
  type ClaimResponse,
  EnrolRequest,
  ExtendRequest,
  HeartbeatRequest,
  type HeartbeatResponse,
  type Timings,
} from "../../protocol/agent.ts";
import { type ErrorBody, type ErrorCode, httpStatus } from "../../protocol/errors.ts";
import { newId } from "../../protocol/ids.ts";
import type { ClaimedJob, JobInput, Lease } from "../../protocol/job.ts";
import { type ReportedFact, ReportRequest } from "../../protocol/report.ts";
import { type DownMessage, PING, PONG, UpMessage } from "../../protocol/room.ts";
import { acceptSocket, type FakeSocket } from "./fake-socket.ts";

export type Route = "enroll" | "heartbeat" | "claim" | "extend" | "report" | "ticket";

/**
 * hang: no answer. cut: the connection dies before the work. lose_ack: the work is done, the answer never leaves.
 * lie: 200 with a body that is not the schema's. proxy: a 502 page of somebody in between. Or an error of ours.
 */
export type Fault = "hang" | "cut" | "lose_ack" | "lie" | "proxy" | { code: ErrorCode };

interface FakeJob {
  jobId: string;
  input: JobInput;
  attempt: number;
  lease: Lease | null;
  leaseEndsAt: number;
  instanceId: string | null;
  cancelRequested: boolean;
  finished: boolean;
}

export interface FakeWorkerOptions {
  timings?: Partial<Timings>;
  port?: number;
}

export interface FakeWorker {
  url: string;
  port: number;
  agentId: string;
  credential: string;
  token: string;
  /** Requests that arrived, in order, also those that met a fault. */
  requests: { route: Route; body: unknown }[];
  heartbeats: HeartbeatRequest[];
  hellos: AgentHello[]; // of sockets
  facts: ReportedFact[]; // each id once: the effects
  reports: ReportRequest[]; // as they came, repeats too
  leases: Lease[]; // every lease ever given
  pings: number;
  answerPings: boolean;
  sockets: Set<FakeSocket>;
  enqueue(input: JobInput): string;
  cancel(jobId: string): void;
  /** Ends the lease as if another attempt had been given the job. */
  steal(jobId: string): void;
  isFinished(jobId: string): boolean;
  /** The next `times` requests of the route meet the fault; no number: all, until it is cleared with null. */
  fault(route: Route, fault: Fault | null, times?: number): void;
  revoke(): void;
  /** How the room greets the next sockets; null: as it should. */
  closeOnOpen: { code: number; reason: string } | null;
  push(message: DownMessage): void;
  close(): Promise<void>;
}

const TIMINGS: Timings = { heartbeatMs: 100, leaseMs: 2_000, extendMs: 200, pollMs: 100, idlePollMs: 10_000 };

class Refusal extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode) {
    super(code);
    this.code = code;
  }
}

export async function startFakeWorker(options: FakeWorkerOptions = {}): Promise<FakeWorker> {
  const timings = { ...TIMINGS, ...options.timings };
  const jobs = new Map<string, FakeJob>();
  const faults = new Map<Route, { fault: Fault; times: number }>();
  const tickets = new Set<string>();
  const seen = new Set<string>();
  let revoked = false;
  let newest = "";

  function heldBy(lease: Lease): FakeJob {
    const job = jobs.get(lease.jobId);
    if (job?.lease?.leaseId !== lease.leaseId || job.leaseEndsAt < Date.now()) throw new Refusal("LEASE_LOST");
    return job;
  }

  function noteInstance(instanceId: string): void {
    if (instanceId < newest) throw new Refusal("INSTANCE_REPLACED");
    if (instanceId === newest) return;
    newest = instanceId;
    for (const job of jobs.values()) if (job.instanceId !== instanceId) job.lease = null;
  }

  function claim(instanceId: string, slots: number): ClaimedJob | null {
    const running = [...jobs.values()].filter((job) => !job.finished && job.lease !== null && job.leaseEndsAt >= Date.now());
    if (running.length >= slots) return null;
    const job = [...jobs.values()].find((one) => !one.finished && (one.lease === null || one.leaseEndsAt < Date.now()));
    if (job === undefined) return null;
    job.attempt += 1;
    job.lease = { jobId: job.jobId, attempt: job.attempt, leaseId: newId("lease") };
    job.leaseEndsAt = Date.now() + timings.leaseMs;
    job.instanceId = instanceId;
    worker.leases.push(job.lease);
    const { lease, input, cancelRequested } = job;
    return { lease, leaseMs: timings.leaseMs, priority: 5, input, checkpoint: {}, context: { sites: [], slices: [] }, cancelRequested };
  }

  const answers: Record<Route, (body: unknown) => unknown> = {
    enroll(body) {
      if (EnrolRequest.parse(body).token !== worker.token) throw new Refusal("UNAUTHENTICATED");
      return { agentId: worker.agentId, credential: worker.credential };
    },
    heartbeat(body): HeartbeatResponse {
      const beat = HeartbeatRequest.parse(body);
      noteInstance(beat.hello.instanceId);
      worker.heartbeats.push(beat);
      const mine = beat.hello.inflight.map((lease) => ({ lease, job: jobs.get(lease.jobId) }));
      return {
        agentId: worker.agentId,
        serverTime: new Date().toISOString(),
        timings,
        cancel: mine.filter(({ job }) => job?.cancelRequested).map(({ lease }) => lease.jobId),
        lost: mine.filter(({ lease, job }) => job?.lease?.leaseId !== lease.leaseId).map(({ lease }) => lease.jobId),
      };
    },
    claim(body): ClaimResponse {
      const { instanceId, slots } = ClaimRequest.parse(body);
      noteInstance(instanceId);
      return { job: claim(instanceId, slots) };
    },
    extend(body) {
      const job = heldBy(ExtendRequest.parse(body).lease);
      job.leaseEndsAt = Date.now() + timings.leaseMs;
      return { leaseMs: timings.leaseMs, cancelRequested: job.cancelRequested };
    },
    report(body) {
      const report = ReportRequest.parse(body);
      worker.reports.push(report);
      const job = heldBy(report.lease);
      for (const fact of report.facts.filter(({ id }) => !seen.has(id))) {
        seen.add(fact.id);
        worker.facts.push(fact);
        if (fact.fact.type === "job.finished") job.finished = true;
      }
      return { cancelRequested: job.cancelRequested };
    },
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

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = z.enum(["enroll", "heartbeat", "claim", "extend", "report", "ticket"]).parse(request.url?.replace("/agent/v1/", ""));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    worker.requests.push({ route, body });
    const fault = takeFault(route);
    if (fault === "hang") return;
    if (fault === "cut") return void request.socket.destroy();
    if (fault === "lie") return json(response, 200, { ok: "yes", job: 7, agentId: null });
    if (fault === "proxy") return void response.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad gateway</h1>");
    try {
      if (fault !== null && fault !== "lose_ack") throw new Refusal(fault.code);
      const authorized = request.headers.authorization === `Bearer ${worker.credential}` && !revoked;
      if (route !== "enroll" && !authorized) throw new Refusal("UNAUTHENTICATED");
      const answer = answers[route](body);
      if (fault === "lose_ack") return void request.socket.destroy();
      json(response, 200, answer);
    } catch (cause) {
      const code = cause instanceof Refusal ? cause.code : cause instanceof z.ZodError ? "VALIDATION" : "INTERNAL";
      const message = cause instanceof Error ? cause.message : "failed";
      json(response, httpStatus(code), { error: { code, message, requestId: "req-test" } } satisfies ErrorBody);
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.on("upgrade", (request, stream) => {
    const url = new URL(request.url ?? "/", "http://fake");
    const socket = acceptSocket(request, stream);
    const known = url.pathname === "/parties/room/main" && tickets.delete(url.searchParams.get("ticket") ?? "");
    const refusal = worker.closeOnOpen ?? (known ? null : { code: 4401, reason: "no such ticket" });
    if (refusal !== null) return socket.close(refusal.code, refusal.reason);
    worker.sockets.add(socket);
    socket.onEnd = () => worker.sockets.delete(socket);
    socket.onText = (text) => {
      if (text === PING) {
        worker.pings += 1;
        if (worker.answerPings) socket.send(PONG);
        return;
      }
      const up = UpMessage.parse(JSON.parse(text));
      if (up.type !== "hello") return;
      worker.hellos.push(up.hello);
      socket.send(JSON.stringify({ type: "ready", serverTime: new Date().toISOString(), timings } satisfies DownMessage));
    };
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  const worker: FakeWorker = {
    url: `http://127.0.0.1:${port}`,
    port,
    agentId: newId("agt"),
    credential: `agent-credential-${newId("tok")}`,
    token: `enrol-${newId("tok")}`,
    requests: [],
    heartbeats: [],
    hellos: [],
    facts: [],
    reports: [],
    leases: [],
    pings: 0,
    answerPings: true,
    sockets: new Set(),
    closeOnOpen: null,
    enqueue(input) {
      const jobId = newId("job");
      const fresh = { attempt: 0, lease: null, leaseEndsAt: 0, instanceId: null, cancelRequested: false, finished: false };
      jobs.set(jobId, { jobId, input, ...fresh });
      return jobId;
    },
    cancel(jobId) {
      const job = jobs.get(jobId);
      if (job !== undefined) job.cancelRequested = true;
    },
    steal(jobId) {
      const job = jobs.get(jobId);
      if (job === undefined) return;
      job.attempt += 1;
      job.lease = { jobId, attempt: job.attempt, leaseId: newId("lease") };
      job.leaseEndsAt = Date.now() + 3_600_000;
    },
    isFinished: (jobId) => jobs.get(jobId)?.finished ?? false,
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

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
