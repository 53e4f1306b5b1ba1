// /api/v1/slices: what is live, and the commands about it, each of them an intent.
import { expect, test } from "vitest";
import { IntentAccepted, SlicePage } from "../../protocol/api.ts";
import { order, prepare, said, sliceOf } from "./changes.ts";
import { type Answer, call, createWorld, intentOf, refusal, rows, type World } from "./harness.ts";
import { planOutput, takeOf } from "./story.ts";

const list = async (world: World, query = "") =>
  (await call("GET", `/api/v1/slices${query}`, { token: world.read })).as(SlicePage).slices.map((slice) => slice.slice);

const post = (world: World, path: string, body?: unknown, token = world.operate) =>
  call("POST", `/api/v1/slices${path}`, { token, ...(body === undefined ? {} : { body }) });

test("live slices are listed by name, and by any spelling of a site", async () => {
  const world = await createWorld({ sites: 2 });
  await said(world, "Deploy eMBB slice video-7 on edge1 and edge2 with 200 Mbps");
  await said(world, "Deploy URLLC slice arm-1 on edge2 with 10 Mbps");
  expect(await list(world)).toEqual(["arm-1", "video-7"]);
  expect([await list(world, "?site=Edge%201"), await list(world, "?site=edge02")]).toEqual([["video-7"], ["arm-1", "video-7"]]);
  expect(refusal(await call("GET", "/api/v1/slices?site=edge9", { token: world.read }))).toMatchObject({ code: "UNKNOWN_SITE" });
});

test("a slice shows what it holds where, by which deployment, its objectives and its alerts", async () => {
  const world = await createWorld();
  const { intentId, deploymentId } = await said(world, "Deploy eMBB slice video-7 with SST 1 SD 0a0b0c on edge1 with 200 Mbps", {
    priority: 7,
  });
  const { commits } = (await intentOf(world, intentId)).deployment ?? {};
  expect(await sliceOf(world, "video-7")).toEqual({
    slice: "video-7",
    intentId,
    serviceType: "eMBB",
    snssai: { sst: 1, sd: "0a0b0c" },
    priority: 7,
    requirements: { downlinkMbps: 200 },
    sites: [{ site: "edge1", deploymentId, downlinkMbps: 200, uplinkMbps: 50, maxDevices: 1000 }],
    latest: { deploymentId, intentId, sites: ["edge1"], commits, renderedFor: intentId },
    busy: null,
    objectives: expect.arrayContaining([expect.objectContaining({ name: "throughputMin", threshold: 200 })]),
    alerts: 0,
  });
});

test("a deploy in data is an intent with its words, its command and its plan", async () => {
  const world = await createWorld({ sites: 2 });
  const body = { slice: "tv-1", serviceType: "eMBB", sites: ["Edge 2", "edge1"], requirements: { downlinkMbps: 80, latencyMs: 20 } };
  const { intentId } = (await post(world, "", body)).as(IntentAccepted);
  const record = await intentOf(world, intentId);
  expect(record).toMatchObject({
    text: "Deploy eMBB slice named tv-1 on edge2, edge1 with 80 Mbps downlink, 20 ms latency",
    action: "deploy",
    slice: "tv-1",
    sites: ["edge2", "edge1"],
    command: { action: "deploy", serviceType: "eMBB", slice: "tv-1", sites: ["edge2", "edge1"], requirements: body.requirements },
  });
  const { plan } = planOutput(await takeOf(world.agent, intentId));
  expect(plan).toMatchObject({ slice: "tv-1", sites: ["edge2", "edge1"], requirements: body.requirements });
});

