// Errors as OpenAI's clients read them, for the paths that speak its dialect. What failed is decided elsewhere.
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type ErrorCode, httpStatus } from "../protocol/errors.ts";
import type { OpenAiError } from "../protocol/openai.ts";
import type { AppEnv } from "./env.ts";
import type { AppError } from "./errors.ts";

const OWN_DIALECT = /^\/v1\/(integrations|execute)(\/|$)/;

export function speaksOpenAi(path: string): boolean {
  return path.startsWith("/v1/") && !OWN_DIALECT.test(path);
}

/** `type` as the clients of that API know it; a code of ours where theirs has none. */
const KINDS: Partial<Record<ErrorCode, { type: string; code: string | null }>> = {
  VALIDATION: { type: "invalid_request_error", code: null },
  UNAUTHENTICATED: { type: "invalid_request_error", code: "invalid_api_key" },
  FORBIDDEN: { type: "permission_error", code: "insufficient_scope" },
  NOT_FOUND: { type: "invalid_request_error", code: "unknown_url" },
  METHOD_NOT_ALLOWED: { type: "invalid_request_error", code: "method_not_allowed" },
  PAYLOAD_TOO_LARGE: { type: "invalid_request_error", code: "payload_too_large" },
  UNSUPPORTED_MEDIA_TYPE: { type: "invalid_request_error", code: "unsupported_media_type" },
  RATE_LIMITED: { type: "rate_limit_error", code: "rate_limit_exceeded" },
};
const SERVER_ERROR = { type: "server_error", code: null };

export function openAiError(error: AppError): OpenAiError {
  const { type, code } = KINDS[error.code] ?? { ...SERVER_ERROR, code: error.code.toLowerCase() };
  const param = error.details?.[0]?.field ?? null;
  const { failure } = error;
  const reason = failure === undefined ? code : failure.code === "UNKNOWN_MODEL" ? "model_not_found" : failure.code.toLowerCase();
  return { message: error.message, type, param, code: param === "model" && error.code === "NOT_FOUND" ? "model_not_found" : reason };
}

export function openAiResponse(c: Context<AppEnv>, error: AppError): Response {
  if (error.retryAfterSeconds !== undefined) c.header("Retry-After", String(error.retryAfterSeconds));
  if (error.code === "UNAUTHENTICATED") c.header("WWW-Authenticate", "Bearer");
  return c.json({ error: openAiError(error) }, httpStatus(error.code) as ContentfulStatusCode);
}
