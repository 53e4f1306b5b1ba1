// The one error class for failures we mean, and the one place that writes an error body.
import type { Context, ErrorHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type ErrorBody, type ErrorCode, type FieldIssue, httpStatus } from "../protocol/errors.ts";
import type { AppEnv } from "./env.ts";

export class AppError extends Error {
  override name = "AppError";
  readonly code: ErrorCode;
  readonly details: FieldIssue[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: FieldIssue[]; retryAfterSeconds?: number } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** An error that names one field of the request. */
export function invalidField(field: string, message: string, code: ErrorCode = "VALIDATION"): AppError {
  return new AppError(code, `${field}: ${message}`, { details: [{ field, message }] });
}

export function errorResponse(c: Context<AppEnv>, error: AppError): Response {
  const body: ErrorBody = {
    error: {
      code: error.code,
      message: error.message,
      requestId: c.get("requestId"),
      ...(error.details ? { details: error.details } : {}),
    },
  };
  if (error.retryAfterSeconds !== undefined) c.header("Retry-After", String(error.retryAfterSeconds));
  if (error.code === "UNAUTHENTICATED") c.header("WWW-Authenticate", "Bearer");
  return c.json(body, httpStatus(error.code) as ContentfulStatusCode);
}

/** An unknown error goes to the log in full and to the caller as INTERNAL: drizzle puts SQL and parameters into its messages. */
export const onError: ErrorHandler<AppEnv> = (error, c) => {
  if (error instanceof AppError) return errorResponse(c, error);
  if (error instanceof HTTPException && error.status === 400) return errorResponse(c, invalidField("body", "must be JSON"));
  console.error(
    JSON.stringify({ level: "error", requestId: c.get("requestId"), path: c.req.path, error: String(error), stack: error.stack }),
  );
  return errorResponse(c, new AppError("INTERNAL", "something went wrong on our side; the requestId finds it in the log"));
};
