// The one error class for failures we mean, and the one place that writes an error body.
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { CallFailure } from "../protocol/call.ts";
import { type ErrorBody, type ErrorCode, type FieldIssue, httpStatus } from "../protocol/errors.ts";
import type { AppEnv } from "./env.ts";

interface ErrorFields {
  cause?: unknown;
  details?: FieldIssue[];
  retryAfterSeconds?: number;
  failure?: CallFailure;
}

export class AppError extends Error {
  override name = "AppError";
  readonly code: ErrorCode;
  readonly details: FieldIssue[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly failure: CallFailure | undefined; // of the call to an agent that this comes from

  constructor(code: ErrorCode, message: string, options: ErrorFields = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.failure = options.failure;
  }
}

/** An error that names one field of the request. */
export function invalidField(field: string, message: string, code: ErrorCode = "VALIDATION"): AppError {
  return new AppError(code, `${field}: ${message}`, { details: [{ field, message }] });
}

export function errorBody({ code, message, details }: AppError, requestId: string): ErrorBody {
  return { error: { code, message, requestId, ...(details ? { details } : {}) } };
}

export function errorResponse(c: Context<AppEnv>, error: AppError): Response {
  if (error.retryAfterSeconds !== undefined) c.header("Retry-After", String(error.retryAfterSeconds));
  if (error.code === "UNAUTHENTICATED") c.header("WWW-Authenticate", "Bearer");
  return c.json(errorBody(error, c.get("requestId")), httpStatus(error.code) as ContentfulStatusCode);
}

/** An unknown error goes to the log in full and to the caller as INTERNAL: drizzle puts SQL and parameters into its messages. */
export function knownError(error: Error, c: Context<AppEnv>): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof HTTPException && error.status === 400) return invalidField("body", "must be JSON");
  console.error(
    JSON.stringify({ level: "error", requestId: c.get("requestId"), path: c.req.path, error: String(error), stack: error.stack }),
  );
  return new AppError("INTERNAL", "something went wrong on our side; the requestId finds it in the log");
}
