// The feed's loop: loads, subscribes, fills gaps, notices silence, keeps what is shown complete. It owns no socket and renders nothing.
import type { Health } from "../protocol/api.ts";
import { type DownMessage, isTerminalClose, PING_INTERVAL_MS } from "../protocol/room.ts";
import { type Api, ApiError, askedWaitMs } from "./api.ts";
import { loadSnapshot, refreshOutdated } from "./feed-loads.ts";
import { type FeedAction, isBehind, reduceFeed } from "./state/feed.ts";
import { type Link, OFFLINE_LINK, SILENCE_LIMIT_MS } from "./state/freshness.ts";
import { EMPTY_FEED, type FeedState } from "./state/model.ts";
import { hasOutdatedLists, idsToFetch } from "./state/shown.ts";
import { createStore, type Store } from "./state/store.ts";
import { newTask, runWhenDue, type Task } from "./state/task.ts";

const PULSE_MS = 1_000; // the one clock of the feed; everything below is checked on it
const SOON_MS = 20; // lets the events of one burst arrive together
const BEACON_MS = 30_000; // asks REST for the head although the socket is well: a lost frame must not stay lost
const POLL_MS = 5_000; // the same while there is no socket
const REFRESH_GAP_MS = 300; // between two rounds of fetching what events left open
const HEALTH_MS = 15_000;
const REFILL_MS = 500; // between two asks for an event that the server does not have yet
const DOUBT_MS = 5_000; // what a doubted socket has to answer a ping
const FILL_PAGE = 500;

export interface RoomHandlers {
  onOpen(): void;
  onPong(): void;
  onMessage(message: DownMessage): void;
  onClose(code: number, reason: string): void;
}

export interface RoomSocket {
  isOpen(): boolean;
  subscribe(since: number): void;
  ping(): void;
  reconnect(): void;
  hurry(): void; // cuts short the wait before the next try
  close(): void;
}

export interface FeedDeps {
  api: Api;
  now(): number;
  random(): number;
  connect(handlers: RoomHandlers): RoomSocket;
}

export interface Live {
  link: Link;
  health: Health | null;
  problem: Error | null; // why the last load failed
}

export interface Feed {
  state: Store<FeedState, FeedAction>;
  live: Store<Live, Partial<Live>>;
  startedAt: number;
  /** How many pipelines are on the page: only those are fetched in full. */
  show(count: number): void;
  /** A command was given: what it changed is read again, event or not. */
  touch(intentId: string): void;
  /** Something else says that the network is gone: the socket has a moment to prove that it is not. */
  doubt(): void;
  /** Tries everything again at once: after "stopped", after sleep, when back online. */
  nudge(): void;
  stop(): void;
}

