// The worker's spans: what a request did for an intent, and the intent's life from received to settled. How they travel is in otlp.ts.
// The id in intents.traceparent is that of the life; the accepting request's is derived from it, so that it needs no column of its own.
import { and, eq, inArray, lt } from "drizzle-orm";
import { deployments, events, intents } from "../../drizzle/schema.ts";
import type { DurableEvent, EventType } from "../../protocol/event.ts";
import { formatTraceparent, parseTraceparent, type TraceContext } from "../../protocol/trace.ts";
import type { Deps } from "../deps.ts";
import type { Span, Tracer } from "./otlp.ts";

const ENDS: readonly EventType[] = ["intent.completed", "intent.failed", "intent.rejected", "intent.rolled_back", "intent.cancelled"];

/** For a new intent: its life as a part of the caller's trace, or a trace of its own. Kept whether or not anybody exports. */
export function traceparentFor(deps: Pick<Deps, "traceparent">): string {
  const caller = parseTraceparent(deps.traceparent);
  return formatTraceparent({ traceId: caller?.traceId ?? hex(16), spanId: hex(8), sampled: caller?.sampled ?? true });
}

export interface Served {
  method: string;
  path: string;
  status: number;
  start: number;
  end: number;
  answer: string; // JSON, which may name the intent
}

/** A span for a command about an intent (in the intent's trace), or for what an agent said of a job (below the job's span). */
export async function recordRequest(deps: Deps, tracer: Tracer, served: Served): Promise<void> {
  const { method, path, status, start, end } = served;
  const caller = parseTraceparent(deps.traceparent);
  const name = `${method} ${path.replace(/\b[a-z]+_[0-9a-z]{26}\b/g, "{id}")}`;
  const attributes = { "http.request.method": method, "http.response.status_code": status, "url.path": path };
  const span = { name, kind: "server" as const, start, end, failed: status >= 500, spanId: hex(8) };
  if (path.startsWith("/agent/")) {
    if (caller?.sampled === true) await tracer.send([{ ...span, traceId: caller.traceId, parentSpanId: caller.spanId, attributes }]);
    return;
  }
  const intent = await intentOf(deps, served);
  const life = parseTraceparent(intent?.traceparent);
  if (intent === null || life?.sampled !== true) return;
  const about = { ...span, traceId: life.traceId, attributes: { ...attributes, "intent.id": intent.id } };
  const accepted = intent.createdAt >= start; // a repeated request finds an older one
  const parent = accepted ? (caller === null ? {} : { parentSpanId: caller.spanId }) : { parentSpanId: life.spanId };
  const links = accepted || caller === null ? [] : [caller];
  await tracer.send([{ ...about, ...parent, links, spanId: accepted ? acceptedBy(life) : span.spanId }]);
}

/** The life of each intent that has just settled for the first time; what is done to it later has spans of its own. */
export async function recordLives(deps: Deps, tracer: Tracer, stored: readonly DurableEvent[]): Promise<void> {
  for (const event of stored) {
    if (event.intentId === null || !ENDS.includes(event.type)) continue;
    const { intentId, seq } = event;
    const row = await deps.db.select().from(intents).where(eq(intents.id, intentId)).get();
    const life = parseTraceparent(row?.traceparent);
    if (row === undefined || life?.sampled !== true || (await settledBefore(deps, { intentId, seq }))) continue;
    const status = event.type.replace("intent.", "");
    await tracer.send([
      {
        ...{ name: "intent", kind: "internal", start: row.createdAt, end: Date.parse(event.at), failed: status === "failed" },
        ...{ traceId: life.traceId, spanId: life.spanId, parentSpanId: acceptedBy(life) },
        attributes: {
          ...{ "intent.id": row.id, "intent.status": status, "intent.sites": row.sites },
          ...(row.action === null ? {} : { "intent.action": row.action }),
          ...(row.slice === null ? {} : { "intent.slice": row.slice }),
          ...(row.deploymentId === null ? {} : { "deployment.id": row.deploymentId }),
          ...(row.failure === null ? {} : { "failure.stage": row.failure.stage, "failure.reason": row.failure.reason }),
        },
      } satisfies Span,
    ]);
  }
}

async function settledBefore(deps: Deps, { intentId, seq }: { intentId: string; seq: number }): Promise<boolean> {
  const where = and(eq(events.intentId, intentId), lt(events.seq, seq), inArray(events.type, [...ENDS]));
  return (await deps.db.select({ seq: events.seq }).from(events).where(where).limit(1).get()) !== undefined;
}

const INTENT = /\bint_[0-9a-z]{26}\b/;

async function intentOf(deps: Deps, { path, answer }: Served) {
  const id = INTENT.exec(path)?.[0] ?? INTENT.exec(/"intentId":"[^"]*"/.exec(answer)?.[0] ?? "")?.[0];
  const [deployment] = /\bdep_[0-9a-z]{26}\b/.exec(path) ?? [];
  const columns = { id: intents.id, traceparent: intents.traceparent, createdAt: intents.createdAt };
  const select = deps.db.select(columns).from(intents);
  if (id !== undefined) return (await select.where(eq(intents.id, id)).get()) ?? null;
  if (deployment === undefined) return null;
  return (await select.innerJoin(deployments, eq(deployments.intentId, intents.id)).where(eq(deployments.id, deployment)).get()) ?? null;
}

function acceptedBy(life: TraceContext): string {
  const last = Number.parseInt(life.spanId.slice(-1), 16) ^ 1;
  return `${life.spanId.slice(0, -1)}${last.toString(16)}`;
}

function hex(bytes: number): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
