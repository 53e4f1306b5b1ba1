import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { CallService } from "../../../agent/loops/calls.ts";
import { MAX_CALLS_PER_AGENT } from "../../../protocol/call.ts";
import { newId } from "../../../protocol/ids.ts";
import type { LogLine } from "../../../protocol/log.ts";
import { CloseCode } from "../../../protocol/room.ts";
import { startFakeWorker } from "../../helpers/fake-worker.ts";
import { aborted, prepareInput, startCore, tempDir } from "./assemble.ts";

const SLOW = { heartbeatMs: 60_000, pollMs: 60_000, idlePollMs: 60_000, extendMs: 60_000, leaseMs: 120_000 };

async function connected(more: { maxUnsentBytes?: number } = {}) {
  const temp = await tempDir();
  const worker = await startFakeWorker({ timings: SLOW });
  const core = await startCore({ worker, dir: temp.dir, sockets: true, run: (_job, signal) => aborted(signal), ...more });
  return {
    worker,
    core,
    async [Symbol.asyncDispose]() {
      await core.stop();
      await worker.close();
      await temp[Symbol.asyncDispose]();
    },
  };
}

test("the socket says hello, and a push is followed by a claim at once", async () => {
  await using both = await connected();
  const { worker, core } = both;
  await expect.poll(() => core.wakeups.connected()).toBe(true);
  expect(worker.hellos.map(({ instanceId }) => instanceId)).toEqual([core.instanceId]);
  const jobId = worker.enqueue(prepareInput());
  const start = performance.now();
  worker.push({ type: "wake" });
  await expect.poll(() => core.claims.inflight().map((lease) => lease.jobId), { interval: 5 }).toEqual([jobId]);
  expect(performance.now() - start).toBeLessThan(1_000);
  worker.push({ type: "cancel", jobId });
  await expect.poll(() => core.claims.inflight()).toEqual([]);
});

test("a cut socket is opened again with a fresh ticket, for ever", async () => {
  await using both = await connected();
  const { worker, core } = both;
  for (let round = 1; round <= 5; round += 1) {
    await expect.poll(() => worker.hellos.length, { timeout: 5_000 }).toBe(round);
    for (const socket of worker.sockets) socket.cut();
  }
  await expect.poll(() => worker.hellos.length, { timeout: 5_000 }).toBe(6);
  expect(worker.requests.filter(({ route }) => route === "ticket").length).toBeGreaterThanOrEqual(6);
  expect(core.fatals).toEqual([]);
});

test("a socket that answers no ping is given up and replaced", async () => {
  await using both = await connected();
  const { worker, core } = both;
  await expect.poll(() => worker.pings).toBeGreaterThan(2);
  expect(worker.hellos).toHaveLength(1);
  worker.answerPings = false;
  await expect.poll(() => worker.hellos.length, { timeout: 5_000 }).toBeGreaterThan(1);
  expect(core.lines.join("")).toContain("the socket is dead");
});

test("a line that takes nothing any more is replaced at once, and what it carried is lost", async () => {
  await using temp = await tempDir();
  const worker = await startFakeWorker({ timings: SLOW });
  let said = 0;
  async function* chat(_request: unknown, signal: AbortSignal): ReturnType<CallService["chat"]> {
    for (; !signal.aborted; said += 1) {
      yield "界".repeat(32 * 1024);
      await setImmediate();
    }
    throw new Error("stopped");
  }
  const core = await startCore({ worker, dir: temp.dir, sockets: true, run: async () => undefined, chat, maxUnsentBytes: 64 * 1024 });
  await expect.poll(() => core.wakeups.connected()).toBe(true);
  for (const socket of worker.sockets) socket.pause();
  const request = { kind: "chat" as const, messages: [{ role: "user" as const, content: "hi" }], options: {}, model: null, only: null };
  // As many as it takes: the buffers of the two kernels are filled first.
  for (let calls = 0; calls < MAX_CALLS_PER_AGENT; calls += 1)
    worker.push({ type: "call", callId: newId("call"), timeoutMs: 60_000, request });
  await expect.poll(() => worker.hellos.length, { timeout: 10_000 }).toBe(2);
  const before = said;
  await expect.poll(() => core.wakeups.connected()).toBe(true);
  expect([core.lines.join("").includes("takes nothing any more"), said]).toEqual([true, before]);
  await core.stop();
  await worker.close();
});

