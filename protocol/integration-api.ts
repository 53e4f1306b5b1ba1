// HTTP bodies about integrations: the list, a trial of one backend, a look at all of them now. Not the integration itself; that is llm.ts.
import * as z from "zod";
import { AgentId, Timestamp } from "./ids.ts";
import { IntegrationView, ProviderId, Routing, TokenUsage } from "./llm.ts";

export const IntegrationList = z.object({ integrations: z.array(IntegrationView), timestamp: Timestamp }).meta({ id: "IntegrationList" });
export type IntegrationList = z.infer<typeof IntegrationList>;

const { order, disconnected, shares } = Routing.shape;

/** PUT /v1/integrations/routing: each field that is given replaces the one that is set, the others stay. Their rules are those of Routing. */
export const RoutingUpdate = z
  .strictObject({ order: order.unwrap(), disconnected: disconnected.unwrap(), shares: shares.unwrap() })
  .partial()
  .superRefine((given, context) => {
    const issues = Routing.safeParse(given).error?.issues ?? [];
    for (const { code, path, message } of issues) if (code === "custom") context.addIssue({ code, path, message }); // the others are said already
  })
  .meta({ id: "RoutingUpdate" });
export type RoutingUpdate = z.infer<typeof RoutingUpdate>;

const MAX_PROMPT_CHARS = 20_000; // a trial, not a conversation

/** POST /v1/integrations/test. No agent named: any that is online and has the backend. */
export const IntegrationTestRequest = z
  .strictObject({
    integration_id: ProviderId,
    prompt: z.string().min(1).max(MAX_PROMPT_CHARS),
    model: z.string().min(1).max(200).optional(),
    agent_id: AgentId.optional(),
  })
  .meta({ id: "IntegrationTest" });
export type IntegrationTestRequest = z.infer<typeof IntegrationTestRequest>;

/** `success: false` is the backend's failure, told in `error`; what this system cannot do at all is an error body instead. */
export const IntegrationTestResult = z
  .object({
    success: z.boolean(),
    response: z.string().optional(),
    error: z.string().optional(),
    latency_ms: z.number().nonnegative(), // from the question to the end of the answer, the way to the agent included
    model_used: z.string().optional(),
    usage: TokenUsage.optional(), // absent: the backend does not tell
    agent_id: AgentId,
  })
  .meta({ id: "IntegrationTestResult" });
export type IntegrationTestResult = z.infer<typeof IntegrationTestResult>;

/** POST /v1/integrations/refresh: each agent that is online has looked; what it found comes with its next heartbeat. */
export const IntegrationRefresh = z
  .object({ agents: z.array(z.object({ agent_id: AgentId, refreshed: z.boolean(), error: z.string().optional() })), timestamp: Timestamp })
  .meta({ id: "IntegrationRefresh" });
export type IntegrationRefresh = z.infer<typeof IntegrationRefresh>;
