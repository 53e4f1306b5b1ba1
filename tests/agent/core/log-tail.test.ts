// The log of running jobs as it leaves the agent: which lines, in which frames, and what happens when nobody takes them.
import { Writable } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLogging } from "../../../agent/logging.ts";
import { newId } from "../../../protocol/ids.ts";
import { type LogLine, LogLines, MAX_LOG_CHARS, MAX_LOG_LINES } from "../../../protocol/log.ts";
import { MAX_AGENT_FRAME_BYTES } from "../../../protocol/room.ts";

const BATCH_MS = 250;
const MOST_WAITING = 1_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(level: "debug" | "info" | "error" | "silent" = "info") {
  const frames: LogLine[][] = [];
  const written: string[] = [];
  const far = { takes: true };
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString("utf8"));
      done();
    },
  });
  const logging = createLogging({
    ...{ level, destination },
    offer({ lines }) {
      if (far.takes) frames.push(LogLines.parse(lines));
      return far.takes;
    },
  });
  return { ...logging, frames, written, far, said: () => frames.flat().map(({ message }) => message) };
}

const about = () => ({ jobId: newId("job"), intentId: newId("int"), attempt: 1, kind: "intent.apply" });
const batch = (count = 1) => vi.advanceTimersByTime(count * BATCH_MS);

test("a line that is written while a job runs names the job, its intent and its stage, whoever writes it", async () => {
  const { log, scope, frames } = setUp();
  const [one, other] = [about(), about()];
  const work = (job: typeof one, site: string) =>
    scope.run(job, async () => {
      log.info("before any stage");
      scope.enter("sync");
      await Promise.resolve();
      log.warn({ site }, "waits");
      scope.enter(null);
    });
  await Promise.all([work(one, "edge1"), work(other, "edge2")]);
  batch();
  const lines = (job: typeof one, site: string): LogLine[] => {
    const { jobId, intentId } = job;
    const at = expect.any(String);
    return [
      { at, level: "info", intentId, jobId, stage: null, site: null, message: "before any stage" },
      { at, level: "warn", intentId, jobId, stage: "sync", site, message: "waits" },
    ];
  };
  expect(frames.flat().filter(({ jobId }) => jobId === one.jobId)).toEqual(lines(one, "edge1"));
  expect(frames.flat().filter(({ jobId }) => jobId === other.jobId)).toEqual(lines(other, "edge2"));
});

test("what is about no job, and what outlives its job, stays here; so do levels below info", async () => {
  const { log, scope, said, written } = setUp("debug");
  let outlive = () => undefined as unknown;
  await scope.run(about(), async () => {
    log.debug("fine detail");
    outlive = () => log.info("afterwards");
    const { promise, resolve } = Promise.withResolvers<void>();
    void promise.then(outlive);
    queueMicrotask(() => setTimeout(resolve, 10));
  });
  log.info("of the agent itself");
  batch();
  await Promise.resolve();
  batch();
  expect(said()).toEqual([]);
  expect(written.map((line) => JSON.parse(line).msg)).toEqual(["fine detail", "of the agent itself", "afterwards"]);
});

test("a line that names its job and nothing else gets the intent that the job is known to be of", async () => {
  const { log, scope, frames } = setUp();
  const [job, stranger] = [about(), newId("job")];
  await scope.run(job, async () => log.info("begins"));
  log.warn({ jobId: job.jobId }, "a person cancelled the job");
  log.warn({ jobId: stranger }, "the lease cannot be extended");
  batch();
  expect(frames.flat().map(({ jobId, intentId }) => [jobId, intentId])).toEqual([
    [job.jobId, job.intentId],
    [job.jobId, job.intentId],
    [stranger, null],
  ]);
});

test.for(["error", "silent"] as const)("LOG_LEVEL=%s is about what is written here, not about what goes to who looks on", async (level) => {
  const { log, scope, said, written } = setUp(level);
  await scope.run(about(), async () => log.info("pushed"));
  batch();
  expect([said(), written]).toEqual([["pushed"], []]);
});

test("what is told beside the message is told in it: values, lists, and of an error its message without its stack", async () => {
  const { log, scope, said } = setUp();
  await scope.run(about(), async () => {
    log.info({ durationMs: 12, sites: ["edge1", "edge2"] }, "done");
    log.error({ err: new Error("no route to host") }, "failed");
  });
  batch();
  expect(said()).toEqual(['done (durationMs: 12, sites: ["edge1","edge2"])', "failed (err: no route to host)"]);
});

