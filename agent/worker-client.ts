// The agent's only way to the control centre over HTTP. Every answer is parsed; nothing is thrown for an expected failure.
import * as z from "zod";
import {
  ClaimRequest,
  ClaimResponse,
  EnrolRequest,
  EnrolResponse,
  ExtendRequest,
  ExtendResponse,
  HeartbeatRequest,
  HeartbeatResponse,
  MeasurementsRequest,
  MeasurementsResponse,
  TaskReportRequest,
  TaskReportResponse,
  WatchlistRequest,
  WatchlistResponse,
} from "../protocol/agent.ts";
import { Ticket } from "../protocol/api.ts";
import { CorrectionsResponse } from "../protocol/correction.ts";
import { ErrorBody, type ErrorCode } from "../protocol/errors.ts";
import { ReportRequest, ReportResponse } from "../protocol/report.ts";
import { err, ok, type Result } from "../protocol/result.ts";

const MAX_RESPONSE_BYTES = 8 * 1024 * 1024; // a claimed job carries its rendered files
const CALL_TIMEOUT_MS = 10_000; // under the shortest sensible lease of 30 s, with room for a second try

export type ClientError =
  | { kind: "api"; code: ErrorCode; status: number; message: string }
  | { kind: "network" | "timeout" | "invalid"; message: string };

export interface CallOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
  traceparent?: string; // of the job that the call is about
}

type Call<Request extends z.ZodType, Response extends z.ZodType> = (
  body: z.input<Request>,
  options?: CallOptions,
) => Promise<Result<z.output<Response>, ClientError>>;

export interface WorkerClient {
  enroll: Call<typeof EnrolRequest, typeof EnrolResponse>;
  heartbeat: Call<typeof HeartbeatRequest, typeof HeartbeatResponse>;
  claim: Call<typeof ClaimRequest, typeof ClaimResponse>;
  extend: Call<typeof ExtendRequest, typeof ExtendResponse>;
  report: Call<typeof ReportRequest, typeof ReportResponse>;
  ticket: Call<typeof NoBody, typeof Ticket>;
  watchlist: Call<typeof WatchlistRequest, typeof WatchlistResponse>;
  measurements: Call<typeof MeasurementsRequest, typeof MeasurementsResponse>;
  tasks: Call<typeof TaskReportRequest, typeof TaskReportResponse>;
  corrections: Call<typeof NoBody, typeof CorrectionsResponse>;
}

const NoBody = z.strictObject({});

export interface WorkerClientOptions {
  baseUrl: string;
  credential?: string; // absent only for enrolment
  version: string;
  timeoutMs?: number;
}

export function createWorkerClient({ baseUrl, credential, version, timeoutMs = CALL_TIMEOUT_MS }: WorkerClientOptions): WorkerClient {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: "application/json",
    "user-agent": `intent-agent/${version}`,
  };
  if (credential !== undefined) headers.authorization = `Bearer ${credential}`;

  function route<Q extends z.ZodType, S extends z.ZodType>(name: string, request: Q, response: S): Call<Q, S> {
    const url = new URL(`agent/v1/${name}`, baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`);
    return async (body, options = {}) => {
      const payload = request.safeParse(body);
      if (!payload.success)
        return err({ kind: "api", code: "VALIDATION", status: 0, message: `not sent: ${z.prettifyError(payload.error)}` });
      const trace = options.traceparent === undefined ? {} : { traceparent: options.traceparent };
      const init = { method: "POST", headers: { ...headers, ...trace }, body: JSON.stringify(payload.data), redirect: "error" } as const;
      const answer = await exchange(url, init, { timeoutMs, ...options });
      return answer.ok ? read(answer.value, response) : answer;
    };
  }

  return {
    enroll: route("enroll", EnrolRequest, EnrolResponse),
    heartbeat: route("heartbeat", HeartbeatRequest, HeartbeatResponse),
    claim: route("claim", ClaimRequest, ClaimResponse),
    extend: route("extend", ExtendRequest, ExtendResponse),
    report: route("report", ReportRequest, ReportResponse),
    ticket: route("ticket", NoBody, Ticket),
    corrections: route("corrections", NoBody, CorrectionsResponse),
    measurements: route("measurements", MeasurementsRequest, MeasurementsResponse),
    watchlist: route("watchlist", WatchlistRequest, WatchlistResponse),
    tasks: route("tasks", TaskReportRequest, TaskReportResponse),
  };
}

interface Answer {
  status: number;
  text: string;
}

/** One bounded request: the time limit covers headers and body together. */
async function exchange(url: URL, init: RequestInit, options: CallOptions & { timeoutMs: number }): Promise<Result<Answer, ClientError>> {
  const controller = new AbortController();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, options.timeoutMs);
  // Not AbortSignal.any: a signal that lives as long as the process would collect one follower a call.
  const abort = (): void => controller.abort();
  options.signal?.addEventListener("abort", abort);
  if (options.signal?.aborted) abort();
  try {
    const response = await fetch(url, { ...init, signal: controller.signal });
    const text = await readBounded(response);
    return text === null ? err({ kind: "invalid", message: "the answer is too large" }) : ok({ status: response.status, text });
  } catch (cause) {
    if (timedOut) return err({ kind: "timeout", message: `no answer within ${options.timeoutMs} ms` });
    return err({ kind: "network", message: options.signal?.aborted ? "the call was given up" : networkMessage(cause) });
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", abort);
  }
}

async function readBounded(response: Response): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_RESPONSE_BYTES) return null; // leaving the loop cancels the body
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

// fetch says only "fetch failed"; the reason (ECONNREFUSED, ENOTFOUND …) hangs one or two causes below.
function networkMessage(cause: unknown): string {
  let last = cause;
  for (let depth = 0; depth < 3 && last instanceof Error && last.cause instanceof Error; depth += 1) last = last.cause;
  if (!(last instanceof Error)) return "the request failed";
  return "code" in last && typeof last.code === "string" ? `${last.code} ${last.message}`.trim() : last.message;
}

function read<S extends z.ZodType>({ status, text }: Answer, schema: S): Result<z.output<S>, ClientError> {
  const body = parseJson(text);
  if (status >= 200 && status < 300) {
    const parsed = schema.safeParse(body);
    return parsed.success
      ? ok(parsed.data)
      : err({ kind: "invalid", message: `HTTP ${status} with an answer that does not fit the schema` });
  }
  const error = ErrorBody.safeParse(body);
  if (!error.success) return err({ kind: "invalid", message: `HTTP ${status} without an error body of ours` });
  const { code, message, requestId, details = [] } = error.data.error;
  const fields = details.map((issue) => `; ${issue.field}: ${issue.message}`).join("");
  return err({ kind: "api", code, status, message: `${message}${fields} (request ${requestId})` });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
