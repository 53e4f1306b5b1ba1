// RTK Query over the public API: the commands that pages give, beside what they ask for (queries.ts).
import type { Alert } from "../../protocol/alert.ts";
import type { ApproveRequest, IntentAccepted, RollbackAccepted } from "../../protocol/api.ts";
import type { CorrectedFields, CorrectionAccepted } from "../../protocol/correction.ts";
import type { IntegrationRefresh, RoutingUpdate } from "../../protocol/integration-api.ts";
import type { ClarificationAnswers } from "../../protocol/intent.ts";
import type { Routing } from "../../protocol/llm.ts";
import type { Api, DecideAction, NewIntent, SliceChange, SliceScale } from "../api.ts";
import type { StaleTag } from "../state/stale.ts";
import { type Answer, ask, type Context } from "./ask.ts";
import { queries } from "./queries.ts";
import type { Extra } from "./store.ts";

/** A command: whatever came of it, the intent it was about is read again. */
async function command<T>(context: Context, intentId: string, call: (api: Api) => Promise<T>): Promise<Answer<T>> {
  const answer = await ask(context, call);
  (context.extra as Extra).touch(intentId);
  return answer;
}

export interface WithKey {
  key: string; // Idempotency-Key: the same try again carries the same one
}

export const server = queries.injectEndpoints({
  endpoints: (build) => ({
    createIntent: build.mutation<IntentAccepted, WithKey & { intent: NewIntent }>({
      async queryFn({ intent, key }, context) {
        const answer = await ask(context, (api) => api.createIntent(intent, key));
        (context.extra as Extra).touch("data" in answer ? answer.data.intentId : "");
        return answer;
      },
    }),
    answer: build.mutation<IntentAccepted, { id: string; answers: ClarificationAnswers }>({
      queryFn: ({ id, answers }, context) => command(context, id, (api) => api.answer(id, answers)),
    }),
    approve: build.mutation<IntentAccepted, { id: string; body: ApproveRequest }>({
      queryFn: ({ id, body }, context) => command(context, id, (api) => api.approve(id, body)),
    }),
    reject: build.mutation<IntentAccepted, { id: string; reason: string }>({
      queryFn: ({ id, reason }, context) => command(context, id, (api) => api.reject(id, reason)),
    }),
    decide: build.mutation<IntentAccepted, { id: string; action: DecideAction }>({
      queryFn: ({ id, action }, context) => command(context, id, (api) => api.decide(id, action)),
    }),
    deployIntent: build.mutation<IntentAccepted, WithKey & { id: string }>({
      queryFn: ({ id, key }, context) => command(context, id, (api) => api.deployIntent(id, key)),
      invalidatesTags: ["Slices"],
    }),
    cancel: build.mutation<IntentAccepted, { id: string }>({
      queryFn: ({ id }, context) => command(context, id, (api) => api.cancel(id)),
    }),
    correct: build.mutation<CorrectionAccepted, WithKey & { id: string; fields: CorrectedFields }>({
      queryFn: ({ id, fields, key }, context) => command(context, id, (api) => api.correct(id, fields, key)),
    }),
    scale: build.mutation<IntentAccepted, WithKey & { name: string; body: SliceScale }>({
      queryFn: ({ name, body, key }, context) => command(context, "", (api) => api.scale(name, body, key)),
      invalidatesTags: ["Slices"],
    }),
    terminate: build.mutation<IntentAccepted, WithKey & { name: string; body: SliceChange }>({
      queryFn: ({ name, body, key }, context) => command(context, "", (api) => api.terminate(name, body, key)),
      invalidatesTags: ["Slices"],
    }),
    rollbackSlice: build.mutation<IntentAccepted, WithKey & { name: string; body: SliceChange }>({
      queryFn: ({ name, body, key }, context) => command(context, "", (api) => api.rollbackSlice(name, body, key)),
      invalidatesTags: ["Slices"],
    }),
    rollback: build.mutation<RollbackAccepted, WithKey & { id: string; site: string | null }>({
      queryFn: ({ id, site, key }, context) => command(context, "", (api) => api.rollback(id, site, key)),
      invalidatesTags: ["Slices"],
    }),
    acknowledge: build.mutation<Alert, { id: string; comment: string }>({
      queryFn: ({ id, comment }, context) => ask(context, (api) => api.acknowledge(id, comment)),
      invalidatesTags: ["Alerts"],
    }),
    lookAtIntegrations: build.mutation<IntegrationRefresh, void>({
      queryFn: (_none, context) => ask(context, (api) => api.lookAtIntegrations()),
      invalidatesTags: ["Integrations"],
    }),
    switchIntegration: build.mutation<Routing, { id: string; connected: boolean }>({
      queryFn: ({ id, connected }, context) => ask(context, (api) => api.switchIntegration(id, connected)),
      invalidatesTags: ["Integrations", "Routing"],
    }),
    saveRouting: build.mutation<Routing, RoutingUpdate>({
      queryFn: (body, context) => ask(context, (api) => api.saveRouting(body)),
      invalidatesTags: ["Routing", "Integrations"],
    }),
  }),
});

/** What the events say is stale is asked for again, where somebody looks at it. */
export function invalidate(tags: readonly (StaleTag | "Lists" | "IntentEvents")[]) {
  return server.util.invalidateTags([...tags]);
}
