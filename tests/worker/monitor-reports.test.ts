// Reports of pipelines and edges that are not ours: shown and marked, in either form, bounded, and without any effect.
import { expect, test } from "vitest";
import { EventPage } from "../../protocol/api.ts";
import { EdgeUpdated, MonitorPipelines, MonitorState, PipelineStarted, PipelineUpdated } from "../../protocol/monitor.ts";
import { type Answer, call, createWorld, refusal, rows, submit, type World } from "./harness.ts";

const post = ({ operate }: World, path: string, body?: unknown): Promise<Answer> =>
  call("POST", `/api/v1/${path}`, { token: operate, ...(body === undefined ? {} : { body }) });
const start = (world: World, intent_id: string, intent_text = "from CI") => post(world, "pipeline/start", { intent_id, intent_text });
const pipelinesOf = async ({ read }: World) => (await call("GET", "/api/v1/monitoring/pipeline", { token: read })).as(MonitorPipelines);
const edgesOf = async ({ read }: World) => (await call("GET", "/api/v1/metrics", { token: read })).as(MonitorState).edge_status;
const told = async ({ read }: World) =>
  (await call("GET", "/api/v1/events?limit=1000", { token: read }))
    .as(EventPage)
    .events.filter((event) => event.type === "integration.updated");

test("a pipeline that starts elsewhere is shown, marked external, and moves by its reports", async () => {
  const world = await createWorld();
  const started = await start(world, "ci-1");
  const { pipeline } = started.as(PipelineStarted.strict());
  expect([started.status, pipeline]).toEqual([
    200,
    {
      ...{
        intent_id: "ci-1",
        intent_text: "from CI",
        status: "running",
        current_stage: "input_received",
        duration_ms: null,
        external: true,
      },
      ...{ start_time: expect.any(String), updated_at: expect.any(String) },
      stages: [{ stage: "input_received", timestamp: expect.any(String), site: null, metadata: {} }],
    },
  ]);
  const moved = await post(world, "pipeline/update", { intent_id: "ci-1", stage: "krm_generated", metadata: { files: 3 } });
  expect([moved.status, moved.as(PipelineUpdated.strict())]).toEqual([200, { status: "updated", stage: "krm_generated" }]);
  await post(world, "pipeline/update", { intent_id: "ci-1", stage: "completed", metadata: null });
  const { current_pipeline, pipelines } = await pipelinesOf(world);
  expect(pipelines).toEqual([current_pipeline]);
  expect(current_pipeline).toMatchObject({ intent_id: "ci-1", status: "completed", current_stage: "completed", external: true });
  expect(current_pipeline?.stages.map(({ stage, metadata }) => [stage, metadata])).toEqual([
    ["input_received", {}],
    ["krm_generated", { files: 3 }],
    ["completed", {}],
  ]);
});

test("a report may come in the query, with its metadata as JSON text or as the body", async () => {
  const world = await createWorld();
  const query = (fields: Record<string, string>) => `?${new URLSearchParams(fields)}`;
  expect((await post(world, `pipeline/start${query({ intent_id: "q 1", intent_text: "部署 eMBB & more" })}`)).status).toBe(200);
  await post(world, `pipeline/update${query({ stage: "intent_parsed" })}`);
  await post(world, `pipeline/update${query({ stage: "krm_generated", metadata: '{"files":3}' })}`);
  await post(world, `pipeline/update${query({ stage: "gitops_pushed" })}`, { commit: "abc" });
  const edge = await post(world, `edge/update${query({ edge: "edge01", status: "deploying", metadata: '{"deployments":1}' })}`);
  expect(edge.as(EdgeUpdated.strict())).toEqual({ status: "updated", edge: "edge1" });
  const [pipeline] = (await pipelinesOf(world)).pipelines;
  expect([pipeline?.intent_id, pipeline?.intent_text]).toEqual(["q 1", "部署 eMBB & more"]);
  expect(pipeline?.stages.slice(1).map(({ stage, metadata }) => [stage, metadata])).toEqual([
    ["intent_parsed", {}],
    ["krm_generated", { files: 3 }],
    ["gitops_pushed", { commit: "abc" }],
  ]);
  expect((await edgesOf(world))["edge1"]?.external).toMatchObject({ status: "deploying", metadata: { deployments: 1 } });
});

