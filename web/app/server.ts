// RTK Query over the public API: what pages ask for, and the commands they give. web/api.ts talks; this caches, and the live feed says what is stale.
import { createApi, fakeBaseQuery } from "@reduxjs/toolkit/query/react";
import type { Alert, AlertPage } from "../../protocol/alert.ts";
import type {
  ApproveRequest,
  DeploymentDiff,
  EventPage,
  IntentAccepted,
  IntentRecord,
  RollbackAccepted,
  SliceView,
} from "../../protocol/api.ts";
import type { CorrectedFields, CorrectionAccepted } from "../../protocol/correction.ts";
import type { Deployment } from "../../protocol/deployment.ts";
import type { SeriesPage } from "../../protocol/history.ts";
import type {
  IntegrationList,
  IntegrationRefresh,
  IntegrationTestRequest,
  IntegrationTestResult,
  RoutingUpdate,
} from "../../protocol/integration-api.ts";
import type { ClarificationAnswers } from "../../protocol/intent.ts";
import type { Routing } from "../../protocol/llm.ts";
import type { MonitorState } from "../../protocol/monitor.ts";
import type { OperationsPolicy } from "../../protocol/policy.ts";
import type { SiteTaskView } from "../../protocol/site.ts";
import type {
  AlertFilter,
  Api,
  DecideAction,
  DeploymentFilter,
  IntentFilter,
  NewIntent,
  SiteSeriesFilter,
  SliceChange,
  SliceScale,
  SliceSeriesFilter,
} from "../api.ts";
import { afterFor, OLDER_PAGE, type OlderPage, olderPage } from "../state/activity.ts";
import type { FeedAction } from "../state/feed.ts";
import { type Failure, failureOf } from "../state/problem.ts";
import { STALE_TAGS, type StaleTag } from "../state/stale.ts";
import type { Extra } from "./store.ts";

const PAGE = 100; // rows of a list at a time

interface Context {
  extra: unknown;
}

type Answer<T> = { data: T } | { error: Failure };

/** One call of the API as RTK Query wants it: an answer or a plain failure, never an exception. */
async function ask<T>({ extra }: Context, call: (api: Api) => Promise<T>): Promise<Answer<T>> {
  try {
    return { data: await call((extra as Extra).api) }; // the store is made with an Extra, see createAppStore
  } catch (error) {
    return { error: failureOf(error) };
  }
}

/** A command: whatever came of it, the intent it was about is read again. */
async function command<T>(context: Context, intentId: string, call: (api: Api) => Promise<T>): Promise<Answer<T>> {
  const answer = await ask(context, call);
  (context.extra as Extra).touch(intentId);
  return answer;
}

/** The beginning of a range that ends now. Made when it is asked for, so that the same chart has the same key in the cache. */
function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

export interface WithKey {
  key: string; // Idempotency-Key: the same try again carries the same one
}

/** A page of a list: the ids in order; the things themselves are in the feed's tables, where live events keep them current. */
export interface IdPage {
  ids: string[];
  nextCursor: string | null;
}

/** The same of deployments, with them as they were loaded: of those that are over the feed keeps only the newest. */
export interface DeploymentIdPage extends IdPage {
  deployments: Deployment[];
}

/** Read at the moment of asking: the answer is at least as new. */
interface Position {
  getState(): unknown;
  dispatch(action: { type: "feed/apply"; payload: FeedAction }): unknown;
}

function lastSeq({ getState }: Position): number {
  return (getState() as { feed: { lastSeq: number } }).feed.lastSeq;
}

const MANY_PAGES = 20; // an intent of 50 sites has one or two

/** Page by page to the end: many sites have more events than a page holds. */
async function allEvents(api: Api, id: string): Promise<EventPage> {
  const all = await api.intentEvents(id, 0);
  let page = all;
  for (let pages = 1; page.events.length > 0 && pages < MANY_PAGES; pages += 1) {
    page = await api.intentEvents(id, page.events.at(-1)?.seq ?? page.head);
    all.events.push(...page.events);
  }
  return all;
}

