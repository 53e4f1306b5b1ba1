// What is known of the connection: when it last spoke, whether that still counts, and when it has to be made anew. It decides nothing about data.
import { isTerminalClose, PING_INTERVAL_MS } from "../protocol/room.ts";
import { type Link, OFFLINE_LINK, SILENCE_LIMIT_MS } from "./state/freshness.ts";

const DOUBT_MS = 5_000; // what a doubted socket has to answer a ping
const SLEEP_MS = 10_000; // a clock that ticks each second and was away for this long was asleep
const TELL_MS = 250; // between two notes that nothing but "heard again" has happened

export interface LinkSocket {
  isOpen(): boolean;
  ping(): void;
  reconnect(): void;
}

export interface LinkDeps {
  now(): number;
  socket(): LinkSocket;
  isCurrent(): boolean; // nothing is known to be missing
  tell(link: Link): void;
}

export function keepLink({ now, socket, isCurrent, tell }: LinkDeps) {
  let link = OFFLINE_LINK;
  let told = OFFLINE_LINK;
  let toldAt = Number.NEGATIVE_INFINITY;
  let beatAt = now();
  let wokeAt = Number.NEGATIVE_INFINITY;
  let pingedAt = 0;
  let unanswered = 0; // pings of this socket
  let doubtedAt: number | null = null;

  function set(patch: Partial<Link>): void {
    link = { ...link, ...patch };
    publish(patch.heardAt === undefined && patch.syncedAt === undefined);
  }

  /** That it spoke again is told now and then; everything else at once. */
  function publish(atOnce: boolean): void {
    if (link === told || (!atOnce && now() - toldAt < TELL_MS)) return;
    told = link;
    toldAt = now();
    tell(link);
  }

  /** While the socket is doubted nothing it says counts: frames may have waited in a sleeping tab. Only the answer to a ping is a proof. */
  function heard(): void {
    if (doubtedAt === null) set({ heardAt: now(), ...(link.subscribed && isCurrent() ? { syncedAt: now() } : {}) });
  }

  function ping(): void {
    pingedAt = now();
    unanswered += 1;
    socket().ping();
  }

  function doubt(): void {
    if (doubtedAt !== null || !socket().isOpen()) return;
    doubtedAt = now();
    ping();
  }

  function reset(): void {
    doubtedAt = null;
    unanswered = 0;
  }

  return {
    get: () => link,
    set,
    heard,
    doubt,
    /** Called by the clock and by every frame, whichever comes first. True after a sleep: whatever was believed has to be asked again. */
    awoke(isClock: boolean): boolean {
      const slept = now() - beatAt > SLEEP_MS;
      if (slept || isClock) beatAt = now();
      if (!slept) return false;
      wokeAt = now();
      doubt();
      return true;
    },
    /** Pings, and leaves a socket that does not answer. The time asleep is no silence: nobody listened. */
    keepAlive(): void {
      publish(true);
      if (!socket().isOpen()) return;
      const since = (instant: number | null) => (instant === null ? 0 : now() - instant);
      const silent = link.heardAt === null ? 0 : since(Math.max(link.heardAt, wokeAt));
      if (silent > SILENCE_LIMIT_MS || since(doubtedAt) > DOUBT_MS) socket().reconnect();
      else if (since(pingedAt) >= PING_INTERVAL_MS) ping();
    },
    isSilent: () => link.heardAt !== null && now() - link.heardAt > SILENCE_LIMIT_MS,
    onOpen(): void {
      pingedAt = now();
      reset();
      set({ subscribed: false, heardAt: now() });
      publish(true);
    },
    onPong(): void {
      unanswered -= 1;
      if (unanswered <= 0) reset();
      heard();
    },
    onClose(code: number, reason: string): void {
      const { heardAt, lostAt } = link;
      const spoke = link.subscribed && heardAt !== null && now() - heardAt <= PING_INTERVAL_MS + DOUBT_MS;
      reset();
      link = { ...link, subscribed: false, lostAt: spoke ? now() : lostAt };
      if (isTerminalClose(code)) link = { ...link, stopped: refusal(code, reason) };
      publish(true);
    },
  };
}

function refusal(code: number, reason: string): string {
  return `The live connection was refused (${reason === "" ? code : reason}). Try again, or sign in anew.`;
}
