import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { type ProcessInput, runProcess } from "../../../agent/process.ts";
import { tempDir } from "./assemble.ts";
import { isAlive, readPids, stubborn } from "./processes.ts";

function shell(script: string, cwd: string, more: Partial<ProcessInput> = {}) {
  const env = { PATH: process.env.PATH ?? "" };
  const signal = new AbortController().signal;
  return runProcess({ file: "sh", args: ["-c", script], cwd, env, timeoutMs: 10_000, graceMs: 100, signal, ...more });
}

const calm = { timedOut: false, cancelled: false, truncated: false, durationMs: expect.any(Number) };

test("exit code, output and input pass through; nothing of the environment besides what is given", async () => {
  await using temp = await tempDir();
  const result = await shell('cat; echo "$SECRET|$GIVEN" >&2; exit 3', temp.dir, {
    input: "hello",
    env: { PATH: process.env.PATH ?? "", GIVEN: "given" },
  });
  expect(result).toEqual({ ok: true, value: { exitCode: 3, stdout: "hello", stderr: "|given\n", ...calm } });
});

test("a program that is not there is a failure, not an exception", async () => {
  await using temp = await tempDir();
  const file = path.join(temp.dir, "kpt");
  expect(await shell("", temp.dir, { file })).toEqual({ ok: false, error: { kind: "not_found", message: `${file}: not found` } });
  await writeFile(file, "not a program", { mode: 0o600 });
  expect(await shell("", temp.dir, { file })).toEqual({ ok: false, error: { kind: "not_started", message: `${file}: EACCES` } });
});

test("a timeout ends the program and its children, also when they ignore TERM", async () => {
  await using temp = await tempDir();
  const done = shell("trap '' TERM; sleep 600 & echo $$ $! > started; mv started pids; wait; wait", temp.dir, { timeoutMs: 500 });
  const pids = await readPids(temp.dir);
  expect(await done).toMatchObject({ ok: true, value: { exitCode: null, timedOut: true, cancelled: false } });
  await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
});

test("a cancel ends the group, and a signal that has fired already too", async () => {
  await using temp = await tempDir();
  const controller = new AbortController();
  const done = stubborn(temp.dir, controller.signal);
  const pids = await readPids(temp.dir);
  controller.abort();
  expect(await done).toMatchObject({ ok: true, value: { exitCode: null, timedOut: false, cancelled: true } });
  await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
  expect(await shell("sleep 600", temp.dir, { signal: AbortSignal.abort() })).toMatchObject({ ok: true, value: { cancelled: true } });
});

test("a child that the program leaves behind does not stay", async () => {
  await using temp = await tempDir();
  expect(await shell("sleep 600 >/dev/null 2>&1 & echo $$ $! > pids", temp.dir)).toMatchObject({ ok: true, value: { exitCode: 0 } });
  const pids = await readPids(temp.dir);
  await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
});

test("output is bounded", async () => {
  await using temp = await tempDir();
  const result = await shell("yes", temp.dir, { maxBuffer: 1_000 });
  expect(result).toMatchObject({ ok: true, value: { truncated: true, stdout: expect.toSatisfy((text: string) => text.length === 1_000) } });
});
