// The set of sites that the port serves, and what a site is told to be when somebody adds it.
import type { RequestListener } from "node:http";
import { expect, test } from "vitest";
import { createEdgePort } from "../../../agent/edge/edge.ts";
import { labSiteConfigs } from "../../../lab/configs.ts";
import { SiteConfig } from "../../../protocol/site.ts";
import { clone, push, setFaults, siteFiles, testLab, untilSynced } from "../../lab/support.ts";
import { edgeSite, never, serve } from "./support.ts";

const TOKEN = "tok-very-secret-0123456789";
const sites = () => labSiteConfigs("http://127.0.0.1:1", 3);
const options = { secret: async () => undefined, timeoutMs: 400 };

test("a site whose configuration is as before keeps its adapter; one that changed gets a new one; one that left is gone", () => {
  const [edge1, edge2, edge3] = sites();
  if (edge1 === undefined || edge2 === undefined || edge3 === undefined) throw new Error("three sites");
  const port = createEdgePort({ sites: [edge1, edge2], ...options });
  const [one, two] = [port.site("edge1"), port.site("edge2")];
  const [sameAsBefore] = sites();
  port.use([sameAsBefore ?? edge1, { ...edge2, kube: { ...edge2.kube, sync: "flux" } }, edge3]);
  expect([port.site("edge1") === one, port.site("edge2") === two, port.site("edge3")?.id]).toEqual([true, false, "edge3"]);
  port.use([edge3]);
  expect([port.site("edge1"), port.site("edge2"), port.site("edge3")?.id]).toEqual([undefined, undefined, "edge3"]);
});

test("a configuration that its owner changes afterwards is seen as changed", () => {
  const [edge1] = sites();
  if (edge1 === undefined) throw new Error("one site");
  const port = createEdgePort({ sites: [edge1], ...options });
  const before = port.site("edge1");
  edge1.kube.name = "other";
  port.use([edge1]);
  expect(port.site("edge1") === before).toBe(false);
});

test("a probe is not served", () => {
  const [edge1] = sites();
  if (edge1 === undefined) throw new Error("one site");
  const port = createEdgePort({ sites: [], ...options });
  expect([port.probe(edge1).id, port.site("edge1")]).toEqual(["edge1", undefined]);
});

test.each(["configsync", "flux"] as const)("a right site passes every check (%s)", async (sync) => {
  const lab = await testLab({ sites: 1 });
  const commit = await push(await clone(lab), siteFiles("edge1", { video: {} }));
  await untilSynced(lab, commit);
  const [config] = labSiteConfigs(lab.url, 1);
  const site = createEdgePort({ sites: [], ...options }).probe(SiteConfig.parse({ ...config, kube: { ...config?.kube, sync } }));
  expect(await site.check(never())).toEqual([
    { name: "kube", ok: true, message: `synced at ${commit.slice(0, 7)}` },
    { name: "o2ims", ok: true, message: "deployment manager edge1 is present" },
    { name: "prometheus", ok: true, message: "answers queries" },
  ]);
});

test("each address that is wrong is told by itself, within the bound", async () => {
  const lab = await testLab({ sites: 1 });
  const [config] = labSiteConfigs(lab.url, 1);
  const port = createEdgePort({ sites: [], ...options });
  await setFaults(lab, "edge1", { metrics: "hang" });
  const site = port.probe(SiteConfig.parse({ ...config, kube: { ...config?.kube, name: "other" }, o2ims: { url: "http://127.0.0.1:1" } }));
  const started = performance.now();
  expect(await site.check(never())).toEqual([
    { name: "kube", ok: false, message: "Config Sync of edge1 answered 404: the server could not find the requested resource" },
    { name: "o2ims", ok: false, message: "O2 IMS of edge1 cannot be reached (no connection)" },
    { name: "prometheus", ok: false, message: "Prometheus of edge1 did not answer within 400 ms" },
  ]);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test("a Kustomization that does not wait for health is a wrong site, and says why", async () => {
  const metadata = { generation: 1 };
  const url = await serve((_req, res) => void res.writeHead(200).end(JSON.stringify({ metadata, spec: { wait: false } })));
  const [kube] = await edgeSite({ url, kube: { sync: "flux" } }).check(never());
  const message = "Flux of edge1: its Kustomization does not wait for health (spec.wait), so Flux cannot tell it";
  expect(kube).toEqual({ name: "kube", ok: false, message });
});

/** Answers as a right site would, to whoever brings the token. */
const guarded: RequestListener = (req, res) => {
  if (req.headers.authorization !== `Bearer ${TOKEN}`)
    return void res.writeHead(401).end(JSON.stringify({ message: `no: ${req.headers.authorization}` }));
  const body = req.url?.startsWith("/kube")
    ? { metadata: { generation: 1 } }
    : req.url?.startsWith("/o2ims")
      ? []
      : { status: "success", data: { resultType: "vector", result: [] } };
  res.writeHead(200).end(JSON.stringify(body));
};

const names = (checks: { name: string; ok: boolean }[]) => checks.map(({ name, ok }) => `${name} ${ok ? "ok" : "not ok"}`);

test("a credential that is there and accepted is told as such, and a site without a cluster is no wrong address", async () => {
  const checks = await edgeSite({ url: await serve(guarded), token: TOKEN }).check(never());
  const accepted = "the token in environment variable EDGE_TOKEN is accepted";
  expect(checks).toEqual([
    { name: "kube", ok: true, message: "syncing at no commit yet: Config Sync has reported nothing yet" },
    { name: "kube.credential", ok: true, message: accepted },
    { name: "o2ims", ok: true, message: "the inventory has no deployment manager of this site" },
    { name: "o2ims.credential", ok: true, message: accepted },
    { name: "prometheus", ok: true, message: "answers queries" },
    { name: "prometheus.credential", ok: true, message: accepted },
  ]);
});

test("a credential that is refused is told apart from an address that is wrong, and is in no message", async () => {
  const checks = await edgeSite({ url: await serve(guarded), token: "tok-wrong-0123456789" }).check(never());
  expect(names(checks)).toEqual([
    "kube ok",
    "kube.credential not ok",
    "o2ims ok",
    "o2ims.credential not ok",
    "prometheus ok",
    "prometheus.credential not ok",
  ]);
  expect(checks[1]?.message).toBe("the token in environment variable EDGE_TOKEN is refused (401)");
  expect(JSON.stringify(checks)).not.toContain("tok-");
});

test("a credential that is missing is told, and the address is tried all the same", async () => {
  const checks = await edgeSite({ url: await serve(guarded), token: undefined }).check(never());
  expect(checks.slice(0, 2)).toEqual([
    { name: "kube", ok: true, message: "it answers" },
    { name: "kube.credential", ok: false, message: "Config Sync of edge1: no token in environment variable EDGE_TOKEN" },
  ]);
});

test("a site that wants a credential and has none configured is not right", async () => {
  const checks = await edgeSite({ url: await serve(guarded) }).check(never());
  expect(names(checks)).toEqual(["kube not ok", "o2ims not ok", "prometheus not ok"]);
  expect(checks[0]?.message).toBe("Config Sync of edge1 wants a credential (401), and none is configured");
});

test("a credential that could not be tried is not called right", async () => {
  const checks = await edgeSite({ url: "http://127.0.0.1:1", token: TOKEN }).check(never());
  expect(checks[1]).toEqual({
    name: "kube.credential",
    ok: false,
    message: "the token in environment variable EDGE_TOKEN could not be tried: no answer",
  });
});
