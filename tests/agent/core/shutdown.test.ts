import { EventEmitter } from "node:events";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { createShutdown, listenToSignals, nextPhase, type Phase } from "../../../agent/shutdown.ts";
import { captureLog, tempDir } from "./assemble.ts";
import { isAlive, readPids } from "./processes.ts";

test("the moves are drain, cancel, exit", () => {
  const phases: Phase[] = ["running"];
  for (let i = 0; i < 4; i += 1) phases.push(nextPhase(phases.at(-1) ?? "running", "signal"));
  expect(phases).toEqual(["running", "draining", "cancelling", "exiting", "exiting"]);
  expect([nextPhase("running", "jobs_ended"), nextPhase("draining", "jobs_ended"), nextPhase("draining", "time_is_up")]).toEqual([
    "running",
    "exiting",
    "cancelling",
  ]);
});

function setUp(options: { drainTimeoutMs?: number } = {}) {
  const calls: string[] = [];
  const jobs = Promise.withResolvers<void>();
  const signals = new EventEmitter();
  const shutdown = createShutdown({
    drain: () => {
      calls.push("drain");
      return jobs.promise;
    },
    cancel: (why) => calls.push(`cancel: ${why}`),
    goodbye: async () => void calls.push("goodbye"),
    exit: (code) => calls.push(`exit ${code}`),
    drainTimeoutMs: options.drainTimeoutMs ?? 60_000,
    cancelTimeoutMs: 50,
    log: captureLog([]),
  });
  listenToSignals(signals, shutdown);
  return { calls, jobs, signals, shutdown };
}

test("one signal lets the jobs end, says goodbye and exits with 0", async () => {
  const { calls, jobs, signals } = setUp();
  signals.emit("SIGTERM");
  expect(calls).toEqual(["drain"]);
  jobs.resolve();
  await expect.poll(() => calls).toEqual(["drain", "goodbye", "exit 0"]);
});

test("a drain that takes too long becomes a cancel, and a cancel that takes too long an exit", async () => {
  const { calls, signals } = setUp({ drainTimeoutMs: 20 });
  signals.emit("SIGINT");
  await expect.poll(() => calls).toEqual(["drain", "cancel: the agent is being stopped", "goodbye", "exit 1"]);
});

test("a third signal exits at once", () => {
  const { calls, signals } = setUp();
  for (let i = 0; i < 3; i += 1) signals.emit("SIGTERM");
  expect(calls).toEqual(["drain", "cancel: the agent is being stopped", "exit 1"]);
});

test("a fatal answer cancels, and exits with the code that a service manager does not restart", async () => {
  const { calls, jobs, shutdown } = setUp();
  shutdown.fatal("a newer instance is alive");
  shutdown.fatal("again");
  jobs.resolve();
  await expect.poll(() => calls).toEqual(["drain", "cancel: the agent may not go on", "exit 78"]);
});

test("the third SIGTERM ends a real process at once and takes its child processes along", async () => {
  await using temp = await tempDir();
  const child = execa("node", [fileURLToPath(new URL("./children/never-ends.ts", import.meta.url)), temp.dir], { reject: false });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  const pids = await readPids(temp.dir);
  await expect.poll(() => said).toBe("ready\n");
  child.kill("SIGTERM");
  await expect.poll(() => said).toBe("ready\ndrain\n");
  child.kill("SIGTERM");
  await expect.poll(() => said).toBe("ready\ndrain\ncancel\n");
  expect(pids.map(isAlive)).toEqual([true, true]);
  child.kill("SIGTERM");
  expect((await child).exitCode).toBe(1);
  await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
});
