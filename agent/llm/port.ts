// What a language model's adapter offers. The router sees this and nothing else; only agent/index.ts (through build.ts) names adapters.
import type { ChatMessage, ChatOptions, FinishReason } from "../../protocol/call.ts";
import type { Capability, Cost, ProviderFailureKind, ProviderKind, TokenUsage } from "../../protocol/llm.ts";
import type { Result } from "../../protocol/result.ts";

export interface ProviderFailure {
  kind: ProviderFailureKind;
  message: string; // without credentials and without the text that was asked
  retryAfterMs?: number; // the backend said so
}

/** How a stream fails: thrown out of the generator. */
export class ProviderFailed extends Error {
  override name = "ProviderFailed";
  readonly failure: ProviderFailure;

  constructor(failure: ProviderFailure, options?: ErrorOptions) {
    super(failure.message, options);
    this.failure = failure;
  }
}

export interface ChatRequest {
  messages: ChatMessage[];
  options: ChatOptions;
  model: string | null; // null: the adapter's default
  priority: number; // higher goes first in a queue
}

export interface ChatEnd {
  finishReason: FinishReason;
  model: string;
  usage: TokenUsage | null;
  cost: Cost;
}

/** A prompt whose answer is one JSON value of a schema. `system` and `schema` change seldom, so that a warm process can keep them. */
export interface StructuredPrompt {
  system: string;
  user: string;
  schema: Record<string, unknown>; // JSON Schema draft 2020-12, self-contained
  priority: number;
}

/** A sentence as it stands, for a backend that understands sentences by itself and takes no prompt. */
export interface PlainSentence {
  text: string;
  context: Readonly<Record<string, string>>;
  targetSites: readonly string[]; // given with the request: they win over the text
}

export interface StructuredAnswer extends Omit<ChatEnd, "finishReason"> {
  value: unknown; // JSON, not validated yet
}

export interface EmbedAnswer {
  vectors: number[][]; // in the order of the input
  model: string;
  usage: TokenUsage | null;
  cost: Cost;
}

export interface Probe {
  models: string[];
  version: string | null;
}

/** One backend. Every call ends by the signal or by the adapter's own bounds, and frees what it holds. */
export interface Provider {
  readonly id: string;
  readonly kind: ProviderKind;
  readonly name: string;
  readonly address: string; // shown to people: no credential in it
  readonly configured: boolean;
  readonly capabilities: readonly Capability[];
  /** Cheap, no tokens: is it there, and what has it. The caller bounds it by 2 s. */
  probe(signal: AbortSignal): Promise<Result<Probe, ProviderFailure>>;
  /** Yields text as it comes and returns the end. Throws ProviderFailed. Returning early (break) stops the backend's work. */
  chat?(request: ChatRequest, signal: AbortSignal): AsyncGenerator<string, ChatEnd, undefined>;
  /** One JSON value. Absent when the backend takes no prompt. */
  ask?(prompt: StructuredPrompt, signal: AbortSignal): Promise<Result<StructuredAnswer, ProviderFailure>>;
  /** The same value without a prompt. A backend has this or `ask`; with both it is asked. */
  read?(sentence: PlainSentence, signal: AbortSignal): Promise<Result<StructuredAnswer, ProviderFailure>>;
  embed?(input: string[], model: string | null, signal: AbortSignal): Promise<Result<EmbedAnswer, ProviderFailure>>;
  close(): Promise<void>;
}
