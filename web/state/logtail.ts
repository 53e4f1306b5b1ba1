// The log of one intent as one list: its durable events, and the ephemeral lines of the agents that came while the page was open. Pure.
import type { DurableEvent } from "../../protocol/event.ts";
import type { LogLevel, LogLine } from "../../protocol/log.ts";
import { toneOfEvent } from "./tones.ts";

/** `event`: a fact that is kept; the others are an agent's own lines. */
export type EntryLevel = LogLevel | "event";

/** The number counts the lines of its intent as they come, so that each keeps its own when older ones fall off. */
export interface NumberedLine extends LogLine {
  number: number;
}

export interface LogEntry {
  key: string;
  at: string;
  level: EntryLevel;
  type: DurableEvent["type"] | null; // of an event
  bad: boolean;
  site: string | null;
  stage: string | null;
  text: string; // of others: as it was written
}

export const MAX_ENTRIES = 1_000; // shown at once; the newest

/** Events in any order and any number of times, lines in the order in which they came. */
export function logEntries(events: readonly DurableEvent[], lines: readonly NumberedLine[]): LogEntry[] {
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  const facts = [...bySeq.values()].sort((a, b) => a.seq - b.seq).map(entryOfEvent);
  const said = lines.map(entryOfLine);
  // A stable sort: events stay in the order of their seq where agents' clocks agree, and lines in the order in which they came.
  return [...facts, ...said].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).slice(-MAX_ENTRIES);
}

function entryOfEvent(event: DurableEvent): LogEntry {
  return {
    key: `e${event.seq}`,
    at: event.at,
    level: "event",
    type: event.type,
    bad: toneOfEvent(event) === "failed",
    site: event.site,
    stage: event.stage,
    text: eventText(event),
  };
}

function entryOfLine({ number, at, level, site, stage, message }: NumberedLine): LogEntry {
  return { key: `l${number}`, at, level, type: null, bad: level === "error" || level === "fatal", site, stage, text: message };
}

const PLAIN_FIELDS = ["message", "text", "note", "reason", "verdict", "commit", "revertCommit", "digest"] as const;

/** What an event says beside its type, as it was said: the first of these that it has. Data that is not as promised says nothing. */
export function eventText({ data }: Pick<DurableEvent, "data">): string {
  const failure = data.failure;
  if (typeof failure === "object" && failure !== null && "message" in failure && typeof failure.message === "string")
    return failure.message;
  const said = PLAIN_FIELDS.map((field) => data[field]).filter((value) => typeof value === "string" && value !== "");
  return typeof said[0] === "string" ? said[0] : "";
}

export interface LogFilter {
  level: "all" | "events" | "lines" | "bad";
  site: string; // empty: all
  text: string;
}

export function filteredLog(entries: readonly LogEntry[], { level, site, text }: LogFilter): LogEntry[] {
  const wanted = text.trim().toLowerCase();
  return entries.filter((entry) => {
    if (level === "events" && entry.level !== "event") return false;
    if (level === "lines" && entry.level === "event") return false;
    if (level === "bad" && !(entry.bad || entry.level === "warn")) return false;
    if (site !== "" && entry.site !== site) return false;
    return wanted === "" || `${entry.type ?? ""} ${entry.text} ${entry.site ?? ""}`.toLowerCase().includes(wanted);
  });
}

/** As it is copied: one entry a line, its instant in UTC. */
export function logText(entries: readonly LogEntry[]): string {
  return entries
    .map(({ at, level, type, site, text }) =>
      [at, level.toUpperCase().padEnd(5), type, site, text].filter((part) => part !== null && part !== "").join("  "),
    )
    .join("\n");
}
