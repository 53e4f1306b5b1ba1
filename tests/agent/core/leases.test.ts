import { expect, test } from "vitest";
import { stopReason } from "../../../agent/lease-keeper.ts";
import { startFakeWorker } from "../../helpers/fake-worker.ts";
import { aborted, finished, prepareInput, startCore, tempDir } from "./assemble.ts";
import { isAlive, stubbornJob } from "./processes.ts";

test("a lease that another attempt has taken stops the work, grandchildren included", async () => {
  await using temp = await tempDir();
  const worker = await startFakeWorker({ timings: { heartbeatMs: 60_000, extendMs: 50 } });
  const job = stubbornJob();
  const core = await startCore({ worker, dir: temp.dir, run: job.run });
  const jobId = worker.enqueue(prepareInput());
  core.claims.wake();
  await expect.poll(() => job.seen.pids.length, { timeout: 5_000 }).toBe(2);
  expect(job.seen.pids.map(isAlive)).toEqual([true, true]);
  worker.steal(jobId);
  await expect.poll(() => job.seen.reason).toBe("lease_lost");
  expect(job.seen.cancelled).toBe(true);
  await expect.poll(() => job.seen.pids.map(isAlive)).toEqual([false, false]);
  await expect.poll(() => core.claims.inflight()).toEqual([]);
  await core.stop();
  await worker.close();
});

test("a cancel stops the work within 2 s, heard by heartbeat, extension or push, whichever is first", async () => {
  await using temp = await tempDir();
  const worker = await startFakeWorker();
  const job = stubbornJob();
  const core = await startCore({ worker, dir: temp.dir, run: job.run });
  const jobId = worker.enqueue(prepareInput());
  await expect.poll(() => job.seen.pids.length, { timeout: 5_000 }).toBe(2);
  const asked = performance.now();
  worker.cancel(jobId);
  await expect.poll(() => job.seen.reason, { timeout: 2_000 }).toBe("cancelled");
  expect((job.seen.endedAt ?? Number.POSITIVE_INFINITY) - asked).toBeLessThan(2_000);
  await expect.poll(() => job.seen.pids.map(isAlive)).toEqual([false, false]);
  await core.stop();
  await worker.close();
});

test("a job that was cancelled before it was claimed starts with its signal fired", async () => {
  await using temp = await tempDir();
  const worker = await startFakeWorker();
  const reasons: unknown[] = [];
  const jobId = worker.enqueue(prepareInput());
  worker.cancel(jobId);
  const core = await startCore({
    worker,
    dir: temp.dir,
    async run(job, signal, outbox) {
      reasons.push(stopReason(signal));
      await outbox.append(job.lease, finished());
      await outbox.flushed(job.lease);
    },
  });
  await expect.poll(() => worker.isFinished(jobId)).toBe(true);
  expect(reasons).toEqual(["cancelled"]);
  await core.stop();
  await worker.close();
});

test("silence of the server ends the work before the lease does", async () => {
  await using temp = await tempDir();
  const worker = await startFakeWorker({ timings: { leaseMs: 600, extendMs: 100 } });
  let stoppedAt = 0;
  let claimedAt = 0;
  let reason: unknown;
  const core = await startCore({
    worker,
    dir: temp.dir,
    async run(_job, signal) {
      claimedAt = performance.now();
      for (const route of ["extend", "heartbeat", "claim"] as const) worker.fault(route, "hang");
      await aborted(signal);
      stoppedAt = performance.now();
      reason = stopReason(signal);
    },
  });
  worker.enqueue(prepareInput());
  await expect.poll(() => reason, { timeout: 3_000 }).toBe("lease_lost");
  expect(stoppedAt - claimedAt).toBeLessThan(600);
  for (const route of ["extend", "heartbeat", "claim"] as const) worker.fault(route, null);
  expect(core.fatals).toEqual([]);
  await core.stop();
  await worker.close();
});

test("a lease outlives a short silence and the job runs on", async () => {
  await using temp = await tempDir();
  const worker = await startFakeWorker({ timings: { leaseMs: 10_000, extendMs: 50 } });
  const release = Promise.withResolvers<void>();
  let fired = true;
  const core = await startCore({
    worker,
    dir: temp.dir,
    async run(job, signal, outbox) {
      await release.promise;
      fired = signal.aborted;
      await outbox.append(job.lease, finished());
    },
  });
  const jobId = worker.enqueue(prepareInput());
  await expect.poll(() => core.claims.inflight().length).toBe(1);
  worker.fault("extend", "cut", 3);
  const extends_ = () => worker.requests.filter(({ route }) => route === "extend").length;
  await expect.poll(extends_, { timeout: 8_000 }).toBeGreaterThan(5);
  release.resolve();
  await expect.poll(() => worker.isFinished(jobId)).toBe(true);
  expect({ fired, leases: worker.leases.length }).toEqual({ fired: false, leases: 1 });
  await core.stop();
  await worker.close();
});
