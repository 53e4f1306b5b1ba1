// Runs the feed in a browser: its socket at this host, its clock, and what a tab tells of itself (asleep, awake, online, offline).
import type { Api } from "../api.ts";
import { type Feed, type FeedDeps, startFeed } from "../feed.ts";
import { connectRoom, type RoomDeps } from "../use-feed.ts";

export type FeedParts = Pick<FeedDeps, "state" | "live" | "onEvents" | "onLogs" | "onReplaced">;

export function runFeed(api: Api, parts: FeedParts): { feed: Feed; stop(): void } {
  const { host, protocol } = window.location;
  const room: RoomDeps = {
    host,
    secure: protocol === "https:",
    random: Math.random,
    ticket: async () => (await api.ticket()).ticket,
  };
  const feed = startFeed({ api, now: Date.now, random: Math.random, connect: (handlers) => connectRoom(room, handlers), ...parts });
  // A tab that slept or was offline must not wait for the next round to find out what it missed.
  const awake = () => {
    if (document.visibilityState === "visible") feed.nudge();
  };
  document.addEventListener("visibilitychange", awake);
  window.addEventListener("online", awake);
  window.addEventListener("offline", feed.doubt);
  return {
    feed,
    stop() {
      document.removeEventListener("visibilitychange", awake);
      window.removeEventListener("online", awake);
      window.removeEventListener("offline", feed.doubt);
      feed.stop();
    },
  };
}
