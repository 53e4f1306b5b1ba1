// Sends spans as OTLP/HTTP JSON (opentelemetry-proto, ExportTraceServiceRequest). Never fails and never waits long: a trace is a convenience.
import type { TraceContext } from "../../protocol/trace.ts";

export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: "internal" | "server";
  start: number; // ms since the epoch
  end: number;
  failed: boolean;
  attributes: Record<string, string | number | readonly string[]>;
  links?: readonly TraceContext[];
}

export interface Tracer {
  send(spans: readonly Span[]): Promise<void>;
}

const TIMEOUT_MS = 2_000; // a collector is near; the work behind the response has no longer life
const MAX_IN_FLIGHT = 8; // per isolate; what is more is dropped
const PAUSE_MS = 30_000; // after a failure, so that a collector that is down costs nothing

/** What an isolate knows of a collector, over its requests. */
const collectors = new Map<string, { inFlight: number; pausedUntil: number }>();

/** Null without an address: then nothing is made, kept or sent. */
export function createTracer(endpoint: string | undefined): Tracer | null {
  if (endpoint === undefined || endpoint.trim() === "") return null;
  const url = `${endpoint.trim().replace(/\/+$/, "")}/v1/traces`;
  const state = collectors.get(url) ?? { inFlight: 0, pausedUntil: 0 };
  collectors.set(url, state);
  return {
    async send(spans) {
      if (state.inFlight >= MAX_IN_FLIGHT || Date.now() < state.pausedUntil) return;
      state.inFlight += 1;
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(exportRequest(spans)),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        await response.body?.cancel();
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
      } catch (error) {
        state.pausedUntil = Date.now() + PAUSE_MS;
        console.error(JSON.stringify({ level: "warn", msg: `spans are dropped for ${PAUSE_MS / 1000} s: ${String(error)}` }));
      } finally {
        state.inFlight -= 1;
      }
    },
  };
}

const KIND = { internal: 1, server: 2 } as const;
const STATUS_UNSET = 0;
const STATUS_ERROR = 2;

/** Ids in hex and 64-bit numbers as strings: the two places where OTLP's JSON differs from protobuf's. */
function exportRequest(spans: readonly Span[]) {
  return {
    resourceSpans: [
      {
        resource: { attributes: keyValues({ "service.name": "intent-control-center", "service.namespace": "intent-to-o2" }) },
        scopeSpans: [
          {
            scope: { name: "worker" },
            spans: spans.map(({ kind, start, end, failed, attributes, links = [], ...ids }) => ({
              ...ids,
              kind: KIND[kind],
              startTimeUnixNano: `${start}000000`,
              endTimeUnixNano: `${Math.max(start, end)}000000`,
              attributes: keyValues(attributes),
              status: { code: failed ? STATUS_ERROR : STATUS_UNSET },
              links: links.map(({ traceId, spanId }) => ({ traceId, spanId })),
            })),
          },
        ],
      },
    ],
  };
}

function keyValues(attributes: Span["attributes"]) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: string | number | readonly string[]): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map(anyValue) } };
}
