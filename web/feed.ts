// The feed's loop: loads, subscribes, fills gaps, notices silence, keeps what is looked at complete. It owns no socket and renders nothing.
import type { Health } from "../protocol/api.ts";
import type { DurableEvent } from "../protocol/event.ts";
import type { LogLine } from "../protocol/log.ts";
import type { DownMessage } from "../protocol/room.ts";
import { ApiError, askedWaitMs, isUnauthenticated } from "./api.ts";
import { createInbox } from "./feed-inbox.ts";
import { keepLink } from "./feed-link.ts";
import { createRefresher, type FeedApi, loadSnapshot } from "./feed-loads.ts";
import { createSubscription } from "./feed-subscription.ts";
import { createWatches } from "./feed-watches.ts";
import { type FeedAction, isBehind } from "./state/feed.ts";
import { type Link, OFFLINE_LINK } from "./state/freshness.ts";
import { since } from "./state/log.ts";
import { type Measured, withMeasured } from "./state/measured.ts";
import type { FeedState } from "./state/model.ts";
import { hasOutdatedRows, idsToFetch } from "./state/shown.ts";
import type { Store } from "./state/store.ts";
import { newTask, runWhenDue, type Task } from "./state/task.ts";
import type { RoomHandlers, RoomSocket } from "./use-feed.ts";

const PULSE_MS = 1_000; // the one clock of the feed; everything below is checked on it
const SOON_MS = 20; // lets the events of one burst arrive together
const BEACON_MS = 30_000; // asks REST for the head although the socket is well: a lost frame must not stay lost
const POLL_MS = 5_000; // the same while there is no socket
const REFRESH_GAP_MS = 300; // between two rounds of fetching what events left open
const LOAD_GAP_MS = 500; // between two loads of everything
const HEALTH_MS = 15_000;
const REFILL_MS = 500; // between two asks for an event that the server does not have yet
const FILL_PAGE = 1_000; // the most that the server gives at once
const FAR_BEHIND = 5 * FILL_PAGE; // beyond this a new load is less than what was missed

export interface FeedDeps {
  api: FeedApi;
  now(): number;
  random(): number;
  connect(handlers: RoomHandlers): RoomSocket;
  state: Store<FeedState, FeedAction>;
  live: Store<Live, Partial<Live>>;
  /** Events that were applied just now, in order; each is told once. Not those that a load of everything made needless. */
  onEvents?(events: readonly DurableEvent[]): void;
  /** Everything was replaced by a new load, because too much was missed: what was asked for apart from the feed may be stale. */
  onReplaced?(): void;
  /** Lines of the agents' logs, while somebody looks at one. */
  onLogs?(lines: readonly LogLine[]): void;
}

export interface Live {
  link: Link;
  health: Health | null;
  problem: Error | null; // why the last load failed
  measured: Measured;
}

export const EMPTY_LIVE: Live = { link: OFFLINE_LINK, health: null, problem: null, measured: {} };

export interface Feed {
  startedAt: number;
  /** Keeps the intent complete, known or not, until it is released. What the server does not know ends in `gone` of the state. */
  watch(intentId: string): () => void;
  /** Log lines are told until it is released. */
  tailLogs(): () => void;
  /** A command was given: what it changed is read again, event or not. */
  touch(intentId: string): void;
  /** Something else says that the network is gone: the socket has a moment to prove that it is not. */
  doubt(): void;
  /** Tries everything again at once: after "stopped", after sleep, when back online. */
  nudge(): void;
  stop(): void;
}