export function startFeed({ api, now, random, connect }: FeedDeps): Feed {
  const state = createStore(reduceFeed, EMPTY_FEED);
  const initial: Live = { link: OFFLINE_LINK, health: null, problem: null };
  const live = createStore((before: Live, patch: Partial<Live>): Live => ({ ...before, ...patch }), initial);
  const tasks = { load: newTask(), fill: newTask(), refresh: newTask(), health: newTask() };
  let needsLoad = true;
  let shown = 0;
  let stopped = false;
  let pingedAt = 0;
  let doubtedAt: number | null = null;
  let askedSince: number | null = null; // the `since` of the subscription that has no answer yet
  let soon: ReturnType<typeof setTimeout> | undefined;

  const isSubscribed = () => live.getState().link.subscribed;
  const isCurrent = () => state.getState().loaded && !needsLoad && !isBehind(state.getState());

  function setLink(patch: Partial<Link>): void {
    live.dispatch({ link: { ...live.getState().link, ...patch } });
  }

  function heard(): void {
    doubtedAt = null;
    setLink({ heardAt: now(), ...(isSubscribed() && isCurrent() ? { syncedAt: now() } : {}) });
  }

  function apply(action: FeedAction): void {
    if (stopped) return;
    state.dispatch(action);
    pulseSoon(SOON_MS);
  }

  async function load(): Promise<void> {
    const startedAt = now();
    const snapshot = await loadSnapshot(api);
    needsLoad = false;
    apply({ type: "snapshot", snapshot });
    live.dispatch({ problem: null });
    if (isCurrent()) setLink({ syncedAt: startedAt });
    subscribe();
  }

  async function fill(): Promise<void> {
    const startedAt = now();
    const after = state.getState().lastSeq;
    const page = await api.events(after, FILL_PAGE);
    if (page.head < after)
      needsLoad = true; // another history: the installation began anew
    else apply({ type: "filled", after, page });
    if (isCurrent()) setLink({ syncedAt: startedAt });
  }

  async function look(): Promise<void> {
    const asOf = state.getState().lastSeq;
    const [health, agents] = await Promise.all([api.health().catch(() => null), api.agents()]);
    live.dispatch({ health });
    apply({ type: "agents", asOf, agents: agents.agents });
    apply({ type: "recheck", intentId: "unsettled" });
  }

  function subscribe(): void {
    if (stopped || needsLoad || askedSince !== null || isSubscribed() || !socket.isOpen()) return;
    askedSince = state.getState().lastSeq;
    socket.subscribe(askedSince);
  }

  function onMessage(message: DownMessage): void {
    if (message.type === "events") apply({ type: "events", events: message.events });
    if (message.type === "subscribed" && askedSince !== null) {
      if (message.recovered) apply({ type: "filled", after: askedSince, page: message });
      else needsLoad = true;
      apply({ type: "head", head: message.head });
      askedSince = null;
      setLink({ subscribed: true });
    }
    heard();
  }

  function onClose(code: number, reason: string): void {
    askedSince = null;
    doubtedAt = null;
    const { heardAt, lostAt } = live.getState().link;
    const spoke = isSubscribed() && heardAt !== null && now() - heardAt <= PING_INTERVAL_MS + DOUBT_MS;
    setLink({ subscribed: false, lostAt: spoke ? now() : lostAt, ...(isTerminalClose(code) ? { stopped: refusal(code, reason) } : {}) });
    pulseSoon(SOON_MS);
  }

  function onOpen(): void {
    pingedAt = now();
    setLink({ subscribed: false, heardAt: now() });
    subscribe();
  }

  function keepAlive(): void {
    if (!socket.isOpen()) return;
    const { heardAt } = live.getState().link;
    const since = (instant: number | null) => (instant === null ? 0 : now() - instant);
    if (since(heardAt) > SILENCE_LIMIT_MS || since(doubtedAt) > DOUBT_MS) socket.reconnect();
    else if (since(pingedAt) >= PING_INTERVAL_MS) ping();
  }

  function ping(): void {
    pingedAt = now();
    socket.ping();
  }

  function doubt(): void {
    if (doubtedAt !== null || !socket.isOpen()) return;
    doubtedAt = now();
    ping();
  }

  function pulse(): void {
    if (stopped) return;
    keepAlive();
    if (needsLoad) run(tasks.load, 0, load);
    const known = state.getState();
    if (!known.loaded) return;
    if (isBehind(known) && tasks.fill.failures === 0)
      tasks.fill.dueAt = Math.min(tasks.fill.dueAt, now() + known.fruitlessFills * REFILL_MS);
    run(tasks.fill, isSubscribed() ? BEACON_MS : POLL_MS, fill);
    const open = hasOutdatedLists(known) || idsToFetch(known, shown).length > 0;
    if (open) run(tasks.refresh, REFRESH_GAP_MS, () => refreshOutdated(api, state.getState(), shown, apply));
    run(tasks.health, HEALTH_MS, look);
  }

  function run(task: Task, everyMs: number, work: () => Promise<void>): void {
    const wait = task.dueAt - now();
    if (wait > 0) {
      if (wait < PULSE_MS) pulseSoon(wait);
      return;
    }
    void runWhenDue(task, { now, random, everyMs, work, asked: askedWaitMs }).then((error) => {
      if (error instanceof Error && task === tasks.load) live.dispatch({ problem: error });
      if (error instanceof ApiError && error.failure.code === "NETWORK") doubt();
    });
  }

  function pulseSoon(wait: number): void {
    if (soon !== undefined || stopped) return;
    soon = setTimeout(() => {
      soon = undefined;
      pulse();
    }, wait);
  }

  const socket = connect({ onOpen, onPong: heard, onMessage, onClose });
  const clock = setInterval(pulse, PULSE_MS);
  pulse();

  return {
    state,
    live,
    startedAt: now(),
    show(count) {
      shown = count;
      pulseSoon(SOON_MS);
    },
    doubt,
    touch: (intentId) => apply({ type: "recheck", intentId }),
    nudge() {
      for (const task of Object.values(tasks)) task.dueAt = 0;
      doubt();
      socket.hurry();
      if (live.getState().link.stopped !== null) {
        setLink({ stopped: null });
        socket.reconnect();
      }
      pulse();
    },
    stop() {
      stopped = true;
      clearInterval(clock);
      clearTimeout(soon);
      socket.close();
    },
  };
}

function refusal(code: number, reason: string): string {
  return `The live connection was refused (${reason === "" ? code : reason}). Try again, or sign in anew.`;
}
