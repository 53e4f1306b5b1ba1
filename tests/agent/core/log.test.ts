import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { createLog, createSecretMask } from "../../../agent/log.ts";

function capture() {
  const lines: string[] = [];
  const secrets = createSecretMask();
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString("utf8"));
      done();
    },
  });
  return { lines, secrets, log: createLog({ level: "info", secrets, destination }) };
}

test("a record is one line of JSON with level, time and message", () => {
  const { lines, log } = capture();
  log.info({ jobId: "job_1" }, "claimed");
  log.debug("not shown");
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toEqual({ level: "info", time: expect.stringMatching(/^\d{4}-.*Z$/), jobId: "job_1", msg: "claimed" });
});

test.for([
  ["a known key at any depth", { a: { b: { credential: 's3cr"et-value' } } }, "s3cr"],
  ["a registered secret inside a text", { note: "remote said hunter2hunter2!" }, "hunter2hunter2"],
  ["a registered secret with quotes in it", { note: 'x pa"ss\\word y' }, "ss\\\\word"],
  ["a bearer header", { header: "Authorization: Bearer abc.def-ghi" }, "abc.def-ghi"],
  ["a basic header", { header: "basic dXNlcjpwYXNzd29yZA==" }, "dXNlcjpwYXNzd29yZA"],
  ["a password in an address", { url: "fatal: http://u:swordfish@host/x.git" }, "swordfish"],
  ["a ticket in an address", { url: "ws://host/parties/room/main?_pk=1&ticket=tkt-123456" }, "tkt-123456"],
] as const)("%s is masked", ([, record, secret]) => {
  const { lines, secrets, log } = capture();
  secrets.register("hunter2hunter2");
  secrets.register('pa"ss\\word');
  log.info(record, "x");
  expect(lines.join("")).not.toContain(secret);
  expect(lines.join("")).toContain("***");
  expect(() => JSON.parse(lines[0] ?? "")).not.toThrow();
});

test("a secret in an error's stack or message is masked", () => {
  const { lines, secrets, log } = capture();
  secrets.register("hunter2hunter2");
  log.error({ err: new Error("push to hunter2hunter2 failed", { cause: new Error("Bearer zzzz-yyyy") }) }, "failed");
  expect(lines.join("")).not.toMatch(/hunter2|zzzz-yyyy/);
});
