// Questions to a connected agent, through the room: the whole answer at once, and what a failure means to an HTTP client.
import type { CallChunk, CallFailure, CallResult } from "../../protocol/call.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { ProviderAttempt } from "../../protocol/llm.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { type Ask, openCall } from "./call-stream.ts";

const RETRY_SECONDS = 5; // when nobody said how long

/** Who was asked, when somebody was. */
type Unanswered = CallFailure & { agentId: string | null };

export interface Answered {
  chunks: CallChunk[];
  result: CallResult;
  agentId: string;
}

/** The whole answer at once. */
export async function askAgent(deps: Deps, ask: Ask): Promise<Result<Answered, Unanswered>> {
  const chunks: CallChunk[] = [];
  for await (const heard of openCall(deps, ask)) {
    if (heard.type === "chunk") chunks.push(heard.chunk);
    if (heard.type === "end") return ok({ chunks, result: heard.result, agentId: heard.agentId });
    if (heard.type === "failed") return err({ ...heard.failure, agentId: heard.agentId });
  }
  throw new Error("a call has ended without an end");
}

export function textOf(chunks: readonly CallChunk[]): string {
  return chunks.map((chunk) => (chunk.kind === "text" ? chunk.text : "")).join("");
}

/** Whose fault it was decides the status. */
export function callError({ agentId: _whoever, ...failure }: CallFailure & Partial<Unanswered>): AppError {
  const code = codeOf(failure);
  return new AppError(code, messageOf(failure), {
    failure,
    ...(failure.code === "UNKNOWN_MODEL" ? { details: [{ field: "model", message: failure.message }] } : {}),
    ...(code === "RATE_LIMITED" ? { retryAfterSeconds: Math.ceil(failure.retryAfterSeconds ?? RETRY_SECONDS) } : {}),
  });
}

function codeOf({ code, attempts }: CallFailure): ErrorCode {
  switch (code) {
    case "NO_AGENT":
    case "NO_PROVIDER":
      return "NO_AGENT";
    case "BUSY":
      return "RATE_LIMITED";
    case "TIMEOUT":
      return "UPSTREAM_TIMEOUT";
    case "UNKNOWN_MODEL":
      return "NOT_FOUND";
    case "TOO_LARGE":
      return "PAYLOAD_TOO_LARGE";
    case "PROVIDER_FAILED":
      return codeOfAttempts(attempts);
    case "LOST":
    case "INVALID":
    case "CANCELLED":
      return "UPSTREAM_FAILED";
  }
}

/** Only what all that were really asked say is told as the answer; else somebody failed. */
function codeOfAttempts(attempts: readonly ProviderAttempt[]): ErrorCode {
  const asked = attempts.filter(({ outcome }) => outcome !== "breaker_open" && outcome !== "offline");
  const all = (...outcomes: ProviderAttempt["outcome"][]) => asked.length > 0 && asked.every(({ outcome }) => outcomes.includes(outcome));
  if (all("rate_limited", "busy")) return "RATE_LIMITED";
  if (all("timeout")) return "UPSTREAM_TIMEOUT";
  if (all("refused")) return "VALIDATION";
  return "UPSTREAM_FAILED";
}

function messageOf({ message, attempts }: CallFailure): string {
  const told = attempts.map((attempt) => `${attempt.provider}: ${attempt.outcome}`).join(", ");
  return told === "" ? message : `${message} (${told})`;
}
