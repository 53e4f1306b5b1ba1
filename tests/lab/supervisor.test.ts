import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { backoffMs } from "../../lab/supervisor-child.ts";
import { isAlive, type Note, workbench } from "./supervised/harness.ts";

const pids = (notes: Note[]) => notes.map((note) => note.pid);

test("the wait before a restart doubles from 0.1 s to at most 2 s", () => {
  expect([1, 2, 3, 4, 5, 6, 60].map(backoffMs)).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000]);
});

test("a killed child is started again, given its message again, and its pid file names the new process", async () => {
  const bench = workbench();
  bench.supervise([bench.child("worker", [], { message: { text: "hello" } })]);
  const [first] = await bench.noted("message:hello", "worker");
  process.kill(first?.pid ?? 0, "SIGKILL");
  const [, second] = await bench.noted("message:hello", "worker", 2);
  expect(second?.pid).not.toBe(first?.pid);
  expect(bench.pidOf("worker")).toBe(second?.pid);
});

test("what a killed child had started goes with it, also out of a group of its own", async () => {
  const bench = workbench();
  bench.supervise([bench.child("worker", ["helper", "escapee"])]);
  const [worker] = await bench.noted("start", "worker");
  const helpers = pids(await bench.noted("helper", "worker", 2));
  expect(helpers.map(isAlive)).toEqual([true, true]);
  process.kill(worker?.pid ?? 0, "SIGKILL");
  await bench.noted("start", "worker", 2);
  expect(helpers.map(isAlive)).toEqual([false, false]);
});

test("a signal stops the children, the last started first, leaves nothing running, and the exit code is 0", async () => {
  const bench = workbench();
  const run = bench.supervise([bench.child("lab", ["helper"]), bench.child("worker", ["escapee"]), bench.child("agent")]);
  for (const name of ["lab", "worker", "agent"]) await bench.noted("start", name);
  run.process.kill("SIGINT");
  expect(await run.exited).toBe(0);
  const journal = bench.journal();
  expect(journal.filter((note) => note.what === "term").map((note) => note.name)).toEqual(["agent", "worker", "lab"]);
  expect(pids(journal).filter(isAlive)).toEqual([]);
  expect(existsSync(join(bench.dataDir, "run", "agent.pid"))).toBe(false);
});

test("a child that ignores TERM is killed after its grace", async () => {
  const bench = workbench();
  const run = bench.supervise([bench.child("agent", ["stubborn"], { graceMs: 300 })]);
  const [agent] = await bench.noted("start", "agent");
  run.process.kill("SIGTERM");
  expect(await run.exited).toBe(0);
  expect(isAlive(agent?.pid ?? 0)).toBe(false);
});

test("a second signal kills at once, however long the grace", async () => {
  const bench = workbench();
  const run = bench.supervise([bench.child("agent", ["stubborn", "helper"], { graceMs: 600_000 })]);
  await bench.noted("start", "agent");
  run.process.kill("SIGINT");
  await bench.noted("term", "agent");
  const pressAgain = () => {
    // Not at one that ends already: its handlers are gone then, and the signal would be its end.
    if (pids(bench.journal()).some(isAlive)) run.process.kill("SIGINT");
    return run.process.exitCode;
  };
  await expect.poll(pressAgain, { timeout: 5_000 }).toBe(0);
  expect(pids(bench.journal()).filter(isAlive)).toEqual([]);
});

test("a Ctrl-C that npm passes on a second time counts once", async () => {
  const bench = workbench();
  const run = bench.supervise([bench.child("agent", ["stubborn"], { graceMs: 1_000 })]);
  const [agent] = await bench.noted("start", "agent");
  run.process.kill("SIGINT");
  await bench.noted("term", "agent");
  run.process.kill("SIGINT");
  expect(isAlive(agent?.pid ?? 0)).toBe(true);
  expect(await run.exited).toBe(0);
});

test("what a killed supervisor left behind is ended by the next one before it starts anything", async () => {
  const bench = workbench();
  const first = bench.supervise([bench.child("worker", ["helper", "escapee"])]);
  await bench.noted("start", "worker");
  await bench.noted("helper", "worker", 2);
  const leftovers = pids(bench.journal());
  first.process.kill("SIGKILL");
  await first.exited;
  expect(leftovers.every(isAlive)).toBe(true);

  const second = bench.supervise([bench.child("worker")]);
  await bench.noted("start", "worker", 2);
  expect(leftovers.filter(isAlive)).toEqual([]);
  expect(second.output()).toContain("ended 3 processes that an earlier supervisor left behind");
});

test("a stranger whose process id stands in an old pid file is left alone", async () => {
  const bench = workbench();
  const stranger = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
  onTestFinished(() => void stranger.kill("SIGKILL"));
  await once(stranger, "spawn");
  mkdirSync(join(bench.dataDir, "run"));
  writeFileSync(join(bench.dataDir, "run", "worker.pid"), `${stranger.pid}\n`);
  bench.supervise([bench.child("worker")]);
  await bench.noted("start", "worker");
  expect(isAlive(stranger.pid ?? 0)).toBe(true);
});

test("a second supervisor on the same data directory refuses, names the first, and leaves it running", async () => {
  const bench = workbench();
  const first = bench.supervise([bench.child("worker")]);
  const [worker] = await bench.noted("start", "worker");
  const second = bench.supervise([bench.child("worker")]);
  expect(await second.exited).toBe(1);
  expect(second.output()).toBe(
    `another supervisor (process ${first.process.pid}) runs on ${bench.dataDir}/run: stop it, or choose another DATA_DIR\n`,
  );
  expect(isAlive(worker?.pid ?? 0)).toBe(true);
});

test("a data directory that was removed under a running supervisor is still taken", async () => {
  const bench = workbench();
  const first = bench.supervise([bench.child("worker")]);
  const [worker] = await bench.noted("start", "worker");
  rmSync(join(bench.dataDir, "run"), { recursive: true });
  const second = bench.supervise([bench.child("worker")]);
  expect(await second.exited).toBe(1);
  expect(second.output()).toBe(`another supervisor (process ${first.process.pid}) still runs here: stop it first\n`);
  expect(isAlive(worker?.pid ?? 0)).toBe(true);
});

test("a child that says before it was ready that it cannot work ends the whole with exit code 1", async () => {
  const bench = workbench();
  const run = bench.supervise([bench.child("lab"), bench.child("worker", ["fatal"])]);
  expect(await run.exited).toBe(1);
  expect(pids(bench.journal()).filter(isAlive)).toEqual([]);
});
