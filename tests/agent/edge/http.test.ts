// How a site's API may misbehave, and what the adapter makes of it. The far end is a real server.
import type { RequestListener } from "node:http";
import { expect, test } from "vitest";
import { callJson } from "../../../agent/edge/http.ts";
import { edgeSite, never, serve } from "./support.ts";

const ID = "3f2c9a52-7a57-4d6e-9d0c-8a1f5b1f0c11";
const TOKEN = "tok-very-secret-0123456789";

const answer =
  (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
  (_req, res) =>
    void res.writeHead(status, { "content-type": "application/json", ...headers }).end(body);

test.each([
  ["401", answer(401, "{}"), "refused", "Config Sync of edge1 refused the credential (401)"],
  ["403", answer(403, '{"message":"forbidden"}'), "refused", "Config Sync of edge1 refused the credential (403)"],
  [
    "404",
    answer(404, '{"kind":"Status","message":"rootsyncs \\"root-sync\\" not found"}'),
    "refused",
    'Config Sync of edge1 answered 404: rootsyncs "root-sync" not found',
  ],
  [
    "503 with a problem",
    answer(503, '{"status":503,"title":"x","detail":"down for repair"}'),
    "refused",
    "Config Sync of edge1 answered 503: down for repair",
  ],
  ["500 without JSON", answer(500, "<html>"), "refused", "Config Sync of edge1 answered 500"],
  [
    "a redirect",
    answer(302, "", { location: "http://127.0.0.1:1/" }),
    "refused",
    "Config Sync of edge1 answered with a redirect (302), which is not followed",
  ],
  ["200 without JSON", answer(200, "ok"), "invalid", expect.stringContaining("not a RootSync")],
  ["200 of another shape", answer(200, '{"metadata":{"generation":"one"}}'), "invalid", expect.stringContaining("not a RootSync")],
  [
    "an endless body",
    (_req, res) => void res.writeHead(200).end("x".repeat(5 * 1024 * 1024)),
    "invalid",
    "Config Sync of edge1 answered more than 4 MiB",
  ],
  [
    "a cut connection",
    (req) => void req.socket.destroy(),
    "unreachable",
    expect.stringMatching(/^Config Sync of edge1 cannot be reached \([A-Z_]+\)$/),
  ],
] satisfies [string, RequestListener, string, unknown][])("%s", async (_title, listener, kind, message) => {
  const site = edgeSite({ url: await serve(listener) });
  expect(await site.syncReport(never())).toEqual({ ok: false, error: { kind, message } });
});

test("a port on which nobody listens is unreachable", async () => {
  const site = edgeSite({ url: "http://127.0.0.1:1" });
  expect(await site.deploymentManager(never())).toMatchObject({ ok: false, error: { kind: "unreachable" } });
});

test.each([
  ["that never answers", (() => undefined) as RequestListener],
  ["that begins a body and stops", ((_req, res) => void res.writeHead(200).write('{"metadata":')) as RequestListener],
])("a server %s is given up within the bound", async (_title, listener) => {
  const site = edgeSite({ url: await serve(listener), timeoutMs: 150 });
  const started = performance.now();
  expect(await site.syncReport(never())).toEqual({
    ok: false,
    error: { kind: "timeout", message: "Config Sync of edge1 did not answer within 150 ms" },
  });
  expect(performance.now() - started).toBeLessThan(1_500);
});

test("the caller's signal ends a call at once", async () => {
  const cancel = new AbortController();
  const url = await serve(() => cancel.abort());
  const report = await edgeSite({ url, timeoutMs: 30_000 }).syncReport(cancel.signal);
  expect(report).toEqual({
    ok: false,
    error: { kind: "timeout", message: "Config Sync of edge1: the call was cancelled before it was answered" },
  });
});

test("the token goes into the header and nowhere else", async () => {
  const seen: (string | undefined)[] = [];
  const url = await serve((req, res) => {
    seen.push(req.headers.authorization);
    res.writeHead(req.url?.startsWith("/kube") ? 403 : 500).end(JSON.stringify({ detail: "no" }));
  });
  const site = edgeSite({ url, token: TOKEN });
  const results = [await site.syncReport(never()), await site.deploymentManager(never()), await site.measure("a", "b", never())];
  expect(seen).toEqual(Array.from({ length: 4 }, () => `Bearer ${TOKEN}`));
  expect(JSON.stringify(results)).not.toContain(TOKEN);
});

test.each([
  [undefined, "no token in environment variable EDGE_TOKEN"],
  ["two\nlines", "the token in environment variable EDGE_TOKEN is malformed"],
])("without a usable token nothing is sent", async (token, message) => {
  let requests = 0;
  const url = await serve((_req, res) => {
    requests += 1;
    res.end();
  });
  expect(await edgeSite({ url, token }).syncReport(never())).toEqual({
    ok: false,
    error: { kind: "refused", message: `Config Sync of edge1: ${message}` },
  });
  expect(requests).toBe(0);
});

test("an address that carries a password is refused and not repeated", async () => {
  expect(() => edgeSite({ url: "http://user:hunter2@127.0.0.1:1" })).toThrow("must not carry a user or password");
  const api = { name: "Config Sync of edge1", baseUrl: "http://user:hunter2@127.0.0.1:1", timeoutMs: 1_000, secret: async () => undefined };
  const report = await callJson(api, { path: "/" }, never()); // the second lock
  expect(report).toMatchObject({ ok: false, error: { kind: "invalid" } });
  expect(JSON.stringify(report)).not.toContain("hunter2");
});

test("a client that is not read to its end closes its connection", async () => {
  const closed: Promise<unknown>[] = [];
  const url = await serve((req, res) => {
    closed.push(new Promise((resolve) => req.socket.once("close", resolve)));
    res.writeHead(200);
    res.write("x".repeat(5 * 1024 * 1024)); // and never the end
  });
  await edgeSite({ url }).syncReport(never());
  await Promise.all(closed);
});

test("an O2 IMS dialect for which there is no adapter says so, and nothing is sent", async () => {
  const site = edgeSite({ url: "http://127.0.0.1:1", o2ims: { dialect: "nephio-cr" } });
  const reports = [await site.deploymentManager(never()), await site.provisioning(ID, never()), await site.deprovision(ID, never())];
  const dialect = { ok: false, error: { kind: "invalid", message: "this agent has no adapter for the O2 IMS dialect nephio-cr of edge1" } };
  expect(reports).toEqual([dialect, dialect, dialect]);
});

test("a server that repeats the token in its error does not get it into ours", async () => {
  const url = await serve((req, res) => void res.writeHead(500).end(JSON.stringify({ message: `bad ${req.headers.authorization}` })));
  expect(await edgeSite({ url, token: TOKEN }).syncReport(never())).toEqual({
    ok: false,
    error: { kind: "refused", message: "Config Sync of edge1 answered 500: bad Bearer [redacted]" },
  });
});
