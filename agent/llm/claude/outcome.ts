// What the CLI's last word on a prompt means: which failure, which tokens, what cost. Pure.
import type { Cost, ProviderFailureKind, TokenUsage } from "../../../protocol/llm.ts";
import { err, ok, type Result } from "../../../protocol/result.ts";
import { kindOfStatus } from "../http/failure.ts";
import type { ProviderFailure } from "../port.ts";
import type { CliResult, Retry } from "./events.ts";

const OWN_BACKOFF_MS = 1_000; // the CLI's own first pause is about half a second; a longer one was asked for by the API

/** Fails by is_error alone: an API error is called "success" in `subtype`. */
export function judge(result: CliResult): Result<CliResult, ProviderFailure> {
  if (result.is_error) return err(failureOf(result));
  if (result.local_command !== null || result.num_turns === 0)
    return err({ kind: "invalid", message: "claude took the text as a command of its own" });
  return ok(result);
}

// The messages are ours: those of the API may quote what was asked.
function failureOf({ api_error_status: status, result, stop_reason, subtype }: CliResult): ProviderFailure {
  if (status !== null) return statusFailure(status);
  if (stop_reason === "refusal") return { kind: "refused", message: "the model refused to answer" };
  if (subtype === "error_max_structured_output_retries")
    return { kind: "invalid", message: "the model gave no output of the schema in all its tries" };
  const [, kind, message] = SAYINGS.find(([words]) => words.test(result)) ?? UNKNOWN;
  return { kind, message };
}

type Saying = readonly [RegExp, ProviderFailureKind, string];

const UNKNOWN: Saying = [/^/, "invalid", "claude ended the prompt with an error that is not known"];
const SAYINGS: readonly Saying[] = [
  [/not logged in|please run \/login|invalid api key|login expired|token.*expired/i, "unauthenticated", "claude is not logged in"],
  [/timed out/i, "timeout", "the API did not answer in time"],
  [/refused|ENOTFOUND|EAI_AGAIN|unreachable|unable to connect/i, "unreachable", "the API cannot be reached"],
  [/lost|reset|closed|terminated|stall/i, "cut", "the connection to the API broke off"],
  [/JSON|parse/i, "invalid", "the API sent something that is not an answer"],
  [/output token/i, "cut", "the answer was longer than the model may give"],
];

function statusFailure(status: number): ProviderFailure {
  return { kind: kindOfStatus(status), message: `the API answered ${status}` };
}

/** The CLI would try again by itself; we say so at once and leave it to the router. Null: a broken connection, tried again once. */
export function retryFailure({ error_status, retry_delay_ms }: Retry): ProviderFailure | null {
  if (error_status === null) return null;
  const failure = statusFailure(error_status);
  return retry_delay_ms < OWN_BACKOFF_MS ? failure : { ...failure, retryAfterMs: Math.ceil(retry_delay_ms) };
}

/** Of this prompt, the CLI's corrections of the output included. */
export function usageOf({ usage }: CliResult): TokenUsage | null {
  if (usage === null) return null;
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens } = usage;
  return {
    promptTokens: input_tokens + cache_creation_input_tokens + cache_read_input_tokens,
    cachedTokens: cache_read_input_tokens,
    completionTokens: output_tokens,
  };
}

/** Of this prompt; the total is of the whole conversation, so what it was before is taken off. */
export function costOf({ model_usage_since_last_result: models, total_cost_usd: total }: CliResult, before: number): Cost {
  const entries = Object.values(models ?? {});
  if (entries.some((entry) => entry.costBasis === "unknown")) return { usd: null, source: "unknown" };
  if (entries.length > 0) return { usd: entries.reduce((sum, entry) => sum + entry.costUSD, 0), source: "provider" };
  return total === null ? { usd: null, source: "unknown" } : { usd: Math.max(0, total - before), source: "provider" };
}
