import { expect, test } from "vitest";
import { createLog, type Level } from "../../lab/supervisor-log.ts";

function shown(line: string, { fallback = "info" as Level, color = false } = {}): string {
  const written: string[] = [];
  const log = createLog({ write: (text) => written.push(text), color });
  log.child("worker", line, fallback);
  return written.join("");
}

const AT = new Date(2026, 10, 20, 9, 5, 7);

test("a pino line becomes time, source, level, message and its own fields", () => {
  const line = { level: 40, time: AT.getTime(), pid: 7, hostname: "h", name: "agent", msg: "lease lost", jobId: "job_1", attempt: 2 };
  expect(shown(JSON.stringify(line))).toBe("09:05:07 worker  warn  lease lost jobId=job_1 attempt=2\n");
});

test("an error in a line is shown by its message, a value with spaces in quotes", () => {
  const line = { level: 50, time: AT.toISOString(), msg: "push failed", err: { type: "Error", message: "remote refused", stack: "…" } };
  expect(shown(JSON.stringify(line))).toBe('09:05:07 worker  error push failed err="remote refused"\n');
});

test("levels in words are understood, and console.log's counts as info", () => {
  const levels = ["debug", "log", "warn", "error"].map((level) => shown(JSON.stringify({ level, time: AT, msg: "x" })).slice(17, 22));
  expect(levels).toEqual(["debug", "info ", "warn ", "error"]);
});

test("plain text is a message of the stream's level, and half a JSON line is plain text", () => {
  expect(shown("Segmentation fault", { fallback: "error" }).slice(9)).toBe("worker  error Segmentation fault\n");
  expect(shown('{"level":30,"msg":').slice(9)).toBe('worker  info  {"level":30,"msg":\n');
});

test("an empty line is left out", () => {
  expect(shown("   ")).toBe("");
});

test("a long value is cut", () => {
  const text = shown(JSON.stringify({ level: 30, time: AT, msg: "m", patch: "x".repeat(10_000) }));
  expect(text.length).toBeLessThan(500);
});

test("colours appear only where they were asked for", () => {
  const line = JSON.stringify({ level: 30, time: AT, msg: "m" });
  expect(shown(line)).not.toContain("\u001b");
  expect(shown(line, { color: true })).toContain("\u001b[");
});
