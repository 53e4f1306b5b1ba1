import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import * as z from "zod";
import { objectivesFor } from "../../intent/objectives.ts";
import { OpenSloDocument } from "../../intent/openslo.ts";
import { newId } from "../../protocol/ids.ts";
import { call, createWorld, refusal } from "./harness.ts";

/** A deployment as the store has it once it is settled: only what is read of the plan. */
async function seedSlice({ slice, sites, status }: { slice: string; sites: string[]; status: string }): Promise<void> {
  const id = newId("dep");
  const objectives = objectivesFor("eMBB", { downlinkMbps: 100, latencyMs: 20 });
  const plan = { slice, sites, objectives, serviceType: "eMBB", snssai: { sst: 1, sd: "0000aa" } };
  await env.DB.prepare(
    `insert into deployments (id, intent_id, action, slice, plan, service_type, sst, sd, status, digest, diff, commits, created_at, updated_at)
     values (?, ?, 'deploy', ?, ?, 'eMBB', 1, '0000aa', ?, '', '[]', '[]', 0, 0)`,
  )
    .bind(id, newId("int"), slice, JSON.stringify(plan), status)
    .run();
  for (const site of sites)
    await env.DB.prepare(
      "insert into slice_sites (slice, site, deployment_id, downlink_mbps, uplink_mbps, max_devices) values (?, ?, ?, 1, 1, 1)",
    )
      .bind(slice, site, id)
      .run();
}

test("a slice in force is told as OpenSLO, in YAML or JSON, per site and objective", async () => {
  const { read } = await createWorld({ sites: 2 });
  await seedSlice({ slice: "video-1", sites: ["edge1", "edge2"], status: "live" });
  const path = "/api/v1/slices/video-1/openslo";
  const json = await call("GET", path, { token: read, headers: { accept: "application/json" } });
  const documents = json.as(z.array(OpenSloDocument));
  expect(documents.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "Service video-1",
    ...["edge1", "edge2"].flatMap((site) => [
      `DataSource ${site}-prometheus`,
      ...["latency-p95", "throughput-min", "availability"].map((name) => `SLO video-1-${site}-${name}`),
    ]),
  ]);
  const yaml = await call("GET", path, { token: read });
  expect(yaml.headers.get("content-type")).toBe("application/yaml; charset=utf-8");
  expect(parseAllDocuments(String(yaml.body)).map((one) => one.toJS())).toEqual(documents);
});

test("a slice that is nowhere in force has none, and a token is needed", async () => {
  const { read } = await createWorld();
  expect(refusal(await call("GET", "/api/v1/slices/nothing/openslo", { token: read }))).toEqual({ status: 404, code: "NOT_FOUND" });
  expect(refusal(await call("GET", "/api/v1/slices/No_Name/openslo", { token: read }))).toMatchObject({ status: 400, code: "VALIDATION" });
  expect(refusal(await call("GET", "/api/v1/slices/nothing/openslo"))).toEqual({ status: 401, code: "UNAUTHENTICATED" });
});

test("Prometheus is told the objectives of live slices, and of no others, and which sites are well", async () => {
  const { read, agent } = await createWorld({ sites: 2 });
  await seedSlice({ slice: "live-1", sites: ["edge1"], status: "live" });
  await seedSlice({ slice: "new-1", sites: ["edge1"], status: "applying" });
  await env.DB.prepare("update sites set status = 'healthy' where id = 'edge1'").run();
  await env.DB.prepare("update sites set status = 'unreachable' where id = 'edge2'").run();
  expect(agent.sites).toEqual(["edge1", "edge2"]);
  const text = String((await call("GET", "/metrics", { token: read })).body);
  expect(text.split("\n").filter((line) => /^(slice_objective|edge_site_healthy)\{/.test(line))).toEqual([
    'edge_site_healthy{edge_site="edge1"} 1',
    'edge_site_healthy{edge_site="edge2"} 0',
    'slice_objective{edge_site="edge1",slice="live-1",objective="latencyP95",comparator="lte"} 20',
    'slice_objective{edge_site="edge1",slice="live-1",objective="throughputMin",comparator="gte"} 100',
    'slice_objective{edge_site="edge1",slice="live-1",objective="availability",comparator="gte"} 99.9',
  ]);
});