export const server = createApi({
  reducerPath: "server",
  baseQuery: fakeBaseQuery<Failure>(),
  tagTypes: [...STALE_TAGS, "Lists", "Routing"],
  keepUnusedDataFor: 120,
  endpoints: (build) => ({
    intents: build.infiniteQuery<IdPage, IntentFilter, string | undefined>({
      infiniteQueryOptions: { initialPageParam: undefined, getNextPageParam: (last) => last.nextCursor ?? undefined },
      async queryFn({ queryArg, pageParam }, context) {
        const asOf = lastSeq(context);
        const answer = await ask(context, (api) => api.intents({ limit: PAGE, ...queryArg, cursor: pageParam }));
        if ("error" in answer) return answer;
        const { intents, nextCursor } = answer.data;
        context.dispatch({ type: "feed/apply", payload: { type: "summaries", asOf, intents } });
        return { data: { ids: intents.map((intent) => intent.intentId), nextCursor } };
      },
      providesTags: ["Lists"],
    }),
    /** For another try of it: lists know summaries only. Never from the cache. */
    intentInFull: build.query<IntentRecord, string>({
      queryFn: (id, context) => ask(context, (api) => api.intent(id)),
      keepUnusedDataFor: 0,
    }),
    deployments: build.infiniteQuery<DeploymentIdPage, DeploymentFilter, string | undefined>({
      infiniteQueryOptions: { initialPageParam: undefined, getNextPageParam: (last) => last.nextCursor ?? undefined },
      async queryFn({ queryArg, pageParam }, context) {
        const asOf = lastSeq(context);
        const answer = await ask(context, (api) => api.deployments({ limit: PAGE, ...queryArg, cursor: pageParam }));
        if ("error" in answer) return answer;
        const { deployments, nextCursor } = answer.data;
        context.dispatch({ type: "feed/apply", payload: { type: "deployments", asOf, deployments } });
        return { data: { ids: deployments.map((deployment) => deployment.deploymentId), deployments, nextCursor } };
      },
      // The history of one slice is short, and what one deployment does changes the others of it.
      providesTags: (_page, _error, { slice }) => (slice === undefined ? [] : ["Slices"]),
    }),
    /** Puts one deployment into the feed's table; the answer is its id. */
    deployment: build.query<string, string>({
      async queryFn(id, context) {
        const asOf = lastSeq(context);
        const answer = await ask(context, (api) => api.deployment(id));
        if ("error" in answer) return answer;
        context.dispatch({ type: "feed/apply", payload: { type: "deployments", asOf, deployments: [answer.data] } });
        return { data: id };
      },
      providesTags: ["Slices"],
    }),
    deploymentDiff: build.query<DeploymentDiff, string>({ queryFn: (id, context) => ask(context, (api) => api.deploymentDiff(id)) }),
    /** Events that are older than the number, page by page backwards. */
    events: build.infiniteQuery<OlderPage, number, number | null>({
      infiniteQueryOptions: { initialPageParam: null, getNextPageParam: ({ next }) => next },
      queryFn: ({ queryArg, pageParam }, context) =>
        ask(context, async (api) => {
          const before = pageParam ?? queryArg;
          const { events } = await api.events(afterFor(before), OLDER_PAGE);
          const none = events.every(({ seq }) => seq >= before);
          return olderPage(before, events, none ? ((await api.events(0, 1)).events[0]?.seq ?? null) : null);
        }),
      keepUnusedDataFor: 0,
    }),
    intentEvents: build.query<EventPage, string>({
      queryFn: (id, context) => ask(context, (api) => allEvents(api, id)),
      keepUnusedDataFor: 5,
    }),
    slices: build.query<SliceView[], void>({
      queryFn: (_none, context) => ask(context, async (api) => (await api.slices()).slices),
      providesTags: ["Slices"],
    }),
    sliceSeries: build.query<SeriesPage, { name: string; lastMs: number; filter: SliceSeriesFilter }>({
      queryFn: ({ name, lastMs, filter }, context) => ask(context, (api) => api.sliceSeries(name, { ...filter, from: ago(lastMs) })),
    }),
    siteSeries: build.query<SeriesPage, { id: string; lastMs: number; filter: SiteSeriesFilter }>({
      queryFn: ({ id, lastMs, filter }, context) => ask(context, (api) => api.siteSeries(id, { ...filter, from: ago(lastMs) })),
    }),
    /** Latency and downlink of several slices, for figures over all of them: a page per slice and metric. */
    recentSeries: build.query<SeriesPage[], { slices: readonly string[]; lastMs: number; points: number }>({
      queryFn: ({ slices, lastMs, points }, context) =>
        ask(context, (api) => {
          const wanted = slices.flatMap((name) => (["latencyP95", "throughputMin"] as const).map((metric) => ({ name, metric })));
          return Promise.all(wanted.map(({ name, metric }) => api.sliceSeries(name, { metric, points, from: ago(lastMs) })));
        }),
    }),
    siteTasks: build.query<SiteTaskView[], string>({
      queryFn: (id, context) => ask(context, async (api) => (await api.siteTasks(id)).tasks),
      providesTags: ["SiteTasks"],
    }),
    metrics: build.query<MonitorState, void>({
      queryFn: (_none, context) => ask(context, (api) => api.metrics()),
      providesTags: ["Metrics"],
    }),
    policy: build.query<OperationsPolicy, void>({ queryFn: (_none, context) => ask(context, (api) => api.policy()), keepUnusedDataFor: 0 }),
    alerts: build.query<AlertPage, AlertFilter>({
      queryFn: (filter, context) => ask(context, (api) => api.alerts(filter)),
      providesTags: ["Alerts"],
    }),
    alertPages: build.infiniteQuery<AlertPage, AlertFilter, string | undefined>({
      infiniteQueryOptions: { initialPageParam: undefined, getNextPageParam: (last) => last.nextCursor ?? undefined },
      queryFn: ({ queryArg, pageParam }, context) => ask(context, (api) => api.alerts({ ...queryArg, cursor: pageParam })),
      providesTags: ["Alerts"],
    }),
    alert: build.query<Alert, string>({ queryFn: (id, context) => ask(context, (api) => api.alert(id)), providesTags: ["Alerts"] }),
    integrations: build.query<IntegrationList, void>({
      queryFn: (_none, context) => ask(context, (api) => api.integrations()),
      providesTags: ["Integrations"],
    }),
    routing: build.query<Routing, void>({ queryFn: (_none, context) => ask(context, (api) => api.routing()), providesTags: ["Routing"] }),

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
    testIntegration: build.mutation<IntegrationTestResult, IntegrationTestRequest>({
      queryFn: (body, context) => ask(context, (api) => api.testIntegration(body)),
      invalidatesTags: ["Integrations"],
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
export function invalidate(tags: readonly (StaleTag | "Lists")[]) {
  return server.util.invalidateTags([...tags]);
}
