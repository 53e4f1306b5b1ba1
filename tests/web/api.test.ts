// The API client against a far end that answers well, refuses, lies, or does not answer.
import { expect, test } from "vitest";
import { ApiError, createApi, isUnauthenticated } from "../../web/api.ts";
import { newKey } from "../../web/state/key.ts";
import { failureOf } from "../../web/state/problem.ts";
import { intentId } from "./sample.ts";

interface Sent {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: unknown;
}

function farEnd(answer: () => Response | Promise<Response>) {
  const sent: Sent[] = [];
  let signedOut = 0;
  const api = createApi({
    token: "secret-token",
    onUnauthenticated: () => {
      signedOut += 1;
    },
    fetch: async (input, init) => {
      const body = typeof init?.body === "string" ? JSON.parse(init.body) : undefined;
      sent.push({ url: String(input), method: init?.method ?? "GET", headers: Object.fromEntries(new Headers(init?.headers)), body });
      return answer();
    },
  });
  return { api, sent, signedOut: () => signedOut };
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { status, headers });
const failed = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => error,
  );

test("a new intent is posted with token, key and nothing that the form does not say", async () => {
  const { api, sent } = farEnd(() => json({ intentId: intentId(1), status: "received" }, 202));
  expect(await api.createIntent({ text: "deploy", dryRun: true }, "key-1")).toEqual({ intentId: intentId(1), status: "received" });
  expect(sent).toEqual([
    {
      url: "/api/v1/intents",
      method: "POST",
      headers: {
        accept: "application/json",
        authorization: "Bearer secret-token",
        "content-type": "application/json",
        "idempotency-key": "key-1",
      },
      body: { text: "deploy", dryRun: true },
    },
  ]);
});

test("of the routing only what was edited is put, a backend is switched by its address, and a correction carries its key", async () => {
  const routing = { order: ["ollama", "rules"], disconnected: [], shares: [] };
  const { api, sent } = farEnd(() => json(routing));
  expect(await api.saveRouting({ order: ["ollama", "rules"] })).toEqual(routing);
  await api.switchIntegration("a/b", false);
  await failed(api.correct(intentId(1), { priority: 9 }, "key-2")); // the far end answers with something else
  expect(sent.map(({ method, url, body, headers }) => [method, url, body, headers["idempotency-key"]])).toEqual([
    ["PUT", "/api/v1/integrations/routing", { order: ["ollama", "rules"] }, undefined],
    ["POST", "/api/v1/integrations/a%2Fb/disconnect", {}, undefined],
    ["POST", `/api/v1/intents/${intentId(1)}/corrections`, { priority: 9 }, "key-2"],
  ]);
});

test("a refusal is an error with code, fields and the request to quote", async () => {
  const body = {
    error: {
      code: "VALIDATION",
      message: "text: must not be empty",
      requestId: "r-1",
      details: [{ field: "text", message: "must not be empty" }],
    },
  };
  const error = await failed(farEnd(() => json(body, 400)).api.createIntent({ text: "" }, "k"));
  expect(error).toBeInstanceOf(ApiError);
  expect(failureOf(error)).toEqual({
    code: "VALIDATION",
    message: "text: must not be empty",
    details: [{ field: "text", message: "must not be empty" }],
    requestId: "r-1",
    retryAfterSeconds: null,
  });
});

test("a full queue says when to come back", async () => {
  const body = { error: { code: "QUEUE_FULL", message: "1000 intents are waiting already", requestId: "r-2" } };
  const error = await failed(farEnd(() => json(body, 429, { "retry-after": "5" })).api.createIntent({ text: "x" }, "k"));
  expect(failureOf(error)).toMatchObject({ code: "QUEUE_FULL", message: "1000 intents are waiting already", retryAfterSeconds: 5 });
});

test("a token that is not accepted ends the session, whatever the body", async () => {
  const end = farEnd(() => new Response("<html>no</html>", { status: 401 }));
  const error = await failed(end.api.me());
  expect({ is: isUnauthenticated(error), signedOut: end.signedOut() }).toEqual({ is: true, signedOut: 1 });
  expect(failureOf(error).code).toBe("UNAUTHENTICATED");
});

test.each([
  ["another shape", () => json({ name: 7 })],
  ["no JSON", () => new Response("<html>proxy</html>", { status: 200 })],
])("an answer of %s is not passed on", async (_what, answer) => {
  const error = await failed(farEnd(answer).api.me());
  expect(error).toMatchObject({ failure: { code: "BAD_REPLY", status: 200 } });
});

test.each([
  ["does not answer", () => Promise.reject<Response>(new TypeError("fetch failed"))],
  ["breaks off in the middle", () => new Response(new ReadableStream({ start: (stream) => stream.error(new Error("cut")) }))],
])("a far end that %s is a network error without its inner words", async (_what, answer) => {
  const error = await failed(farEnd(answer).api.me());
  expect(error).toMatchObject({ failure: { code: "NETWORK", status: 0 } });
  expect(JSON.stringify(failureOf(error))).not.toMatch(/fetch failed|cut/);
});

test("an id cannot leave its place in the path", async () => {
  const { api, sent } = farEnd(() => json({}));
  await failed(api.intent("../../x?y#z"));
  expect(sent[0]?.url).toBe("/api/v1/intents/..%2F..%2Fx%3Fy%23z");
});

test("an error of the page's own shows no inner words", () => {
  expect(failureOf(new Error("secret stack"))).toMatchObject({ code: "OWN", message: "" });
});

test("every thing a person wants done gets a key of its own", () => {
  const keys = Array.from({ length: 50 }, newKey);
  expect(new Set(keys).size).toBe(50);
  expect(keys.every((key) => /^[0-9a-f]{32}$/.test(key))).toBe(true);
});
