// Bad input: the code, the named field, and nothing stored.
import { expect, test } from "vitest";
import { ErrorBody } from "../../protocol/errors.ts";
import { type CallOptions, call, createWorld, refusal, rows, SENTENCE } from "./harness.ts";

const INTENTS = "/api/v1/intents";
const json = { "content-type": "application/json" };

async function stored(): Promise<unknown> {
  return rows("select (select count(*) from intents) intents, (select count(*) from jobs) jobs, (select count(*) from idempotency) keys");
}

const invalid = (...fields: string[]) => ({ status: 400, code: "VALIDATION", fields });

const BAD_INTENTS: [string, CallOptions, object][] = [
  ["an empty text", { body: { text: "" } }, invalid("text")],
  ["a text of blanks", { body: { text: " \n\t " } }, invalid("text")],
  ["a text of 4,001 characters", { body: { text: "a".repeat(4_001) } }, invalid("text")],
  ["a NUL", { body: { text: "Deploy\u0000 eMBB" } }, invalid("text")],
  ["an escape sequence", { body: { text: "Deploy \u001b[31m eMBB" } }, invalid("text")],
  ["a DEL", { body: { text: "Deploy \u007f" } }, invalid("text")],
  ["a C1 control character", { body: { text: "Deploy \u009b31m" } }, invalid("text")],
  ["no text", { body: {} }, invalid("text")],
  ["a text that is a number", { body: { text: 5 } }, invalid("text")],
  ["an unknown field", { body: { text: SENTENCE, priorty: 3 } }, invalid("priorty")],
  ["a priority of 11", { body: { text: SENTENCE, priority: 11 } }, invalid("priority")],
  ["an unknown policy", { body: { text: SENTENCE, policy: "hope" } }, invalid("policy")],
  ["a context key that is no label", { body: { text: SENTENCE, context: { "a b": "c" } } }, invalid("context.a b")],
  ["a body that is a list", { body: [] }, invalid("body")],
  ["a body that is null", { body: null }, invalid("body")],
  ["no body", {}, invalid("text")],
  ["JSON that is none", { raw: '{"text": "Deploy', headers: json }, invalid("body")],
  ["an empty JSON body", { raw: "", headers: json }, invalid("text")],
  [
    "a form",
    { raw: "text=Deploy", headers: { "content-type": "application/x-www-form-urlencoded" } },
    { status: 415, code: "UNSUPPORTED_MEDIA_TYPE" },
  ],
  ["plain text", { raw: '{"text":"Deploy"}', headers: { "content-type": "text/plain" } }, { status: 415, code: "UNSUPPORTED_MEDIA_TYPE" }],
  ["an unknown site", { body: { text: SENTENCE, targetSites: ["edge9"] } }, { status: 422, code: "UNKNOWN_SITE", fields: ["targetSites"] }],
  [
    "a path as a site",
    { body: { text: SENTENCE, targetSites: ["../../etc"] } },
    { status: 422, code: "UNKNOWN_SITE", fields: ["targetSites"] },
  ],
  [
    "a command as a site",
    { body: { text: SENTENCE, targetSites: ["edge1; rm -rf /"] } },
    { status: 422, code: "UNKNOWN_SITE", fields: ["targetSites"] },
  ],
  [
    "a substitution as a site",
    { body: { text: SENTENCE, targetSites: ["$(id)"] } },
    { status: 422, code: "UNKNOWN_SITE", fields: ["targetSites"] },
  ],
  ["a site of 65 characters", { body: { text: SENTENCE, targetSites: ["e".repeat(65)] } }, invalid("targetSites.0")],
  ["an Idempotency-Key with a blank", { body: { text: SENTENCE }, headers: { "idempotency-key": "a b" } }, invalid("Idempotency-Key")],
  [
    "an Idempotency-Key of 201 characters",
    { body: { text: SENTENCE }, headers: { "idempotency-key": "k".repeat(201) } },
    invalid("Idempotency-Key"),
  ],
];

test.each(BAD_INTENTS)("an intent with %s is refused, and nothing is stored", async (_name, options, expected) => {
  const { operate } = await createWorld();
  expect(refusal(await call("POST", INTENTS, { token: operate, ...options }))).toEqual(expected);
  expect(await stored()).toEqual([{ intents: 0, jobs: 0, keys: 0 }]);
});

test("tab, LF and CR are text, and 4,000 characters are not too many", async () => {
  const { operate } = await createWorld();
  const text = "Deploy eMBB\ton edge1\r\n".padEnd(4_000, "x");
  expect((await call("POST", INTENTS, { token: operate, body: { text } })).status).toBe(202);
});

