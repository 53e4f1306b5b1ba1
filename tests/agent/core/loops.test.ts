import { expect, test } from "vitest";
import { stopReason } from "../../../agent/lease-keeper.ts";
import { newId } from "../../../protocol/ids.ts";
import { startFakeWorker } from "../../helpers/fake-worker.ts";
import { aborted, finished, prepareInput, startCore, tempDir } from "./assemble.ts";

test("never more jobs run than there are slots, and each end makes room at once", async () => {
  await using temp = await tempDir();
  const worker = await startFakeWorker({ timings: { pollMs: 60_000 } });
  for (let i = 0; i < 7; i += 1) worker.enqueue(prepareInput());
  const open: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const core = await startCore({
    worker,
    dir: temp.dir,
    slots: 3,
    async run(job, _signal, outbox) {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => open.push(resolve));
      await outbox.append(job.lease, finished());
      await outbox.flushed(job.lease);
      running -= 1;
    },
  });
  await expect.poll(() => open.length).toBe(3);
  for (let ended = 0; ended < 7; ended += 1) {
    await expect.poll(() => open.length).toBeGreaterThan(ended);
    open[ended]?.();
  }
  await expect.poll(() => worker.facts.length).toBe(7);
  expect(most).toBe(3);
  expect(worker.leases).toHaveLength(7);
  await core.stop();
  await worker.close();
});

test("a drain claims nothing more and resolves when the last job has ended", async () => {
  await using temp = await tempDir();
  const worker = await startFakeWorker();
  const release = Promise.withResolvers<void>();
  const core = await startCore({
    worker,
    dir: temp.dir,
    async run(job, _signal, outbox) {
      await release.promise;
      await outbox.append(job.lease, finished());
      await outbox.flushed(job.lease);
    },
  });
  const jobId = worker.enqueue(prepareInput());
  await expect.poll(() => core.claims.inflight().length).toBe(1);
  let drained = false;
  const drain = core.claims.drain().then(() => {
    drained = true;
  });
  const later = worker.enqueue(prepareInput());
  core.claims.wake();
  const beats = worker.heartbeats.length;
  await expect.poll(() => worker.heartbeats.length).toBeGreaterThan(beats + 2); // they go on while draining
  expect(drained).toBe(false);
  release.resolve();
  await drain;
  expect([worker.isFinished(jobId), worker.isFinished(later), worker.leases.length]).toEqual([true, false, 1]);
  await core.stop();
  await worker.close();
});

test("heartbeats go on while jobs wait for slow work, and carry what runs", async () => {
  await using temp = await tempDir();
  const worker = await startFakeWorker({ timings: { heartbeatMs: 30 } });
  const jobId = worker.enqueue(prepareInput());
  const core = await startCore({ worker, dir: temp.dir, slots: 1, run: (_job, signal) => aborted(signal) });
  await expect.poll(() => core.claims.inflight().length).toBe(1);
  const before = worker.heartbeats.length;
  worker.fault("report", "hang");
  worker.fault("extend", "hang");
  await expect.poll(() => worker.heartbeats.length).toBeGreaterThan(before + 10);
  expect(worker.heartbeats.at(-1)?.hello.inflight.map((lease) => lease.jobId)).toEqual([jobId]);
  await core.stop();
  await worker.close();
});

test("sites are sent until they are taken, then no more; the last heartbeat is a goodbye", async () => {
  await using temp = await tempDir();
  const worker = await startFakeWorker({ timings: { heartbeatMs: 20 } });
  worker.fault("heartbeat", "cut", 2);
  const core = await startCore({ worker, dir: temp.dir, run: async () => undefined });
  await expect.poll(() => worker.heartbeats.length).toBeGreaterThan(2);
  await core.stop();
  const bodies = worker.requests
    .filter(({ route }) => route === "heartbeat")
    .map(({ body }) => Object.keys(body as object).includes("sites"));
  expect(bodies.slice(0, 4)).toEqual([true, true, true, false]);
  expect(worker.heartbeats.map(({ stopping }) => stopping)).toEqual([...worker.heartbeats.slice(1).map(() => false), true]);
  await worker.close();
});

test("a server that was down for a while is found again and the work goes on", async () => {
  await using temp = await tempDir();
  const first = await startFakeWorker();
  const core = await startCore({
    worker: first,
    dir: temp.dir,
    sockets: true,
    async run(job, _signal, outbox) {
      await outbox.append(job.lease, finished());
      await outbox.flushed(job.lease);
    },
  });
  await expect.poll(() => core.wakeups.connected()).toBe(true);
  await first.close();
  await expect.poll(() => core.wakeups.connected()).toBe(false);
  await expect.poll(() => core.lines.filter((line) => line.includes("no heartbeat")).length).toBe(1);
  const second = await startFakeWorker({ port: first.port, credential: first.credential });
  const jobId = second.enqueue(prepareInput());
  await expect.poll(() => second.isFinished(jobId), { timeout: 5_000 }).toBe(true);
  await expect.poll(() => core.wakeups.connected(), { timeout: 5_000 }).toBe(true);
  expect(core.fatals).toEqual([]);
  await core.stop();
  await second.close();
});

test("of two instances of one agent the older stops, says why, and drops its work", async () => {
  await using temp = await tempDir();
  const worker = await startFakeWorker();
  let reason: unknown = null;
  const older = await startCore({
    worker,
    dir: `${temp.dir}/a`,
    instanceId: newId("inst", Date.now() - 1_000),
    async run(_job, signal) {
      await aborted(signal);
      reason = stopReason(signal);
    },
  });
  const jobId = worker.enqueue(prepareInput());
  await expect.poll(() => older.claims.inflight().length).toBe(1);
  const newer = await startCore({
    worker,
    dir: `${temp.dir}/b`,
    async run(job, _signal, outbox) {
      await outbox.append(job.lease, finished());
      await outbox.flushed(job.lease);
    },
  });
  await expect.poll(() => older.fatals.length).toBeGreaterThan(0);
  expect(older.fatals[0]).toContain("a newer instance of the same agent is alive");
  await expect.poll(() => reason).toMatch(/lease_lost|shutdown/);
  await expect.poll(() => worker.isFinished(jobId)).toBe(true);
  expect(newer.fatals).toEqual([]);
  await Promise.all([older.stop(), newer.stop()]);
  await worker.close();
});

test.for([
  ["UNAUTHENTICATED", "the credential is unknown, expired or revoked"],
  ["PROTOCOL_TOO_OLD", "install a newer version"],
] as const)("%s stops the agent with a message that says what to do", async ([code, message]) => {
  await using temp = await tempDir();
  const worker = await startFakeWorker();
  worker.fault("heartbeat", { code });
  const core = await startCore({ worker, dir: temp.dir, run: async () => undefined });
  await expect.poll(() => core.fatals).toEqual([expect.stringContaining(message)]);
  await core.stop();
  expect(worker.requests.filter(({ route }) => route !== "heartbeat")).toEqual([]);
  await worker.close();
});
