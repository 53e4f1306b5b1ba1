// The fault switches: strict reading, replacement as a whole, and the control routes around them.
import { expect, test } from "vitest";
import { NO_FAULTS, parseFaults } from "../../lab/faults.ts";
import { setFaults, siteViews, testLab } from "./support.ts";

test.each([
  ["an empty object is no fault", {}, NO_FAULTS],
  ["a subset leaves the rest at its default", { sync: "stuck", unreachable: true }, { ...NO_FAULTS, sync: "stuck", unreachable: true }],
  ["objectives are overridden one by one", { slo: { latencyMs: 80 } }, { ...NO_FAULTS, slo: { latencyMs: 80 } }],
  [
    "every switch at once",
    {
      sync: "slow",
      health: "fail",
      o2ims: "hang",
      metrics: "nan",
      drift: "removed",
      provisioning: "stuck",
      slo: { throughputMbps: 1, availabilityPercent: 98.5 },
      unreachable: false,
    },
    {
      sync: "slow",
      health: "fail",
      o2ims: "hang",
      metrics: "nan",
      drift: "removed",
      provisioning: "stuck",
      slo: { throughputMbps: 1, availabilityPercent: 98.5 },
      unreachable: false,
    },
  ],
  [
    "a text of its own is kept as it stands",
    { sync: "fail", message: " <b>\u001b[31m\n" },
    { ...NO_FAULTS, sync: "fail", message: " <b>\u001b[31m\n" },
  ],
])("%s", (_title, body, expected) => {
  expect(parseFaults(body)).toEqual({ ok: true, value: expected });
});

test.each([
  [null, "body"],
  [[], "body"],
  [{ gravity: "off" }, "gravity"],
  [{ toString: "x" }, "toString"],
  [{ sync: "sometimes" }, "sync"],
  [{ health: 1 }, "health"],
  [{ o2ims: "none" }, "o2ims"],
  [{ metrics: null }, "metrics"],
  [{ drift: true }, "drift"],
  [{ provisioning: "slow" }, "provisioning"],
  [{ unreachable: "yes" }, "unreachable"],
  [{ message: 5 }, "message"],
  [{ message: "" }, "message"],
  [{ message: "x".repeat(8_001) }, "message"],
  [{ slo: 5 }, "slo"],
  [{ slo: { jitterMs: 5 } }, "slo.jitterMs"],
  [{ slo: { latencyMs: -1 } }, "slo.latencyMs"],
  [{ slo: { latencyMs: "80" } }, "slo.latencyMs"],
  [{ slo: { availabilityPercent: 101 } }, "slo.availabilityPercent"],
])("%j is refused and the field is named", (body, field) => {
  const parsed = parseFaults(body);
  expect(parsed.ok ? null : parsed.fault.field).toBe(field);
});

test("a put replaces the whole set and a delete clears it", async () => {
  const lab = await testLab();
  expect((await setFaults(lab, "edge1", { o2ims: "fail", sync: "slow" })).status).toBe(200);
  expect(await (await setFaults(lab, "edge1", { metrics: "none" })).json()).toEqual({
    site: "edge1",
    faults: { ...NO_FAULTS, metrics: "none" },
  });
  expect((await siteViews(lab)).map((view) => view.faults)).toEqual([{ ...NO_FAULTS, metrics: "none" }, NO_FAULTS]);
  expect(await (await fetch(`${lab.url}/sites/edge1/faults`, { method: "DELETE" })).json()).toEqual({ site: "edge1", faults: NO_FAULTS });
});

test("the text of the fault is what the site says of every failure, and is gone with the fault", async () => {
  const lab = await testLab();
  const message = "<script>alert(1)</script>";
  const sync = async () => (await siteViews(lab))[0]?.message;
  const inventory = async () => (await fetch(`${lab.url}/sites/edge1/o2ims/o2ims-infrastructureInventory/v2`)).text();
  await setFaults(lab, "edge1", { sync: "fail", o2ims: "fail", message });
  await expect.poll(sync, { interval: 10, timeout: 10_000 }).toBe(`KNV2009: ${message}`);
  expect(JSON.parse(await inventory())).toMatchObject({ status: 503, detail: message });
  await setFaults(lab, "edge1", { o2ims: "fail" });
  await expect.poll(sync, { interval: 10, timeout: 10_000 }).toBe("Sync Completed");
  expect(JSON.parse(await inventory())).toMatchObject({ status: 503, detail: "simulated fault: the inventory is down" });
});

test("a bad body changes nothing and says which field is wrong", async () => {
  const lab = await testLab();
  await setFaults(lab, "edge1", { health: "fail" });
  const answer = await setFaults(lab, "edge1", { sync: "ok", gravity: "off" });
  expect([answer.status, await answer.json()]).toEqual([
    400,
    {
      error: {
        code: "VALIDATION",
        message: "gravity is not a known field",
        details: [{ field: "gravity", message: "is not a known field" }],
        requestId: expect.any(String),
      },
    },
  ]);
  const broken = await fetch(`${lab.url}/sites/edge1/faults`, { method: "PUT", body: "{" });
  const long = await fetch(`${lab.url}/sites/edge1/faults`, { method: "PUT", body: `"${"x".repeat(20_000)}"` });
  expect([broken.status, long.status]).toEqual([400, 413]);
  expect((await siteViews(lab))[0]?.faults).toEqual({ ...NO_FAULTS, health: "fail" });
});

test.each(["edge9", "edge01", "VM-2", "..", "__proto__"])("a site that is not there in canonical form is not found: %s", async (id) => {
  const lab = await testLab();
  const answer = await fetch(`${lab.url}/sites/${encodeURIComponent(id)}/faults`, { method: "PUT", body: "{}" });
  expect(answer.status).toBe(404);
});

test("an unreachable site can still be repaired", async () => {
  const lab = await testLab();
  await setFaults(lab, "edge1", { unreachable: true });
  await expect(fetch(`${lab.url}/sites/edge1/kube/version`)).rejects.toThrow();
  expect((await fetch(`${lab.url}/sites/edge1/faults`, { method: "DELETE" })).status).toBe(200);
  expect((await fetch(`${lab.url}/sites/edge1/kube/version`)).status).toBe(200);
});

test("the lab says what it is", async () => {
  const lab = await testLab();
  const root = await fetch(lab.url);
  expect([root.headers.get("x-simulation"), await root.json()]).toEqual([
    "true",
    {
      name: "Edge lab",
      simulation: true,
      message: expect.stringContaining("This is a simulation"),
      sites: ["edge1", "edge2"],
      repositoryUrl: lab.repositoryUrl,
    },
  ]);
});
