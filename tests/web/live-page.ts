// A page's feed at the far end of far-end.ts, with the test's clock. Files that use it call `useLivePages()` once.
import { afterEach, beforeEach, expect, vi } from "vitest";
import type { EventType } from "../../protocol/event.ts";
import { EMPTY_LIVE, type Feed, type FeedDeps, type Live, startFeed } from "../../web/feed.ts";
import { type FeedAction, reduceFeed } from "../../web/state/feed.ts";
import { freshness } from "../../web/state/freshness.ts";
import { EMPTY_FEED, type FeedState } from "../../web/state/model.ts";
import type { Store } from "../../web/state/store.ts";
import { connectRoom } from "../../web/use-feed.ts";
import { FakeSocket, type FarEnd } from "./far-end.ts";
import type { ModelServer } from "./model-server.ts";
import { type EventOf, intentId } from "./sample.ts";

export interface Page extends Feed {
  state: Store<FeedState, FeedAction>;
  live: Store<Live, Partial<Live>>;
}

/** The smallest store there is, in the place of the page's. */
function createStore<S, A>(reduce: (state: S, action: A) => S, initial: S): Store<S, A> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    getState: () => state,
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

type Told = Pick<FeedDeps, "onEvents" | "onReplaced" | "onLogs">;

let feed: Feed | undefined;

export function useLivePages(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse("2026-11-20T03:00:00Z") });
    FakeSocket.opened = [];
  });
  afterEach(() => {
    feed?.stop();
    vi.useRealTimers();
  });
}

/** It looks at the first intent, which need not exist yet. */
export function start(end: FarEnd, told: Told = {}): Page {
  const room = {
    host: "here:1",
    secure: false,
    random: () => 1,
    ticket: async () => (await end.api.ticket()).ticket,
    WebSocket: FakeSocket as unknown as typeof WebSocket, // a stand-in cannot be the browser's class
  };
  const state = createStore(reduceFeed, EMPTY_FEED);
  const live = createStore((before: Live, patch: Partial<Live>): Live => ({ ...before, ...patch }), EMPTY_LIVE);
  feed = startFeed({
    api: end.api,
    now: Date.now,
    random: () => 1,
    connect: (handlers) => connectRoom(room, handlers),
    state,
    live,
    ...told,
  });
  feed.watch(intentId(1));
  return { ...feed, state, live };
}

export const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** The clock goes on and no timer fires, as in a tab that is asleep. */
export const sleep = (ms: number) => vi.setSystemTime(Date.now() + ms);

export const newest = () => FakeSocket.opened.at(-1) ?? expect.unreachable("no socket was opened");

export const freshnessOf = (page: Page) =>
  freshness(page.live.getState().link, page.state.getState(), { now: Date.now(), startedAt: page.startedAt });

export const stateOf = (page: Page) => freshnessOf(page).state;

/** Until the page tries another socket; the longest wait between two tries is 15 s. */
export async function untilTriedAgain(): Promise<void> {
  const before = FakeSocket.opened.length;
  for (let ms = 0; FakeSocket.opened.length === before && ms < 16_000; ms += 100) await pass(100);
  expect(FakeSocket.opened.length).toBe(before + 1);
}

/** The newest socket is accepted and its subscription answered: from here on the room speaks. */
export async function accept(server: ModelServer, missed: ReturnType<ModelServer["events"]>["events"] = []): Promise<void> {
  newest().accept();
  newest().say({ type: "subscribed", recovered: true, head: server.head(), events: missed });
  await pass(50);
}

export async function connect(server: ModelServer, end: FarEnd, told: Told = {}): Promise<Page> {
  const page = start(end, told);
  await pass(50);
  await accept(server);
  return page;
}

export function push(server: ModelServer, ...what: EventOf<EventType>[]): void {
  newest().say({ type: "events", events: what.map((one) => server.emit(one, 0)) });
}
