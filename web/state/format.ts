// Durations, instants and short ids as people read them. Numbers keep their width, so that nothing jumps while it counts.

export function duration(ms: number): string {
  const positive = Math.max(0, ms); // clocks differ; a duration is never negative
  if (positive < 1_000) return `${Math.round(positive)} ms`;
  if (positive < 60_000) return `${(positive / 1_000).toFixed(1)} s`;
  const seconds = Math.floor(positive / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, "0")} s`;
  return `${Math.floor(seconds / 3_600)} h ${String(Math.floor((seconds % 3_600) / 60)).padStart(2, "0")} m`;
}

/** Milliseconds from one instant to another; `to` null means now. */
export function elapsed(from: string, to: string | null, now: number): number {
  return (to === null ? now : Date.parse(to)) - Date.parse(from);
}

const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const DAY_MS = 86_400_000;

/** The time of day in the viewer's zone; with the date when it is not of the last day. */
export function clockTime(at: string | number, now: number): string {
  const instant = typeof at === "number" ? at : Date.parse(at);
  return (now - instant > DAY_MS ? DAY_AND_TIME : TIME).format(instant);
}

export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}

/** A measured value with at most two decimals, and its unit. */
export function measured(value: number | null, unit: string): string {
  if (value === null || !Number.isFinite(value)) return "no value";
  return `${Math.round(value * 100) / 100} ${unit}`;
}