test.each([
  ["an unknown stage", "pipeline/update", { intent_id: "ci-1", stage: "polishing" }, "stage"],
  ["no stage", "pipeline/update", { intent_id: "ci-1" }, "stage"],
  ["an unknown field", "pipeline/update", { stage: "completed", colour: "red" }, "colour"],
  ["metadata that is a list", "pipeline/update", { stage: "completed", metadata: [1] }, "metadata"],
  ["metadata that is too long", "pipeline/update", { stage: "completed", metadata: { log: "x".repeat(2_000) } }, "metadata"],
  ["no id", "pipeline/start", { intent_text: "x" }, "intent_id"],
  ["an id that is none", "pipeline/start", { intent_id: "../x", intent_text: "x" }, "intent_id"],
  ["no text", "pipeline/start", { intent_id: "ci-2" }, "intent_text"],
  ["an empty text", "pipeline/start", { intent_id: "ci-2", intent_text: " " }, "intent_text"],
  ["a text with control characters", "pipeline/start", { intent_id: "ci-2", intent_text: "\u0007" }, "intent_text"],
  ["no edge", "edge/update", { status: "up" }, "edge"],
  ["an edge that is no name", "edge/update", { edge: "__proto__", status: "up" }, "edge"],
  ["a status that is no word", "edge/update", { edge: "edge1", status: "<b>" }, "status"],
])("%s is refused and named, in either form", async (_name, path, report, field) => {
  const world = await createWorld();
  await start(world, "ci-1");
  const refused = { status: 400, code: "VALIDATION", fields: [field] };
  expect(refusal(await post(world, path, report))).toEqual(refused);
  const fields = Object.entries(report).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
  expect(refusal(await post(world, `${path}?${new URLSearchParams(fields)}`))).toMatchObject(refused);
  expect(await told(world)).toHaveLength(1);
});

test("a body or metadata that is no JSON is refused and named; an empty report lacks everything", async () => {
  const world = await createWorld();
  const raw = await call("POST", "/api/v1/edge/update", {
    token: world.operate,
    raw: "{",
    headers: { "content-type": "application/json" },
  });
  expect(refusal(raw)).toEqual({ status: 400, code: "VALIDATION", fields: ["body"] });
  const named = { status: 400, code: "VALIDATION", fields: ["metadata"] };
  expect(refusal(await post(world, "pipeline/update?stage=completed&metadata={"))).toEqual(named);
  expect(refusal(await post(world, "edge/update"))).toEqual({ status: 400, code: "VALIDATION", fields: ["edge", "status"] });
});

test("an update without an id moves the pipeline that was started last; without any pipeline it is 404", async () => {
  const world = await createWorld();
  const nothing = { status: 404, code: "NOT_FOUND" };
  expect(refusal(await post(world, "pipeline/update", { stage: "completed" }))).toEqual(nothing);
  await start(world, "ci-2");
  await start(world, "ci-1");
  await post(world, "pipeline/update", { intent_id: "ci-2", stage: "krm_generated" });
  await post(world, "pipeline/update", { stage: "failed" });
  expect((await pipelinesOf(world)).pipelines.map((p) => [p.intent_id, p.current_stage]).sort()).toEqual([
    ["ci-1", "failed"],
    ["ci-2", "krm_generated"],
  ]);
  expect(refusal(await post(world, "pipeline/update", { intent_id: "ci-3", stage: "completed" }))).toEqual(nothing);
});

test("an intent of our own is refused: 409, and nothing of it moves", async () => {
  const world = await createWorld();
  const intentId = await submit(world);
  const before = await rows("select * from intents");
  const refused = { status: 409, code: "CONFLICT", fields: ["intent_id"] };
  expect(refusal(await start(world, intentId))).toEqual(refused);
  expect(refusal(await post(world, "pipeline/update", { intent_id: intentId, stage: "completed" }))).toEqual(refused);
  expect([await rows("select * from intents"), await rows("select * from external_pipelines")]).toEqual([before, []]);
});

test("reports touch no job, no intent and no site", async () => {
  const world = await createWorld();
  await submit(world);
  const ours = () =>
    Promise.all(["intents", "jobs", "job_sites", "sites", "deployments", "slices"].map((name) => rows(`select * from ${name}`)));
  const before = await ours();
  await start(world, "ci-1");
  await post(world, "pipeline/update", { stage: "completed" });
  await post(world, "edge/update", { edge: "Edge 1", status: "offline", metadata: { deployments: 99, commit: "x" } });
  expect(await ours()).toEqual(before);
  for (const event of await told(world)) expect([event.intentId, event.jobId, event.site, event.stage]).toEqual([null, null, null, null]);
});

