// Error codes are part of the protocol: what the code means, when it is sent, and its HTTP status.
import * as z from "zod";

export const ErrorCode = z.enum([
  "VALIDATION", // a field of the request is wrong; details name it
  "UNAUTHENTICATED", // no credential, or one that is unknown, expired or revoked
  "FORBIDDEN", // the credential lacks the scope
  "NOT_FOUND", // no such route or object
  "METHOD_NOT_ALLOWED", // the path exists, for other methods; Allow names them
  "UNKNOWN_SITE", // a site that is named is not registered
  "CONFLICT", // the object's state does not allow the command
  "SUPERSEDED", // a newer deployment of the slice exists; only the latest can be rolled back
  "DIGEST_MISMATCH", // an approval names another digest than the one that would be pushed
  "IDEMPOTENCY_MISMATCH", // the Idempotency-Key was used before with another body
  "LEASE_LOST", // the job was claimed by another attempt; the agent must stop its work
  "INSTANCE_REPLACED", // a newer instance of the same agent is alive; this one must stop
  "PROTOCOL_TOO_OLD", // the agent speaks a protocol that is no longer served
  "PAYLOAD_TOO_LARGE", // the body exceeds the limit of the route
  "UNSUPPORTED_MEDIA_TYPE", // the body is not JSON
  "RATE_LIMITED", // too many requests of this token in the window
  "QUEUE_FULL", // too many intents wait already; come back after Retry-After
  "NO_AGENT", // no agent is online that could answer this now
  "UPSTREAM_FAILED", // the backend that was asked did not answer; the message says how
  "UPSTREAM_TIMEOUT", // it took longer than its bound
  "INTERNAL", // our fault; the text is fixed, the log has the cause under the requestId
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

const STATUS: Record<ErrorCode, number> = {
  VALIDATION: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  UNKNOWN_SITE: 422,
  CONFLICT: 409,
  SUPERSEDED: 409,
  DIGEST_MISMATCH: 409,
  IDEMPOTENCY_MISMATCH: 409,
  LEASE_LOST: 409,
  INSTANCE_REPLACED: 409,
  PROTOCOL_TOO_OLD: 426,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  QUEUE_FULL: 429,
  NO_AGENT: 503,
  UPSTREAM_FAILED: 502,
  UPSTREAM_TIMEOUT: 504,
  INTERNAL: 500,
};

/** The one mapping from code to HTTP status. */
export function httpStatus(code: ErrorCode): number {
  return STATUS[code];
}

export const FieldIssue = z.object({ field: z.string(), message: z.string() });
export type FieldIssue = z.infer<typeof FieldIssue>;

/** The one error body of all routes but those whose standard has its own. */
export const ErrorBody = z
  .object({
    error: z.object({
      code: ErrorCode,
      message: z.string(),
      requestId: z.string(),
      details: z.array(FieldIssue).optional(),
    }),
  })
  .meta({ id: "Error" });
export type ErrorBody = z.infer<typeof ErrorBody>;

/** Flattens a zod error to `{field, message}`; the root of the body is named "body". */
export function fieldIssues(error: z.ZodError): FieldIssue[] {
  return error.issues.map((issue) => {
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
    const path = [...issue.path, ...keys.slice(0, 1)].map(String).join(".");
    return { field: path === "" ? "body" : path, message: issue.message };
  });
}
