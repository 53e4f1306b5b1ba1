// What nobody expects: the caller gets a fixed text, the log gets the cause.
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { callWith, createWorld, request, SENTENCE, seedToken } from "./harness.ts";

test("a database that fails gives INTERNAL with a fixed text, no SQL and no parameter; the log has the cause under the same id", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { operate } = await createWorld();
  await env.DB.prepare("alter table intents rename column text to sentence").run();
  const sent = request("POST", "/api/v1/intents", { token: operate, body: { text: `${SENTENCE} secret-words` } });
  const answer = await callWith({}, sent);
  const requestId = answer.headers.get("x-request-id");
  expect([answer.status, answer.body]).toEqual([
    500,
    { error: { code: "INTERNAL", message: "something went wrong on our side; the requestId finds it in the log", requestId } },
  ]);
  const logged = log.mock.calls.flat().map(String);
  log.mockRestore();
  await env.DB.prepare("alter table intents rename column sentence to text").run();
  expect(logged.some((line) => line.includes(String(requestId)) && line.includes("no column named text"))).toBe(true);
});

test("a failing database is no reason to let anybody in", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const token = await seedToken({ scopes: ["admin"] });
  await env.DB.prepare("alter table tokens rename to gone").run();
  const answer = await callWith({}, request("GET", "/api/v1/me", { token }));
  log.mockRestore();
  await env.DB.prepare("alter table gone rename to tokens").run();
  expect(answer.status).toBe(500);
});
