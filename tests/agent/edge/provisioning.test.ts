// A cluster through O2 IMS: asked for, watched, given back; against the lab's service and against far ends that lie.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { createEdgePort } from "../../../agent/edge/edge.ts";
import type { EdgeSite } from "../../../agent/ports.ts";
import { labSiteConfigs } from "../../../lab/configs.ts";
import type { Lab } from "../../../lab/lab.ts";
import type { ProvisioningRequest } from "../../../protocol/site.ts";
import { setFaults, testLab } from "../../lab/support.ts";
import { edgeSite, never, serve } from "./support.ts";

const SPEC = path.join(import.meta.dirname, "../../../../shared/specs/o2ims/oran-o2ims/bundled/provisioning.openapi.json");
const POLL = { interval: 20, timeout: 10_000 };
const ID = "3f2c9a52-7a57-4d6e-9d0c-8a1f5b1f0c11";
const REQUEST: ProvisioningRequest = {
  provisioningRequestId: ID,
  name: "edge1-cluster",
  description: "A cluster for edge1",
  templateName: "edge-small",
  templateVersion: "v1",
  templateParameters: { clusterName: "edge1", nodes: 3 },
};

function siteOf(lab: Lab): EdgeSite {
  const site = createEdgePort({ sites: labSiteConfigs(lab.url, 1), secret: async () => undefined, timeoutMs: 400 }).site("edge1");
  if (site === undefined) throw new Error("the lab has no edge1");
  return site;
}

async function clusters(lab: Lab): Promise<string[]> {
  const { sites } = JSON.parse(await (await fetch(`${lab.url}/sites`)).text());
  return sites.find((site: { id: string }) => site.id === "edge1").clusters;
}

test("a cluster is asked for, becomes real in its phases, and is given back", async () => {
  const lab = await testLab({ sites: 1 });
  const site = siteOf(lab);
  expect(await site.provisioning(ID, never())).toEqual({ ok: true, value: null });
  expect(await site.provision(REQUEST, never())).toEqual({
    ok: true,
    value: { phase: "pending", message: "waiting to be processed", nodeClusterId: null },
  });
  const phases = new Set<string>();
  const look = async () => {
    const report = await site.provisioning(ID, never());
    const phase = report.ok ? (report.value?.phase ?? "gone") : report.error.kind;
    phases.add(phase);
    return phase;
  };
  await expect.poll(look, POLL).toBe("fulfilled");
  expect([...phases]).toEqual(["pending", "progressing", "fulfilled"]);
  const made = await site.provisioning(ID, never());
  expect(await clusters(lab)).toEqual([made.ok ? made.value?.nodeClusterId : null]);

  expect(await site.deprovision(ID, never())).toEqual({ ok: true, value: undefined });
  expect(await look()).toBe("deleting");
  await expect.poll(look, POLL).toBe("gone");
  expect(await clusters(lab)).toEqual([]);
  expect(await site.deprovision(ID, never())).toEqual({ ok: true, value: undefined });
});

test("asked for many times, at once and later, it is one cluster", async () => {
  const lab = await testLab({ sites: 1 });
  const site = siteOf(lab);
  const answers = await Promise.all(Array.from({ length: 8 }, () => site.provision(REQUEST, never())));
  expect(answers.filter((answer) => !answer.ok)).toEqual([]);
  await expect.poll(() => site.provisioning(ID, never()), POLL).toMatchObject({ value: { phase: "fulfilled" } });
  expect(await site.provision(REQUEST, never())).toMatchObject({
    ok: true,
    value: { phase: "fulfilled", nodeClusterId: expect.any(String) },
  });
  expect(await clusters(lab)).toHaveLength(1);
});

test("a provisioning that fails says so and leaves no cluster", async () => {
  const lab = await testLab({ sites: 1 });
  const site = siteOf(lab);
  await setFaults(lab, "edge1", { provisioning: "fail" });
  await site.provision(REQUEST, never());
  await expect
    .poll(() => site.provisioning(ID, never()), POLL)
    .toEqual({ ok: true, value: { phase: "failed", message: "simulated fault: the cluster installation failed", nodeClusterId: null } });
  await setFaults(lab, "edge1", { provisioning: "fail", message: "<b>no rack</b>" });
  expect(await site.provisioning(ID, never())).toMatchObject({ value: { phase: "failed", message: "<b>no rack</b>" } });
  await setFaults(lab, "edge1", {});
  expect(await site.provisioning(ID, never())).toMatchObject({ value: { phase: "failed" } });
  expect(await clusters(lab)).toEqual([]);
});

test("a provisioning that is stuck goes on when it is freed", async () => {
  const lab = await testLab({ sites: 1 });
  const site = siteOf(lab);
  await setFaults(lab, "edge1", { provisioning: "stuck" });
  await site.provision(REQUEST, never());
  await expect.poll(() => site.provisioning(ID, never()), POLL).toMatchObject({ value: { phase: "progressing" } });
  await setFaults(lab, "edge1", {});
  await expect.poll(() => site.provisioning(ID, never()), POLL).toMatchObject({ value: { phase: "fulfilled" } });
});

test("a service that hangs is given up within the bound, and the inventory beside it still answers", async () => {
  const lab = await testLab({ sites: 1 });
  const site = siteOf(lab);
  await setFaults(lab, "edge1", { provisioning: "hang" });
  const timeout = { ok: false, error: { kind: "timeout", message: "O2 IMS of edge1 did not answer within 400 ms" } };
  expect(await Promise.all([site.provision(REQUEST, never()), site.deprovision(ID, never())])).toEqual([timeout, timeout]);
  expect(await site.deploymentManager(never())).toMatchObject({ ok: true, value: { healthy: true } });
});