const LINES: LogLine[] = [
  { at: new Date().toISOString(), level: "info", intentId: null, jobId: newId("job"), stage: null, site: null, message: "hi" },
];

test("what may be lost is offered to a room that knows it, and to no other", async () => {
  await using both = await connected();
  const { worker, core } = both;
  const offer = () => core.wakeups.offer({ type: "logs", lines: LINES });
  await expect.poll(() => core.wakeups.connected()).toBe(true);
  expect(offer()).toBe(true);
  await expect.poll(() => worker.logs).toEqual([LINES]);
  for (const earlier of [3, undefined]) {
    worker.protocol = earlier;
    const before = worker.hellos.length;
    for (const socket of worker.sockets) socket.cut();
    await expect.poll(() => worker.hellos.length, { timeout: 5_000 }).toBe(before + 1);
    await expect.poll(() => core.wakeups.connected()).toBe(true);
    expect(offer()).toBe(false);
  }
  expect(worker.logs).toEqual([LINES]);
});

test("a line that is behind takes nothing more of what may be lost, and is not given up for it", async () => {
  await using both = await connected({ maxUnsentBytes: 64 * 1024 * 1024 });
  const { worker, core } = both;
  await expect.poll(() => core.wakeups.connected()).toBe(true);
  for (const socket of worker.sockets) socket.pause();
  const lines = LINES.map((line) => ({ ...line, message: "x".repeat(2_000) }));
  const offered = () => Array.from({ length: 5_000 }, () => core.wakeups.offer({ type: "logs", lines }));
  // As much as the buffers of the two kernels take, and then a little.
  await expect.poll(() => offered().at(-1), { timeout: 10_000 }).toBe(false);
  expect(core.lines.join("")).not.toContain("takes nothing any more");
  expect(worker.hellos).toHaveLength(1);
});

test("frames that do not fit the protocol are ignored", async () => {
  await using both = await connected();
  const { worker, core } = both;
  await expect.poll(() => core.wakeups.connected()).toBe(true);
  for (const socket of worker.sockets)
    for (const text of ["{", '{"type":"explode"}', '{"type":"cancel","jobId":"../x"}']) socket.send(text);
  await expect.poll(() => core.lines.filter((line) => line.includes("does not fit the protocol")).length).toBe(3);
  expect(core.wakeups.connected()).toBe(true);
});

test("close codes that ask for a new connection get one", async () => {
  await using both = await connected();
  const { worker, core } = both;
  await expect.poll(() => core.wakeups.connected()).toBe(true);
  for (const socket of worker.sockets) socket.close(CloseCode.ticketSpent, "late");
  await expect.poll(() => worker.hellos.length, { timeout: 5_000 }).toBe(2);
  expect(core.fatals).toEqual([]);
});

test.for([CloseCode.unauthorized, CloseCode.forbidden, CloseCode.protocolTooOld])("close code %i is final", async (code) => {
  await using temp = await tempDir();
  const worker = await startFakeWorker({ timings: SLOW });
  worker.closeOnOpen = { code, reason: "not you" };
  const core = await startCore({ worker, dir: temp.dir, sockets: true, run: async () => undefined });
  await expect.poll(() => core.fatals, { timeout: 5_000 }).toEqual([`the room refuses this agent (close code ${code} not you)`]);
  expect(worker.requests.filter(({ route }) => route === "ticket")).toHaveLength(1);
  await core.stop();
  await worker.close();
});

test("a ticket that is refused for good is final", async () => {
  await using temp = await tempDir();
  const worker = await startFakeWorker({ timings: SLOW });
  worker.fault("ticket", { code: "UNAUTHENTICATED" });
  const core = await startCore({ worker, dir: temp.dir, sockets: true, run: async () => undefined });
  await expect.poll(() => core.fatals).toEqual([expect.stringContaining("enrol this agent again")]);
  await core.stop();
  await worker.close();
});