test("commands carry their words, and no body means all sites", async () => {
  const world = await createWorld({ sites: 2 });
  await said(world, "Deploy eMBB slice video-7 on edge1 and edge2 with 200 Mbps");
  const wordsOf = async (answer: Answer) => (await intentOf(world, answer.as(IntentAccepted).intentId)).text;
  expect(await wordsOf(await post(world, "/video-7/terminate"))).toBe("Terminate slice video-7");
  expect(await wordsOf(await post(world, "/video-7/rollback", { sites: ["edge-2"] }))).toBe("Roll back slice video-7 on edge2");
  expect(await wordsOf(await post(world, "/video-7/rerender", {}))).toBe("Put back the files of slice video-7");
  expect(await wordsOf(await post(world, "/video-7/scale", { requirements: { downlinkMbps: 400, maxDevices: 5 } }))).toBe(
    "Scale slice video-7 to 400 Mbps downlink, 5 devices",
  );
});

test("how it is carried out is kept: policy, approval, rollout, priority, dry run", async () => {
  const world = await createWorld({ sites: 2 });
  await said(world, "Deploy eMBB slice video-7 on edge1 and edge2 with 200 Mbps");
  const execution = { policy: "pause", approval: "required", priority: 8, preempt: true, dryRun: true };
  const intentId = await order(world, "terminate", "video-7", { ...execution, rollout: { canary: "edge01", bakeSeconds: 9 } });
  expect(await prepare(world, intentId)).toMatchObject({ ...execution, status: "parsed", rollout: { canary: "edge1", bakeSeconds: 9 } });
});

const BAD: [string, string, unknown, object][] = [
  ["a scale of nothing", "/video-7/scale", { requirements: {} }, { status: 400, code: "VALIDATION", fields: ["requirements"] }],
  ["a scale without requirements", "/video-7/scale", {}, { status: 400, code: "VALIDATION", fields: ["requirements"] }],
  [
    "a negative bandwidth",
    "/video-7/scale",
    { requirements: { downlinkMbps: -1 } },
    { status: 400, code: "VALIDATION", fields: ["requirements.downlinkMbps"] },
  ],
  ["an unknown field", "/video-7/terminate", { force: true }, { status: 400, code: "VALIDATION", fields: ["force"] }],
  ["an unknown site", "/video-7/terminate", { sites: ["edge9"] }, { status: 422, code: "UNKNOWN_SITE", fields: ["sites"] }],
  ["a slice that is not live", "/kite-12/terminate", {}, { status: 404, code: "NOT_FOUND" }],
  ["a name that is no label", "/..%2fetc/terminate", {}, { status: 400, code: "VALIDATION", fields: ["name"] }],
  ["an action that does not exist", "/video-7/explode", {}, { status: 404, code: "NOT_FOUND" }],
  ["a deploy without a site", "", { serviceType: "eMBB", sites: [] }, { status: 400, code: "VALIDATION", fields: ["sites"] }],
  ["a deploy of no type", "", { sites: ["edge1"] }, { status: 400, code: "VALIDATION", fields: ["serviceType"] }],
];

test.each(BAD)("%s is refused, and nothing is stored", async (_, path, body, expected) => {
  const world = await createWorld();
  await said(world, "Deploy eMBB slice video-7 on edge1 with 200 Mbps");
  expect(refusal(await post(world, path, body))).toEqual(expected);
  expect(await rows("select count(*) n from intents")).toEqual([{ n: 1 }]);
});

test("a reader may look and not touch; without a token there is nothing to see", async () => {
  const world = await createWorld();
  await said(world, "Deploy eMBB slice video-7 on edge1 with 200 Mbps");
  expect(refusal(await post(world, "/video-7/terminate", {}, world.read))).toEqual({ status: 403, code: "FORBIDDEN" });
  expect(refusal(await call("GET", "/api/v1/slices"))).toEqual({ status: 401, code: "UNAUTHENTICATED" });
});

test("the same key is one intent", async () => {
  const world = await createWorld();
  await said(world, "Deploy eMBB slice video-7 on edge1 with 200 Mbps");
  const terminate = () =>
    call("POST", "/api/v1/slices/video-7/terminate", { token: world.operate, body: {}, headers: { "idempotency-key": "t" } });
  const answers = await Promise.all(Array.from({ length: 5 }, terminate));
  expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body]))).size).toBe(1);
  expect(await rows("select count(*) n from intents")).toEqual([{ n: 2 }]);
});
