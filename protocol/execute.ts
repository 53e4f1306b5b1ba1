// POST /v1/execute: a capability is asked for, and the answer tells where it ran. Understanding, chat and vectors; never a change.
import * as z from "zod";
import { ChatMessage, FinishReason, MAX_CALL_CHARS, MAX_EMBEDDED } from "./call.ts";
import { IntentContext, MAX_TEXT_LENGTH, Understanding } from "./intent.ts";
import { Capability, MAX_ATTEMPTS, ProviderAttempt, ProviderId } from "./llm.ts";

const text = z.string().min(1).max(MAX_CALL_CHARS);

/** What is asked, in one of its shapes. */
const QUESTIONS = ["intent", "input", "prompt", "messages"] as const;

export const ExecuteRequest = z
  .strictObject({
    intent: z.string().min(1).max(MAX_TEXT_LENGTH).optional(), // words; whether they are of the network decides the capability
    capability: Capability.optional(),
    input: z.union([text, z.array(text).min(1).max(MAX_EMBEDDED)]).optional(), // a list for embeddings only
    prompt: text.optional(),
    messages: z.array(ChatMessage).min(1).max(500).optional(), // for a chat
    model: z.string().min(1).max(300).optional(), // an id of /v1/models; absent: auto
    context: IntentContext.optional(), // for understanding, as target_sites
    target_sites: z.array(z.string().min(1).max(64)).max(100).optional(),
  })
  .refine(({ intent, capability }) => (intent === undefined) !== (capability === undefined), {
    path: ["intent"],
    message: "give either an intent or a capability",
  })
  .superRefine((request, context) => {
    const given = QUESTIONS.filter((field) => request[field] !== undefined);
    for (const field of given.slice(1))
      context.addIssue({ code: "custom", path: [field], message: `${given[0]} says it already: give one` });
  })
  .meta({ id: "Execute" });
export type ExecuteRequest = z.infer<typeof ExecuteRequest>;

export const ExecuteAnswer = z
  .object({
    capability: Capability,
    result: z.union([
      Understanding,
      z.object({ text: z.string(), finish_reason: FinishReason }),
      z.object({ embeddings: z.array(z.array(z.number())) }),
    ]),
    ran_on: z.object({ agent_id: z.string().nullable(), provider: ProviderId, model: z.string().nullable() }), // null agent: the worker itself
    attempts: z.array(ProviderAttempt).max(MAX_ATTEMPTS),
    latency_ms: z.number().nonnegative(),
  })
  .meta({ id: "ExecuteAnswer" });
export type ExecuteAnswer = z.infer<typeof ExecuteAnswer>;