export function startFeed(deps: FeedDeps): Feed {
  const { api, now, random, connect, state, live } = deps;
  const startedAt = now();
  const tasks = { load: newTask(), fill: newTask(), refresh: newTask(), health: newTask() };
  const touched = new Set<string>(); // since the last refresh was begun: what it reads may be older than the command
  let needsLoad = true;
  let stopped = false;
  let soon: ReturnType<typeof setTimeout> | undefined;

  const lastSeq = () => state.getState().lastSeq;
  const isCurrent = () => state.getState().loaded && !needsLoad && !isBehind(state.getState());
  const inbox = createInbox({ now, lastSeq, take: (events) => apply({ type: "events", events }) });
  const link = keepLink({ now, socket: () => socket, isCurrent, tell: (link) => live.dispatch({ link }) });
  const subscription = createSubscription({ link, socket: () => socket, lastSeq, mayAsk: () => !stopped && !needsLoad });
  const refreshOutdated = createRefresher({ api, now, state: state.getState, apply });
  const watches = createWatches((intentIds) => apply({ type: "watched", intentIds }));

  function apply(action: FeedAction): void {
    if (stopped) return;
    if (action.type !== "events") inbox.flush();
    const before = state.getState();
    state.dispatch(action);
    const after = state.getState();
    if (after.generation !== before.generation) deps.onReplaced?.();
    else if (before.loaded && after.lastSeq > before.lastSeq) deps.onEvents?.(since(after.log, before.lastSeq));
    if (action.type === "filled" || action.type === "snapshot") inbox.release();
    pulseSoon(SOON_MS);
  }

  async function load(): Promise<void> {
    const startedAt = now();
    const snapshot = await loadSnapshot(api);
    needsLoad = false;
    apply({ type: "snapshot", snapshot });
    live.dispatch({ problem: null });
    if (isCurrent()) link.set({ syncedAt: startedAt });
    subscription.ask();
  }

  async function fill(): Promise<void> {
    const startedAt = now();
    const after = state.getState().lastSeq;
    const page = await api.events(after, FILL_PAGE);
    // Another history, as the installation began anew; or too much to catch up with.
    if (page.head < after || page.head - after > FAR_BEHIND) needsLoad = true;
    else apply({ type: "filled", after, page });
    if (isCurrent()) link.set({ syncedAt: startedAt });
  }

  async function refresh(): Promise<void> {
    touched.clear();
    await refreshOutdated().finally(() => {
      for (const intentId of touched) apply({ type: "recheck", intentId });
    });
  }

  async function look(): Promise<void> {
    const asOf = state.getState().lastSeq;
    // Told whatever becomes of the rest: without an answer it is unknown, and no longer what it was.
    const told = api.health().catch(() => null);
    const health = told.then((health) => (stopped ? undefined : live.dispatch({ health })));
    const [{ agents }] = await Promise.all([api.agents(), health]);
    if (stopped) return;
    apply({ type: "agents", asOf, agents });
    apply({ type: "recheck", intentId: "unsettled" });
  }

  function onSubscribed(message: Extract<DownMessage, { type: "subscribed" }>): void {
    const after = subscription.answered();
    if (after === null) return;
    if (message.recovered) apply({ type: "filled", after, page: message });
    else needsLoad = true;
    apply({ type: "head", head: message.head });
    link.set({ subscribed: true });
    subscription.ask(); // what is looked at may have changed meanwhile
  }

  function onMessage(message: DownMessage): void {
    if (stopped) return;
    if (link.awoke(false)) tasks.fill.dueAt = 0;
    if (message.type === "events") inbox.put(message.events);
    if (message.type === "subscribed") onSubscribed(message);
    if (message.type === "metrics") live.dispatch({ measured: withMeasured(live.getState().measured, message.measured, now()) });
    if (message.type === "logs") deps.onLogs?.(message.lines);
    link.heard();
  }

  function onClose(code: number, reason: string): void {
    if (stopped) return;
    subscription.answered(); // it will not be any more
    link.onClose(code, reason);
    tasks.fill.dueAt = Math.min(tasks.fill.dueAt, now() + POLL_MS);
    pulseSoon(SOON_MS);
  }

  function onOpen(): void {
    link.onOpen();
    subscription.ask();
  }

  function pulse(): void {
    if (stopped) return;
    if (link.awoke(true)) tasks.fill.dueAt = 0;
    link.keepAlive();
    if (needsLoad) run(tasks.load, LOAD_GAP_MS, load);
    const known = state.getState();
    if (!known.loaded) return;
    if (isBehind(known) && tasks.fill.failures === 0)
      tasks.fill.dueAt = Math.min(tasks.fill.dueAt, now() + known.fruitlessFills * REFILL_MS);
    if (!needsLoad) run(tasks.fill, link.get().subscribed ? BEACON_MS : POLL_MS, fill);
    if (hasOutdatedRows(known) || idsToFetch(known).length > 0) run(tasks.refresh, REFRESH_GAP_MS, refresh);
    run(tasks.health, HEALTH_MS, look);
  }

  function run(task: Task, everyMs: number, work: () => Promise<void>): void {
    const wait = task.dueAt - now();
    if (wait > 0) {
      if (wait < PULSE_MS) pulseSoon(wait);
      return;
    }
    void runWhenDue(task, { now, random, everyMs, work, asked: askedWaitMs }).then((error) => {
      if (isUnauthenticated(error)) return signOut();
      if (error instanceof Error && task === tasks.load && !stopped) live.dispatch({ problem: error });
      if (error instanceof ApiError && error.failure.code === "NETWORK") link.doubt();
    });
  }

  function pulseSoon(wait: number): void {
    if (soon !== undefined || stopped) return;
    soon = setTimeout(() => {
      soon = undefined;
      pulse();
    }, wait);
  }

  /** The token is not accepted any more; the API has told so. Whatever is asked now would only be refused again. */
  function signOut(): void {
    if (stopped) return;
    link.set({ subscribed: false, stopped: "Your sign-in is no longer valid. Sign in again." });
    stop();
  }

  function stop(): void {
    stopped = true;
    clearInterval(clock);
    clearTimeout(soon);
    inbox.stop();
    socket.close();
  }

  const onTicketFailed = (error: unknown) => (isUnauthenticated(error) ? signOut() : undefined);
  const socket = connect({ onOpen, onPong: link.onPong, onMessage, onClose, onTicketFailed });
  const clock = setInterval(pulse, PULSE_MS);
  pulse();

  return {
    startedAt,
    watch: watches.watch,
    tailLogs: subscription.tailLogs,
    doubt: link.doubt,
    touch(intentId) {
      touched.add(intentId);
      apply({ type: "recheck", intentId });
    },
    nudge() {
      if (stopped) return;
      for (const task of Object.values(tasks)) task.dueAt = 0;
      const refused = link.get().stopped !== null;
      if (refused) link.set({ stopped: null });
      if (refused || link.isSilent()) socket.reconnect();
      else link.doubt();
      socket.hurry();
      pulse();
    },
    stop,
  };
}