test("what others say of a site of ours stands beside what our agents see, by any spelling; other edges are theirs alone", async () => {
  const world = await createWorld();
  await rows("update sites set status = 'healthy', [commit] = ?, last_sync = 1000", "a".repeat(40));
  for (const edge of ["edge01", "Edge-1", "site 1"]) await post(world, "edge/update", { edge, status: `said by ${edge}` });
  await post(world, "edge/update", { edge: "edge77", status: "up", metadata: { deployments: 4 } });
  const at = expect.stringMatching(/Z$/);
  expect(await edgesOf(world)).toEqual({
    edge1: {
      ...{ status: "healthy", last_sync: "1970-01-01T00:00:01.000Z", commit: "a".repeat(40), deployments: 0 },
      external: { status: "said by site 1", metadata: {}, updated_at: at },
    },
    edge77: {
      ...{ status: "up", last_sync: null, commit: null, deployments: 0 },
      external: { status: "up", metadata: { deployments: 4 }, updated_at: at },
    },
  });
});

test("each report is one durable event with who made it; a report that is repeated is none", async () => {
  const world = await createWorld();
  for (let i = 0; i < 2; i += 1) {
    await start(world, "ci-1");
    await post(world, "pipeline/update", { intent_id: "ci-1", stage: "krm_generated", metadata: { files: 3 } });
    await post(world, "pipeline/update", { intent_id: "ci-1", stage: "krm_generated", metadata: { files: 3 } });
    await post(world, "edge/update", { edge: "edge1", status: "up" });
  }
  const by = "operate token";
  const pipeline = { kind: "pipeline", pipelineId: "ci-1", text: "from CI", by };
  expect((await told(world)).map((event) => event.data)).toEqual([
    { ...pipeline, change: "started", stage: "input_received", metadata: {} },
    { ...pipeline, change: "moved", stage: "krm_generated", metadata: { files: 3 } },
    { kind: "edge", edge: "edge1", status: "up", metadata: {}, by },
  ]);
});

test("a pipeline that has ended may start again under its id, and is the newest then", async () => {
  const world = await createWorld();
  await start(world, "ci-1");
  await post(world, "pipeline/update", { stage: "failed" });
  await start(world, "ci-2");
  const again = (await start(world, "ci-1", "another try")).as(PipelineStarted).pipeline;
  expect(again).toMatchObject({ intent_text: "another try", status: "running", stages: [{ stage: "input_received" }] });
  await post(world, "pipeline/update", { stage: "completed" });
  expect((await pipelinesOf(world)).pipelines.find((p) => p.intent_id === "ci-1")?.current_stage).toBe("completed");
});

test("reports that come at once are all kept; of very many the first and the newest", async () => {
  const world = await createWorld();
  await start(world, "ci-1");
  await Promise.all(
    Array.from({ length: 60 }, (_, n) => post(world, "pipeline/update", { intent_id: "ci-1", stage: "edge_deploying", metadata: { n } })),
  );
  const stages = (await pipelinesOf(world)).pipelines[0]?.stages ?? [];
  expect([stages.length, stages[0]?.stage, await told(world)]).toEqual([40, "input_received", expect.objectContaining({ length: 61 })]);
});

test("1,000 pipelines and 200 edges of others are kept; the oldest go", async () => {
  const world = await createWorld();
  await rows(`insert into external_pipelines (id, text, stage, stages, created_at, updated_at)
    with recursive k(n) as (select 1 union all select n + 1 from k where n < 1000)
    select 'ci-' || n, 'x', 'completed', '[]', n, n from k`);
  await rows(`insert into external_edges (edge, status, metadata, updated_at)
    with recursive k(n) as (select 1 union all select n + 1 from k where n < 200) select 'far-' || n, 'up', '{}', n from k`);
  await start(world, "newest");
  await post(world, "edge/update", { edge: "far-new", status: "up" });
  const ends = (table: string, key: string, order: string) =>
    rows(`select count(*) n, (select ${key} from ${table} order by ${order} limit 1) oldest from ${table}`);
  expect(await ends("external_pipelines", "id", "created_at")).toEqual([{ n: 1000, oldest: "ci-2" }]);
  expect(await ends("external_edges", "edge", "updated_at")).toEqual([{ n: 200, oldest: "far-2" }]);
});

test("a reader may not report", async () => {
  const world = await createWorld();
  for (const path of ["pipeline/start", "pipeline/update", "edge/update"])
    expect(refusal(await call("POST", `/api/v1/${path}`, { token: world.read, body: {} }))).toEqual({ status: 403, code: "FORBIDDEN" });
});
