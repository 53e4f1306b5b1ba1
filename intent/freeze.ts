// Freeze windows: is a site frozen at a moment, and until when. Pure; a weekly window is read in its own time zone.
import type { FreezeWindow } from "../protocol/site.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const MAX_CHAIN = 50; // windows that follow on one another; a site has at most twenty

interface LocalTime {
  weekday: number; // 0 is Sunday
  minute: number; // of the day
}

function localTime(at: Date, timeZone: string): LocalTime {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const part = (type: string) => parts.formatToParts(at).find((entry) => entry.type === type)?.value ?? "";
  const weekdays: readonly string[] = WEEKDAYS;
  return { weekday: weekdays.indexOf(part("weekday").toLowerCase()), minute: Number(part("hour")) * 60 + Number(part("minute")) };
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** End of the window if it is open at that moment. A change of daylight saving inside a window moves its end by that hour. */
function openUntil(window: FreezeWindow, at: Date): number | null {
  if ("from" in window)
    return Date.parse(window.from) <= at.getTime() && at.getTime() < Date.parse(window.to) ? Date.parse(window.to) : null;
  const { weekday, minute } = localTime(at, window.timeZone);
  const start = minuteOf(window.start);
  const length = (minuteOf(window.end) - start + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  for (const daysAgo of [0, 1]) {
    const startDay = WEEKDAYS[(weekday - daysAgo + 7) % 7];
    const elapsed = minute - start + daysAgo * DAY_MINUTES;
    if (startDay === undefined || !window.weekdays.some((day) => day === startDay) || elapsed < 0 || elapsed >= length) continue;
    const sinceMinute = at.getTime() % MINUTE_MS;
    return at.getTime() - sinceMinute + (length - elapsed) * MINUTE_MS;
  }
  return null;
}

/** When the site may be changed again; null when it may be now. Windows that touch count as one. */
export function frozenUntil(windows: readonly FreezeWindow[], now: Date): Date | null {
  let until = now.getTime();
  for (let step = 0; step < MAX_CHAIN; step += 1) {
    const ends = windows.map((window) => openUntil(window, new Date(until))).filter((end) => end !== null);
    if (ends.length === 0) break;
    until = Math.max(...ends);
  }
  return until === now.getTime() ? null : new Date(until);
}

/** The reasons of the windows that are open. */
export function freezeReasons(windows: readonly FreezeWindow[], now: Date): string[] {
  return windows.filter((window) => openUntil(window, now) !== null && window.reason !== "").map((window) => window.reason);
}
