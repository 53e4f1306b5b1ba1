// What pages ask the server for, over the public API: web/api.ts talks, this caches, and the live feed says what is stale. No commands (server.ts).
import { createApi, fakeBaseQuery } from "@reduxjs/toolkit/query/react";
import type { Alert, AlertPage } from "../../protocol/alert.ts";
import type { DeploymentDiff, EventPage, IntentRecord, SliceView } from "../../protocol/api.ts";
import type { Deployment } from "../../protocol/deployment.ts";
import type { SeriesPage } from "../../protocol/history.ts";
import type { IntegrationList } from "../../protocol/integration-api.ts";
import type { Routing } from "../../protocol/llm.ts";
import type { MonitorState } from "../../protocol/monitor.ts";
import type { OperationsPolicy } from "../../protocol/policy.ts";
import type { SiteTaskView } from "../../protocol/site.ts";
import type { AlertFilter, Api, DeploymentFilter, IntentFilter, SiteSeriesFilter, SliceSeriesFilter } from "../api.ts";
import { afterFor, OLDER_PAGE, type OlderPage, olderPage } from "../state/activity.ts";
import type { FeedAction } from "../state/feed.ts";
import type { Failure } from "../state/problem.ts";
import { STALE_TAGS } from "../state/stale.ts";
import { waitingStatusOf } from "../state/waiting.ts";
import { ask } from "./ask.ts";

const PAGE = 100; // rows of a list at a time

/** The beginning of a range that ends now. Made when it is asked for, so that the same chart has the same key in the cache. */
function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

/** A page of a list: the ids in order; the things themselves are in the feed's tables, where live events keep them current. */
export interface IdPage {
  ids: string[];
  generation: number; // of the feed's tables when it was asked for: later ones do not have its rows
  nextCursor: string | null;
}

/** The same of deployments, with them as they were loaded: of those that are over the feed keeps only the newest. */
export interface DeploymentIdPage {
  ids: string[];
  nextCursor: string | null;
  deployments: Deployment[];
}

/** Read at the moment of asking: the answer is at least as new. */
interface Position {
  getState(): unknown;
  dispatch(action: { type: "feed/apply"; payload: FeedAction }): unknown;
}

function feedOf({ getState }: Position): { lastSeq: number; generation: number } {
  return (getState() as { feed: { lastSeq: number; generation: number } }).feed;
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

/** What is asked for anew is its first page, and the rest as one scrolls: the pages of before may not meet it. */
const BY_CURSOR = {
  initialPageParam: undefined,
  getNextPageParam: ({ nextCursor }: { nextCursor: string | null }) => nextCursor ?? undefined,
  refetchCachedPages: false,
};

export const queries = createApi({
  reducerPath: "server",
  baseQuery: fakeBaseQuery<Failure>(),
  tagTypes: [...STALE_TAGS, "Lists", "IntentEvents", "Routing"],
  keepUnusedDataFor: 120,
  endpoints: (build) => ({
    intents: build.infiniteQuery<IdPage, IntentFilter, string | undefined>({
      infiniteQueryOptions: BY_CURSOR,
      async queryFn({ queryArg, pageParam }, context) {
        const { lastSeq: asOf, generation } = feedOf(context);
        const answer = await ask(context, (api) => api.intents({ limit: PAGE, ...queryArg, cursor: pageParam }));
        if ("error" in answer) return answer;
        const { intents, nextCursor } = answer.data;
        context.dispatch({ type: "feed/apply", payload: { type: "summaries", asOf, intents } });
        return { data: { ids: intents.map((intent) => intent.intentId), generation, nextCursor } };
      },
      providesTags: (_page, _error, { status }) => (waitingStatusOf(status) === undefined ? ["Lists"] : ["Lists", "Waiting"]),
    }),
    /** For another try of it: lists know summaries only. Never from the cache. */
    intentInFull: build.query<IntentRecord, string>({
      queryFn: (id, context) => ask(context, (api) => api.intent(id)),
      keepUnusedDataFor: 0,
    }),
    deployments: build.infiniteQuery<DeploymentIdPage, DeploymentFilter, string | undefined>({
      infiniteQueryOptions: BY_CURSOR,
      async queryFn({ queryArg, pageParam }, context) {
        const { lastSeq: asOf } = feedOf(context);
        const answer = await ask(context, (api) => api.deployments({ limit: PAGE, ...queryArg, cursor: pageParam }));
        if ("error" in answer) return answer;
        const { deployments, nextCursor } = answer.data;
        context.dispatch({ type: "feed/apply", payload: { type: "deployments", asOf, deployments } });
        return { data: { ids: deployments.map((deployment) => deployment.deploymentId), deployments, nextCursor } };
      },
      // The history of one slice is short, and what one deployment does changes the others of it.
      providesTags: (_page, _error, { slice }) => (slice === undefined ? ["Lists"] : ["Lists", "Slices"]),
    }),
    /** Puts one deployment into the feed's table; the answer is its id. */
    deployment: build.query<string, string>({
      async queryFn(id, context) {
        const { lastSeq: asOf } = feedOf(context);
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
      providesTags: ["IntentEvents"],
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
  }),
});
