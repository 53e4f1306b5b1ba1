// The part of the agent's YAML file about language models: which there are, where, and what they cost. The order is the control centre's.
import * as z from "zod";
import { LAST_RESORT, MAX_INTEGRATIONS, ProviderId } from "../../protocol/llm.ts";
import { SecretRef } from "../../protocol/site.ts";

const RESERVED = ["claude", LAST_RESORT]; // the CLI has a part of its own

const url = z
  .url({ protocol: /^https?$/, error: "must be an http(s) address" })
  .refine((text) => !/^https?:\/\/[^/?#]*@/i.test(text), "must not carry a user or password; use apiKeyRef");
const model = z.string().min(1).max(200);
const usd = z.number().nonnegative();

const TokenPrice = z.strictObject({
  promptPerMillionUsd: usd,
  completionPerMillionUsd: usd,
  cachedPerMillionUsd: usd.optional(), // absent: as the other tokens of the prompt
});

const common = {
  id: ProviderId.refine((id) => !RESERVED.includes(id), `must not be one of ${RESERVED.join(", ")}`),
  name: z.string().min(1).max(80).optional(), // shown to people; absent: the id
  model: model.optional(), // absent: its own choice, or the first of its list
  timeoutMs: z.int().min(100).max(110_000).optional(), // for a whole answer
  prices: z.record(z.string().min(1), TokenPrice).optional(), // by model; "*": any other
};
const http = { ...common, url, embeddingModel: model.optional(), apiKeyRef: SecretRef.optional() };

export const ProviderConfig = z.discriminatedUnion("type", [
  z.strictObject({ ...http, type: z.literal("ollama") }),
  z.strictObject({
    ...http,
    type: z.literal("llamafarm"),
    namespace: z.string().min(1).max(100).optional(),
    project: z.string().min(1).max(100).optional(),
  }),
  z.strictObject({ ...http, type: z.literal("openai-compatible") }),
  // An understanding service of its own, such as an older one that is being replaced. What it costs and which model it asks is its affair.
  z.strictObject({
    ...{ id: common.id, name: common.name, timeoutMs: common.timeoutMs, url, apiKeyRef: SecretRef.optional() },
    type: z.literal("headless"),
  }),
  z.strictObject({ ...common, type: z.literal("unix-socket"), path: z.string().startsWith("/", "must be an absolute path").max(100) }),
]);
export type ProviderConfig = z.infer<typeof ProviderConfig>;

export const ClaudeConfig = z.strictObject({
  enabled: z.boolean().default(true),
  poolSize: z.int().min(1).max(8).default(1), // processes of some 200 MB each
  model: model.optional(), // absent: the CLI's own choice
  timeoutMs: common.timeoutMs,
});
export type ClaudeConfig = z.infer<typeof ClaudeConfig>;

const FOUND_BY_THEMSELVES = 4; // claude, llamafarm, ollama, the rules

export const LlmConfig = z.strictObject({
  claude: ClaudeConfig.optional(),
  providers: z
    .array(ProviderConfig)
    .max(MAX_INTEGRATIONS - FOUND_BY_THEMSELVES)
    .superRefine((providers, context) => {
      for (const [index, { id }] of providers.entries()) {
        const first = providers.findIndex((other) => other.id === id);
        if (first < index) context.addIssue({ code: "custom", path: [index, "id"], message: `"${id}" already names providers[${first}]` });
      }
    })
    .default([]),
});
export type LlmConfig = z.infer<typeof LlmConfig>;
