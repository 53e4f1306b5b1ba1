// The agent's spans: one per job, below the intent's life, and one per stage below it. Ids, sites and outcomes; never a text or a secret.
// Without a collector nothing is loaded and nothing is kept but the header that goes with the job's calls.
import type { Span, SpanContext, Tracer } from "@opentelemetry/api";
import type { ClaimedJob, JobInput, Lease } from "../protocol/job.ts";
import type { JobOutcome, StageOutput } from "../protocol/report.ts";
import type { StageName } from "../protocol/stage.ts";
import { formatTraceparent, parseTraceparent } from "../protocol/trace.ts";
import type { WorkerClient } from "./worker-client.ts";

const EXPORT_TIMEOUT_MS = 3_000;
const EXPORT_EVERY_MS = 1_000;
const MAX_WAITING_SPANS = 1_024; // what is more is dropped: a collector that is down must not fill the memory
const CLOSE_MS = 1_000; // the end of the agent waits no longer for a collector

export interface JobTrace {
  begin(stage: StageName): void;
  done(result: StageOutput): void;
  /** Null: the job goes on elsewhere. Stages that are still open have not been completed. */
  end(outcome: JobOutcome | null): void;
  /** The job's last call is made. */
  release(): void;
}

export interface Tracing {
  job(job: ClaimedJob): JobTrace;
  /** The header for the calls of a job that runs. */
  traceparent(lease: Lease): string | undefined;
  close(): Promise<void>;
}

interface Exporting {
  tracer: Tracer;
  api: typeof import("@opentelemetry/api");
  close(): Promise<void>;
}

export async function createTracing(settings: { endpoint: string | undefined; agentId: string; version: string }): Promise<Tracing> {
  const exporting = settings.endpoint === undefined ? null : await connect({ ...settings, endpoint: settings.endpoint });
  const headers = new Map<string, string>();
  return {
    job(job) {
      const parent = parseTraceparent(job.traceparent);
      const release = () => void headers.delete(job.lease.leaseId);
      if (parent === null) return { begin() {}, done() {}, end() {}, release };
      headers.set(job.lease.leaseId, formatTraceparent(parent));
      if (exporting === null) return { begin() {}, done() {}, end() {}, release };
      const remote = { traceId: parent.traceId, spanId: parent.spanId, traceFlags: parent.sampled ? 1 : 0, isRemote: true };
      const spans = jobSpans(exporting, job, remote);
      headers.set(job.lease.leaseId, formatTraceparent({ ...parent, spanId: spans.spanId }));
      return { ...spans, release };
    },
    traceparent: (lease) => headers.get(lease.leaseId),
    close: async () => exporting?.close(),
  };
}

/** Adds the job's header to the calls that are about a job. */
export function withTrace(client: WorkerClient, tracing: Pick<Tracing, "traceparent">): WorkerClient {
  const traced = (lease: Lease) => {
    const traceparent = tracing.traceparent(lease);
    return traceparent === undefined ? {} : { traceparent };
  };
  return {
    ...client,
    report: (body, options) => client.report(body, { ...options, ...traced(body.lease) }),
    extend: (body, options) => client.extend(body, { ...options, ...traced(body.lease) }),
  };
}

function jobSpans({ tracer, api }: Exporting, job: ClaimedJob, parent: SpanContext): Omit<JobTrace, "release"> & { spanId: string } {
  const { input, lease } = job;
  const attributes = { "intent.id": input.intentId, "job.id": lease.jobId, "job.kind": input.kind, "job.attempt": lease.attempt };
  const within = api.trace.setSpanContext(api.ROOT_CONTEXT, parent);
  const about = { kind: api.SpanKind.CONSUMER, attributes: { ...attributes, "intent.sites": sitesOf(input), ...deploymentOf(input) } };
  const span = tracer.startSpan(`job ${input.kind}`, about, within);
  const open = new Map<StageName, Span>();

  function endStage(stage: StageName, outcome: "ok" | "failed", about: Record<string, string | string[]> = {}): void {
    const stageSpan = open.get(stage);
    if (stageSpan === undefined) return;
    open.delete(stage);
    stageSpan.setAttributes({ "stage.outcome": outcome, ...about });
    if (outcome === "failed") stageSpan.setStatus({ code: api.SpanStatusCode.ERROR });
    stageSpan.end();
  }

  return {
    spanId: span.spanContext().spanId,
    begin(stage) {
      endStage(stage, "failed"); // begun again without an end: the first try came to nothing
      open.set(
        stage,
        tracer.startSpan(`stage ${stage}`, { attributes: { "stage.name": stage, ...attributes } }, api.trace.setSpan(within, span)),
      );
    },
    done: (result) => endStage(result.stage, "ok", resultOf(result)),
    end(outcome) {
      for (const stage of [...open.keys()]) endStage(stage, "failed");
      span.setAttribute("job.outcome", outcome?.kind ?? "handed_back");
      const failure = outcome !== null && "failure" in outcome ? outcome.failure : null;
      if (failure !== null) {
        span.setAttributes({ "failure.stage": failure.stage, "failure.reason": failure.reason });
        if (failure.site !== undefined) span.setAttribute("failure.site", failure.site);
      }
      if (outcome?.kind === "failed") span.setStatus({ code: api.SpanStatusCode.ERROR });
      span.end();
    },
  };
}

function sitesOf(input: JobInput): string[] {
  if (input.kind === "intent.prepare") return input.targetSites;
  return input.kind === "intent.apply" ? input.plan.sites : input.sites;
}

function deploymentOf(input: JobInput): Record<string, string> {
  if (input.kind === "intent.prepare") return {};
  return { "deployment.id": input.deploymentId, "intent.slice": input.kind === "intent.apply" ? input.plan.slice : input.slice };
}

function resultOf(result: StageOutput): Record<string, string | string[]> {
  switch (result.stage) {
    case "push":
      return { "git.commit": result.output.commit };
    case "verify":
      return { "slo.verdict": result.output.verdict };
    case "rollback":
      return { "git.commit": result.output.revertCommit, "intent.sites": result.output.sites };
    default:
      return {};
  }
}

/** The SDK is loaded here, so that an agent without a collector does not carry it. OTEL_EXPORTER_OTLP_HEADERS is the exporter's own affair. */
async function connect({ endpoint, agentId, version }: { endpoint: string; agentId: string; version: string }): Promise<Exporting> {
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/resources"),
  ]);
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, "")}/v1/traces`,
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const processor = new sdk.BatchSpanProcessor({
    exporter,
    maxQueueSize: MAX_WAITING_SPANS,
    scheduledDelayMillis: EXPORT_EVERY_MS,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      "service.name": "intent-agent",
      "service.namespace": "intent-to-o2",
      "service.version": version,
      "service.instance.id": agentId,
    }),
    spanProcessors: [processor],
  });
  return {
    api,
    tracer: provider.getTracer("agent"),
    async close() {
      const late = new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}
