import { expect, test } from "vitest";
import { createWorkerClient } from "../../../agent/worker-client.ts";
import { newId } from "../../../protocol/ids.ts";
import { startFakeWorker } from "../../helpers/fake-worker.ts";
import { newLease } from "./assemble.ts";

async function pair() {
  const worker = await startFakeWorker();
  const client = createWorkerClient({ baseUrl: worker.url, credential: worker.credential, version: "0.0.0", timeoutMs: 500 });
  return { worker, client, claim: () => client.claim({ instanceId: newId("inst"), slots: 1 }) };
}

test("an answer is parsed and returned", async () => {
  const { worker, client, claim } = await pair();
  expect(await claim()).toEqual({ ok: true, value: { job: null } });
  expect(await client.ticket({})).toEqual({ ok: true, value: { ticket: expect.stringMatching(/^tok_/), expiresInMs: 60_000 } });
  await worker.close();
});

test.for([
  ["hang", { kind: "timeout", message: "no answer within 500 ms" }],
  ["cut", { kind: "network", message: expect.stringContaining("closed") }],
  ["lie", { kind: "invalid", message: "HTTP 200 with an answer that does not fit the schema" }],
  ["proxy", { kind: "invalid", message: "HTTP 502 without an error body of ours" }],
] as const)("a worker that does %s gives a value, not an exception", async ([fault, error]) => {
  const { worker, claim } = await pair();
  worker.fault("claim", fault);
  expect(await claim()).toEqual({ ok: false, error });
  await worker.close();
});

test("a refusal comes with its code, status and request id", async () => {
  const { worker, client } = await pair();
  expect(await client.extend({ lease: newLease() })).toEqual({
    ok: false,
    error: { kind: "api", code: "LEASE_LOST", status: 409, message: "LEASE_LOST (request req-test)" },
  });
  await worker.close();
});

test("a worker that is not there and a call that is given up are network errors", async () => {
  const { worker, client, claim } = await pair();
  worker.fault("ticket", "hang");
  const controller = new AbortController();
  const given = client.ticket({}, { signal: controller.signal, timeoutMs: 60_000 });
  controller.abort();
  expect(await given).toEqual({ ok: false, error: { kind: "network", message: "the call was given up" } });
  await worker.close();
  expect(await claim()).toEqual({ ok: false, error: { kind: "network", message: expect.stringContaining("ECONNREFUSED") } });
});

test("the credential never appears in an error", async () => {
  const { worker, claim } = await pair();
  worker.revoke();
  const answer = await claim();
  expect(answer).toMatchObject({ ok: false, error: { code: "UNAUTHENTICATED", status: 401 } });
  expect(JSON.stringify(answer)).not.toContain(worker.credential);
  await worker.close();
});
