// Secrets by reference: from the environment or from a file of this machine.
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { resolveSecret } from "../../../agent/edge/secret.ts";

async function file(content: string): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "secret-test-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const name = path.join(dir, "token");
  await writeFile(name, content, { mode: 0o600 });
  return name;
}

test("a variable of the environment", async () => {
  expect(await resolveSecret({ env: "A" }, { A: " abc " })).toBe("abc");
});

test.each([{}, { A: "" }, { A: "  " }])("nothing in %j is no secret", async (env) => {
  expect(await resolveSecret({ env: "A" }, env)).toBeUndefined();
});

test("a file, without the newline at its end", async () => {
  expect(await resolveSecret({ file: await file("abc\n") }, {})).toBe("abc");
});

test("a file that is missing, a folder, empty or far too large is no secret", async () => {
  const refs = ["/nonexistent/token", os.tmpdir(), await file("\n"), await file("x".repeat(70_000))];
  expect(await Promise.all(refs.map((name) => resolveSecret({ file: name }, {})))).toEqual([undefined, undefined, undefined, undefined]);
});

test("a pipe to which nobody writes is no secret, and is not waited for", async () => {
  const name = path.join(path.dirname(await file("")), "pipe");
  execFileSync("mkfifo", [name]);
  expect(await resolveSecret({ file: name }, {})).toBeUndefined();
});