const CODES: Record<number, string> = { 400: "VALIDATION", 404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED" };

const BAD_PATHS: [string, string, number][] = [
  ["GET", `${INTENTS}/..%2f..%2fetc`, 400],
  ["GET", `${INTENTS}/int_01;id`, 400],
  ["GET", `${INTENTS}/${encodeURIComponent("$(reboot)")}/events`, 400],
  ["POST", `${INTENTS}/${encodeURIComponent("int_01k0000000000000000000000`")}/cancel`, 400],
  ["GET", `${INTENTS}/int_01k00000000000000000000000`, 404],
  ["POST", `${INTENTS}/int_01k00000000000000000000000/cancel`, 404],
  ["GET", `/api/v1/deployments/..%2f..%2fetc/diff`, 400],
  ["GET", `/api/v1/deployments/dep_01k00000000000000000000000`, 404],
  ["POST", `/api/v1/deployments/dep_01k00000000000000000000000/rollback`, 404],
  ["GET", `/api/v1/sites/..%2f..%2fetc`, 404],
  ["GET", `/api/v1/sites/${encodeURIComponent("edge1|cat")}`, 404],
  ["GET", `/api/v1/nothing`, 404],
  ["DELETE", INTENTS, 405],
];

test.each(BAD_PATHS)("%s %s is refused with %i", async (method, path, status) => {
  const { operate } = await createWorld();
  const answer = await call(method, path, { token: operate });
  expect([answer.status, refusal(answer).code]).toEqual([status, CODES[status]]);
});

const BAD_QUERIES: [string, string][] = [
  [`${INTENTS}?limit=0`, "limit"],
  [`${INTENTS}?limit=201`, "limit"],
  [`${INTENTS}?limit=many`, "limit"],
  [`${INTENTS}?status=asleep`, "status"],
  [`${INTENTS}?q=`, "q"],
  [`${INTENTS}?page=2`, "page"],
  ["/api/v1/deployments?status=asleep", "status"],
  ["/api/v1/events?after=-1", "after"],
  ["/api/v1/events?after=1.5", "after"],
  ["/api/v1/events?limit=1001", "limit"],
];

test.each(BAD_QUERIES)("GET %s names the field", async (path, field) => {
  const { read } = await createWorld();
  expect(refusal(await call("GET", path, { token: read }))).toEqual(invalid(field));
});

test("a filter by an unknown site is refused by name", async () => {
  const { read } = await createWorld();
  const expected = { status: 422, code: "UNKNOWN_SITE", fields: ["site"] };
  expect(refusal(await call("GET", `${INTENTS}?site=edge77`, { token: read }))).toEqual(expected);
  expect(refusal(await call("GET", "/api/v1/deployments?site=..%2f", { token: read }))).toEqual(expected);
});

test("a body over 64 KiB is refused with 413, whether or not its length is told", async () => {
  const { operate } = await createWorld();
  const raw = JSON.stringify({ text: "a".repeat(65 * 1024) });
  const told = await call("POST", INTENTS, { token: operate, raw, headers: { ...json, "content-length": String(raw.length) } });
  expect(refusal(told)).toEqual({ status: 413, code: "PAYLOAD_TOO_LARGE" });
  const stream = new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode(raw));
      controller.close();
    },
  });
  expect(refusal(await call("POST", INTENTS, { token: operate, raw: stream, headers: json }))).toEqual({
    status: 413,
    code: "PAYLOAD_TOO_LARGE",
  });
  expect(await stored()).toEqual([{ intents: 0, jobs: 0, keys: 0 }]);
});

test("an agent's report may have up to 1 MiB and not more", async () => {
  const { agent } = await createWorld();
  const report = (bytes: number) => call("POST", "/agent/v1/report", { token: agent.credential, body: { padding: "a".repeat(bytes) } });
  expect(refusal(await report(900 * 1024)).code).toBe("VALIDATION"); // it was read
  expect(refusal(await report(1024 * 1024))).toEqual({ status: 413, code: "PAYLOAD_TOO_LARGE" });
});

test("an error says what, where and under which request id, and the id is in the header too", async () => {
  const { operate } = await createWorld();
  const answer = await call("POST", INTENTS, {
    token: operate,
    body: { text: SENTENCE, nonsense: true },
    headers: { "x-request-id": "from-me-1" },
  });
  expect(answer.as(ErrorBody.strict())).toEqual({
    error: {
      code: "VALIDATION",
      message: 'nonsense: Unrecognized key: "nonsense"',
      requestId: "from-me-1",
      details: [{ field: "nonsense", message: 'Unrecognized key: "nonsense"' }],
    },
  });
  expect(answer.headers.get("x-request-id")).toBe("from-me-1");
  const own = await call("GET", "/api/v1/nothing", { token: operate });
  expect(own.headers.get("x-request-id")).toBe(own.as(ErrorBody).error.requestId);
  expect(own.as(ErrorBody).error.requestId).toMatch(/^[0-9a-f-]{36}$/);
});
