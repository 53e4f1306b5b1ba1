// The one readable log of `npm start`: `time source level message key=value`. Children write JSON lines (pino) or plain text.
import { styleText } from "node:util";

export type Level = "debug" | "info" | "warn" | "error";

export interface LogTarget {
  write(text: string): void;
  color: boolean;
}

export interface Log {
  write(source: string, level: Level, message: string): void;
  /** One line of a child's output; `fallback` is the level of a line that does not say its own. */
  child(source: string, line: string, fallback: Level): void;
  /** Text as it is, for the closing block of a start. */
  plain(text: string): void;
}

const SOURCE_COLORS = ["cyan", "magenta", "yellow", "green", "blue"] as const;
const LEVEL_COLORS = { debug: "gray", info: "white", warn: "yellow", error: "red" } as const;
const SOURCE_WIDTH = 8; // "worker", "agent", "lab", "build", "start" in one column
const LEVEL_WIDTH = 5;
const VALUE_LIMIT = 400; // characters of one field; a stack trace still shows its head
/** pino's own fields, and those that stand in front of the line already. */
const HIDDEN_FIELDS = new Set(["level", "time", "msg", "message", "pid", "hostname", "name"]);

export function createLog(target: LogTarget): Log {
  const sources: string[] = [];
  const paint = (color: Parameters<typeof styleText>[0], text: string) =>
    target.color ? styleText(color, text, { validateStream: false }) : text;

  function write(source: string, level: Level, message: string, at = new Date()): void {
    if (!sources.includes(source)) sources.push(source);
    const color = SOURCE_COLORS[sources.indexOf(source) % SOURCE_COLORS.length] ?? "white";
    const head = `${paint("gray", clock(at))} ${paint(color, source.padEnd(SOURCE_WIDTH))}${paint(LEVEL_COLORS[level], level.padEnd(LEVEL_WIDTH))}`;
    target.write(`${head} ${message}\n`);
  }

  return {
    write: (source, level, message) => write(source, level, message),
    child(source, line, fallback) {
      if (line.trim() === "") return;
      const entry = readEntry(line);
      if (entry === null) return write(source, fallback, line.trimEnd());
      const fields = Object.entries(entry)
        .filter(([key]) => !HIDDEN_FIELDS.has(key))
        .map(([key, value]) => `${key}=${shortValue(value)}`);
      write(source, readLevel(entry.level, fallback), [entry.msg ?? entry.message ?? "", ...fields].join(" ").trim(), readTime(entry.time));
    },
    plain: (text) => target.write(text),
  };
}

function clock(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

function readEntry(line: string): Record<string, unknown> | null {
  if (!line.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

/** pino's numbers and the usual words. */
function readLevel(level: unknown, fallback: Level): Level {
  if (typeof level === "number") {
    if (level >= 50) return "error";
    if (level >= 40) return "warn";
    return level >= 30 ? "info" : "debug";
  }
  if (level === "log") return "info";
  return level === "debug" || level === "info" || level === "warn" || level === "error" ? level : fallback;
}

function readTime(time: unknown): Date {
  const at = typeof time === "number" || typeof time === "string" ? new Date(time) : new Date();
  return Number.isNaN(at.getTime()) ? new Date() : at;
}

function shortValue(value: unknown): string {
  const error = typeof value === "object" && value !== null && "message" in value ? value.message : value;
  const text = typeof error === "string" ? error : JSON.stringify(error);
  const quoted = typeof error === "string" && /\s/.test(text) ? JSON.stringify(text) : text;
  return quoted.length > VALUE_LIMIT ? `${quoted.slice(0, VALUE_LIMIT)}…` : quoted;
}