const info = (provisioningPhase: string, nodeClusterId = "") => ({
  provisioningRequestReference: ID,
  provisioningRequestData: REQUEST,
  provisionedResourceSet: { nodeClusterId, infrastructureResourceIds: [] },
  status: { updateTime: "2026-11-20T00:00:00Z", message: "m", provisioningPhase },
});

test.each([
  ["PENDING", "pending"],
  ["Progressing", "progressing"],
  ["fulfilled", "fulfilled"],
  ["FAILED", "failed"],
  ["DELETING", "deleting"],
  ["", "pending"], // its controller has not looked yet
])("the phase %j is %s", async (said, phase) => {
  const url = await serve((_req, res) => void res.writeHead(200).end(JSON.stringify(info(said, "c-1"))));
  expect(await edgeSite({ url }).provisioning(ID, never())).toEqual({ ok: true, value: { phase, message: "m", nodeClusterId: "c-1" } });
});

test.each([
  ["an unknown phase", 200, info("DREAMING"), "invalid", expect.stringContaining("not a ProvisioningRequestInfo")],
  ["no JSON", 200, undefined, "invalid", expect.stringContaining("not a ProvisioningRequestInfo")],
  ["an unprocessable template", 422, { detail: "no such template" }, "refused", "O2 IMS of edge1 answered 422: no such template"],
  ["a refused credential", 403, {}, "refused", "O2 IMS of edge1 refused the credential (403)"],
])("%s is a failure", async (_title, status, body, kind, message) => {
  const url = await serve((_req, res) => void res.writeHead(status).end(JSON.stringify(body) ?? "ok"));
  expect(await edgeSite({ url }).provision(REQUEST, never())).toEqual({ ok: false, error: { kind, message } });
});

test("a conflict about something else than the id is told, not taken for success", async () => {
  const url = await serve(
    (req, res) => void res.writeHead(req.method === "POST" ? 409 : 404).end(JSON.stringify({ detail: "the name edge1-cluster is taken" })),
  );
  expect(await edgeSite({ url }).provision(REQUEST, never())).toEqual({
    ok: false,
    error: { kind: "refused", message: "O2 IMS of edge1 answered 409: the name edge1-cluster is taken" },
  });
});

test.skipIf(!existsSync(SPEC))("what is sent and what the lab answers follow the official OpenAPI document", async () => {
  const { components } = JSON.parse(readFileSync(SPEC, "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const findings = (schema: string, value: unknown) => {
    ajv.validate({ components, ...components.schemas[schema] }, value);
    return ajv.errors ?? [];
  };
  const sent: { method: string | undefined; url: string | undefined; type: string | undefined; body: string }[] = [];
  const recorder = await serve(async (req, res) => {
    let body = "";
    for await (const chunk of req) body += chunk;
    sent.push({ method: req.method, url: req.url, type: req.headers["content-type"], body });
    res.writeHead(req.method === "DELETE" ? 202 : 201).end(JSON.stringify(info("PENDING")));
  });
  const site = edgeSite({ url: recorder });
  await site.provision(REQUEST, never());
  await site.deprovision(ID, never());
  const requests = "/o2ims/o2ims-infrastructureProvisioning/v1/provisioningRequests";
  expect(sent).toEqual([
    { method: "POST", url: requests, type: "application/json", body: JSON.stringify(REQUEST) },
    { method: "DELETE", url: `${requests}/${ID}`, type: undefined, body: "" },
  ]);
  expect(findings("ProvisioningRequestData", JSON.parse(sent[0]?.body ?? ""))).toEqual([]);

  const lab = await testLab({ sites: 1 });
  const root = `${lab.url}/sites/edge1/o2ims/o2ims-infrastructureProvisioning`;
  const ask = (method: string, subPath: string, body?: unknown) =>
    fetch(root + subPath, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const created = await ask("POST", "/v1/provisioningRequests", REQUEST);
  expect([created.status, created.headers.get("location")]).toEqual([
    201,
    `/o2ims-infrastructureProvisioning/v1/provisioningRequests/${ID}`,
  ]);
  expect(findings("ProvisioningRequestInfo", await created.json())).toEqual([]);
  const again = await ask("POST", "/v1/provisioningRequests", REQUEST);
  const bad = await ask("POST", "/v1/provisioningRequests", { ...REQUEST, extra: 1 });
  const unknown = await ask("GET", "/v1/provisioningRequests/00000000-0000-4000-8000-000000000000");
  expect([again.status, bad.status, unknown.status]).toEqual([409, 400, 404]);
  for (const answer of [again, bad, unknown]) expect(findings("ProblemDetails", await answer.json())).toEqual([]);
  await expect.poll(() => siteOf(lab).provisioning(ID, never()), POLL).toMatchObject({ value: { phase: "fulfilled" } });
  const listed = JSON.parse(await (await ask("GET", "/v1/provisioningRequests")).text());
  expect(listed).toHaveLength(1);
  expect(findings("ProvisioningRequestInfo", listed[0])).toEqual([]);
  const removed = await ask("DELETE", `/v1/provisioningRequests/${ID}`);
  expect([removed.status, await removed.text()]).toEqual([202, ""]);
  expect(findings("APIVersions", await (await ask("GET", "/api_versions")).json())).toEqual([]);
});
