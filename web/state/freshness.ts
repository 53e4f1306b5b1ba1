// How fresh the page is, and when to try again. Pure: the answer comes from seq, head and what was last heard, never from the socket alone.
import { PING_INTERVAL_MS } from "../../protocol/room.ts";

/** Two missed pongs and some slack for a slow link: after this a silent socket is dead, whatever it says of itself. */
export const SILENCE_LIMIT_MS = 2 * PING_INTERVAL_MS + 5_000;

/** How long a lost connection counts as "catching up" before it is called stale: a reconnect takes a second or two. */
export const GRACE_MS = 8_000;

export interface Link {
  subscribed: boolean; // the room has answered our subscription on the present socket
  heardAt: number | null; // last frame or pong, ms since the epoch
  syncedAt: number | null; // last instant at which we were known to have everything
  lostAt: number | null; // when a socket that had spoken until lately went away: it may be back in a second
  stopped: string | null; // why we no longer try; a person has to act
}

export const OFFLINE_LINK: Link = { subscribed: false, heardAt: null, syncedAt: null, lostAt: null, stopped: null };

export type Freshness = { state: "live" } | { state: "catching_up" } | { state: "stale"; since: number | null; reason: string | null };

export interface Position {
  loaded: boolean;
  lastSeq: number;
  head: number;
}

export interface Clock {
  now: number;
  startedAt: number;
  online?: boolean; // false: the browser has no network, and nothing that was heard before counts
}

/** `startedAt` is when the page began to connect: it may catch up for a moment before it must admit that it has nothing. */
export function freshness(link: Link, position: Position, clock: Clock): Freshness {
  if (link.stopped !== null) return { state: "stale", since: link.syncedAt, reason: link.stopped };
  if (clock.online === false) return { state: "stale", since: link.syncedAt, reason: null };
  const heard = link.heardAt !== null && clock.now - link.heardAt <= SILENCE_LIMIT_MS;
  if (link.subscribed && heard && position.loaded && position.lastSeq >= position.head) return { state: "live" };
  const trusted = Math.max(link.syncedAt ?? 0, link.lostAt ?? 0, clock.startedAt);
  if (clock.now - trusted <= GRACE_MS) return { state: "catching_up" };
  return { state: "stale", since: link.syncedAt, reason: null };
}

const BASE_DELAY_MS = 500;
const MAX_DELAY_MS = 15_000; // an operator is looking; longer feels dead

/** Full jitter: any instant up to the exponential bound, so that a thousand browsers do not return in step. Attempt 0 goes at once. */
export function reconnectDelayMs(attempt: number, random: number): number {
  if (attempt <= 0) return 0;
  return Math.round(random * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** Math.min(attempt, 10)));
}
