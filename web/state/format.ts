// Durations, instants and short ids as people read them. Numbers keep their width, so that nothing jumps while it counts.

const UNITS = {
  en: { hours: "h", minutes: "m", seconds: "s", ms: "ms" },
  zh: { hours: "小時", minutes: "分", seconds: "秒", ms: "毫秒" },
};

export function duration(ms: number, language: string): string {
  const unit = language.startsWith("zh") ? UNITS.zh : UNITS.en;
  const positive = Math.max(0, ms); // clocks differ; a duration is never negative
  if (positive < 1_000) return `${Math.round(positive)} ${unit.ms}`;
  if (positive < 60_000) return `${(positive / 1_000).toFixed(1)} ${unit.seconds}`;
  const seconds = Math.floor(positive / 1_000);
  const two = (number: number) => String(number).padStart(2, "0");
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} ${unit.minutes} ${two(seconds % 60)} ${unit.seconds}`;
  return `${Math.floor(seconds / 3_600)} ${unit.hours} ${two(Math.floor((seconds % 3_600) / 60))} ${unit.minutes}`;
}

/** Milliseconds from one instant to another; `to` null means now. */
export function elapsed(from: string, to: string | null, now: number): number {
  return (to === null ? now : Date.parse(to)) - Date.parse(from);
}

const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>(); // making one is a hundred times dearer than using it

function format(language: string, withDate: boolean): Intl.DateTimeFormat {
  const key = `${language} ${withDate}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const made = new Intl.DateTimeFormat(language, withDate ? { month: "short", day: "numeric", ...time } : { ...time, second: "2-digit" });
  formats.set(key, made);
  return made;
}

/** The time of day in the viewer's zone; with the date when it is not of the last day. */
export function clockTime(at: string | number, { now, language }: { now: number; language: string }): string {
  const instant = typeof at === "number" ? at : Date.parse(at);
  return format(language, now - instant > DAY_MS).format(instant);
}

export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}

/** How an objective compares what is measured with its threshold. */
export const COMPARISONS = { lte: "≤", gte: "≥" } as const;

/** A measured value with at most two decimals, and its unit; null when there is none. */
export function measured(value: number | null, unit: string): string | null {
  if (value === null || !Number.isFinite(value)) return null;
  return `${Math.round(value * 100) / 100} ${unit}`;
}