test.for([
  ["a registered secret", { note: "it said hunter2hunter2" }],
  ["a registered secret that JSON writes differently", { note: 'it said pa"ss\\word\n' }],
  ["a bearer token", { header: "Authorization: Bearer abcdef123456" }],
  ["a bearer token behind an escape", { header: "Authorization: Bearer\n abcdef123456" }],
  ["a password in an address", { detail: "fatal: unable to access 'http://git:abcdef123456@host/x.git'" }],
  ["a value of a key that names a secret", { nested: { token: "abcdef123456" } }],
] as const)("%s does not leave the machine", async ([, fields]) => {
  const { log, secrets, scope, said } = setUp();
  secrets.register("hunter2hunter2");
  secrets.register('pa"ss\\word');
  await scope.run(about(), async () => log.info(fields, "x"));
  batch();
  expect(said()).toEqual([expect.stringContaining("***")]);
  expect(said().join("")).not.toMatch(/hunter2|abcdef123456|ss\\*word/);
});

test("markup, terminal escapes and changes of direction arrive as they were said; what is too long is cut, and halves of characters are none", async () => {
  const { log, scope, said } = setUp();
  const hostile = '<script>alert("x")</script> \u001b[31mred \u202etxet';
  const long = `${"x".repeat(MAX_LOG_CHARS - 2)}😀😀`;
  await scope.run(about(), async () => {
    log.info(hostile);
    log.info(long);
    log.info("half \ud83d");
  });
  batch();
  const [first, second, third] = said();
  expect([first, third]).toEqual([hostile, "half \ufffd"]);
  expect(second).toBe(`${"x".repeat(MAX_LOG_CHARS - 2)}\ufffd…`);
});

test("a frame goes at most every 250 ms, with at most 100 lines, in order", async () => {
  const { log, scope, frames, said } = setUp();
  await scope.run(about(), async () => {
    for (let n = 0; n < 250; n += 1) log.info(`line ${n}`);
  });
  expect(frames).toEqual([]);
  batch();
  expect(frames.map((frame) => frame.length)).toEqual([MAX_LOG_LINES]);
  batch(2);
  expect(frames.map((frame) => frame.length)).toEqual([MAX_LOG_LINES, MAX_LOG_LINES, 50]);
  batch(3);
  expect(frames).toHaveLength(3);
  expect(said()).toEqual(Array.from({ length: 250 }, (_, n) => `line ${n}`));
});

test("a frame of the longest lines is far below what the room takes, whatever they are made of", async () => {
  const { log, scope, frames, said } = setUp();
  await scope.run(about(), async () => {
    for (let n = 0; n < MAX_LOG_LINES; n += 1) log.info("\u0001".repeat(MAX_LOG_CHARS));
  });
  batch(MAX_LOG_LINES);
  expect(said()).toHaveLength(MAX_LOG_LINES);
  const bytes = frames.map((lines) => Buffer.byteLength(JSON.stringify({ type: "logs", lines })));
  expect(Math.max(...bytes)).toBeLessThan(MAX_AGENT_FRAME_BYTES / 4);
});

test("while nobody takes them the newest wait, the oldest are lost, and each job is told how many", async () => {
  const { log, scope, far, frames, said } = setUp();
  const [one, other] = [about(), about()];
  far.takes = false;
  await scope.run(one, async () => {
    for (let n = 0; n < 30; n += 1) log.info(`one ${n}`);
  });
  await scope.run(other, async () => {
    for (let n = 0; n < MOST_WAITING; n += 1) log.info(`other ${n}`);
    batch(3);
    log.info("last");
  });
  far.takes = true;
  batch(20);
  const [first, second] = frames.flat();
  const note = (count: string) => `${count} of this job left out here: more was logged than could be sent`;
  expect(first).toMatchObject({ level: "warn", jobId: one.jobId, intentId: one.intentId, message: note("30 lines") });
  expect(second).toMatchObject({ level: "warn", jobId: other.jobId, intentId: other.intentId, message: note("1 line") });
  expect(said().slice(2)).toEqual([...Array.from({ length: MOST_WAITING - 1 }, (_, n) => `other ${n + 1}`), "last"]);
  batch(20);
  expect(said()).toHaveLength(MOST_WAITING + 2); // told once
});

test("the end of the process sends all that waits, in as many frames as it takes", async () => {
  const { log, scope, tail, frames, said } = setUp();
  await scope.run(about(), async () => {
    for (let line = 0; line < 250; line += 1) log.info(`line ${line}`);
  });
  tail.flush();
  expect([frames.length, said().length, said().at(-1)]).toEqual([3, 250, "line 249"]);
});

test("the end of the process sends what waits at once, and nothing when nothing waits", async () => {
  const { log, scope, tail, frames, said } = setUp();
  tail.flush();
  expect(frames).toEqual([]);
  await scope.run(about(), async () => log.info("the last word"));
  tail.flush();
  batch(2);
  expect([said(), frames.length]).toEqual([["the last word"], 1]);
});
