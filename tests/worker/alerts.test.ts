// Alerts over the API: listed, read, acknowledged once, given to Alertmanager; and the policy that decides about them.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import * as z from "zod";
import { Alert, AlertmanagerAlert, AlertPage } from "../../protocol/alert.ts";
import { newId } from "../../protocol/ids.ts";
import { OperationsPolicy } from "../../protocol/policy.ts";
import { createDeps } from "../../worker/deps.ts";
import { type NewAlert, raiseAlert, resolveAlert } from "../../worker/services/alerts.ts";
import { createUnit } from "../../worker/services/unit.ts";
import { call, createWorld, ORIGIN, refusal, rows } from "./harness.ts";
import { alertEvents, alertsOf, rounds } from "./measuring.ts";
import { deployed } from "./story.ts";

/** As a service does it whose unit carries more than the alert. */
async function within(work: (unit: ReturnType<typeof createUnit>, deps: ReturnType<typeof createDeps>) => Promise<void>): Promise<void> {
  const deferred: Promise<unknown>[] = [];
  const deps = createDeps(env, { waitUntil: (promise) => deferred.push(promise) });
  const unit = createUnit(deps);
  await work(unit, deps);
  await unit.commit();
  await Promise.all(deferred);
}

const DOWN: NewAlert = { kind: "site_down", site: "edge1", severity: "critical", message: "edge1 does not answer" };

test("an alert of a subject fires once at a time, and may come again", async () => {
  const world = await createWorld();
  await within((unit, deps) => raiseAlert(unit, deps, DOWN));
  await within((unit, deps) => raiseAlert(unit, deps, { ...DOWN, message: "still" }));
  await within((unit, deps) => raiseAlert(unit, deps, { ...DOWN, site: "edge2" }));
  expect((await alertsOf(world)).map(({ site, message }) => [site, message])).toEqual([
    ["edge2", "edge1 does not answer"],
    ["edge1", "edge1 does not answer"],
  ]);
  await within((unit, deps) => resolveAlert(unit, deps, { kind: "site_down", site: "edge1", why: "it answers" }));
  await within((unit, deps) => resolveAlert(unit, deps, { kind: "site_down", site: "edge1", why: "it answers" }));
  await within((unit, deps) => raiseAlert(unit, deps, DOWN));
  expect((await alertsOf(world)).map(({ site, status, message }) => [site, status, message])).toEqual([
    ["edge1", "firing", "edge1 does not answer"],
    ["edge2", "firing", "edge1 does not answer"],
    ["edge1", "resolved", "edge1 does not answer; resolved: it answers"],
  ]);
  expect((await alertEvents(world)).map(({ type, site }) => [type, site])).toEqual([
    ["alert.triggered", "edge1"],
    ["alert.triggered", "edge2"],
    ["alert.resolved", "edge1"],
    ["alert.triggered", "edge1"],
  ]);
});

test("alerts are listed newest first, by status, site and slice, page by page", async () => {
  const world = await createWorld({ sites: 2 });
  for (const site of ["edge1", "edge2"])
    for (const slice of ["video-7", "meters"])
      await within((unit, deps) =>
        raiseAlert(unit, deps, { kind: "slo_burn", site, slice, objective: "latencyP95", severity: "critical", message: "" }),
      );
  const list = async (query: string) => {
    const page = (await call("GET", `/api/v1/alerts${query}`, { token: world.read })).as(AlertPage);
    return { shown: page.alerts.map(({ site, slice }) => `${site} ${slice}`), next: page.nextCursor };
  };
  expect(await list("?limit=4")).toEqual({ shown: ["edge2 meters", "edge2 video-7", "edge1 meters", "edge1 video-7"], next: null });
  const first = await list("?limit=3");
  expect(first.shown).toEqual(["edge2 meters", "edge2 video-7", "edge1 meters"]);
  expect(await list(`?limit=3&cursor=${first.next}`)).toEqual({ shown: ["edge1 video-7"], next: null });
  expect((await list("?site=Edge%201")).shown).toEqual(["edge1 meters", "edge1 video-7"]);
  expect((await list("?slice=meters&site=edge2")).shown).toEqual(["edge2 meters"]);
  expect((await list("?status=resolved")).shown).toEqual([]);
  expect(refusal(await call("GET", "/api/v1/alerts?site=mars", { token: world.read }))).toMatchObject({ code: "UNKNOWN_SITE" });
  expect(refusal(await call("GET", "/api/v1/alerts?status=loud", { token: world.read }))).toMatchObject({
    code: "VALIDATION",
    fields: ["status"],
  });
});

test("the first who acknowledges counts; the audit and the feed have it once", async () => {
  const world = await createWorld();
  await within((unit, deps) => raiseAlert(unit, deps, DOWN));
  const [alert] = await alertsOf(world);
  const path = `/api/v1/alerts/${alert?.alertId}`;
  expect(refusal(await call("POST", `${path}/ack`, { token: world.read }))).toEqual({ status: 403, code: "FORBIDDEN" });
  const first = await call("POST", `${path}/ack`, { token: world.operate, body: { comment: "on it" } });
  const acknowledged = { by: "operate token", at: expect.any(String), comment: "on it" };
  expect(first.as(Alert)).toMatchObject({ status: "firing", acknowledged });
  const again = await call("POST", `${path}/ack`, { token: world.admin });
  expect([again.status, again.body]).toEqual([200, first.body]);
  expect((await call("GET", path, { token: world.read })).body).toEqual(first.body);
  expect((await alertEvents(world)).map(({ data }) => Alert.parse(data.alert).acknowledged)).toEqual([null, acknowledged]);
  expect(await rows("select who, target from audit")).toEqual([{ who: "operate token", target: alert?.alertId }]);
  const nobody = await call("POST", `/api/v1/alerts/${newId("alr")}/ack`, { token: world.operate });
  expect(refusal(nobody)).toEqual({ status: 404, code: "NOT_FOUND" });
});

test("Alertmanager is given what fires", async () => {
  const world = await createWorld();
  await deployed(world);
  await rounds(world.agent, 3, { latencyP95: 80 });
  await rounds(world.agent, 3);
  await rounds(world.agent, 3, { availability: 12 });
  const given = (await call("GET", "/api/v1/alerts/alertmanager", { token: world.read })).as(z.array(AlertmanagerAlert));
  const [alert] = await alertsOf(world, "firing");
  expect(given).toEqual([
    {
      labels: { alertname: "SliceObjectiveMissed", severity: "critical", site: "edge1", slice: alert?.slice, objective: "availability" },
      annotations: expect.objectContaining({ value: "12", threshold: "99.9", burn_rate: "750" }),
      ...{ startsAt: alert?.startedAt, endsAt: expect.any(String), generatorURL: `${ORIGIN}/api/v1/alerts/${alert?.alertId}` },
    },
  ]);
});

test("the policy is the default until an administrator sets it, and is replaced as a whole", async () => {
  const world = await createWorld();
  const policy = async () => (await call("GET", "/api/v1/policy", { token: world.read })).body;
  expect(await policy()).toEqual(OperationsPolicy.parse({}));
  const sent = { assurance: { intervalSeconds: 5 }, remediation: { rungs: ["notify", "rollback"] } };
  const put = (token: string, body: unknown) => call("PUT", "/api/v1/policy", { token, body });
  expect(refusal(await put(world.operate, sent))).toEqual({ status: 403, code: "FORBIDDEN" });
  expect((await put(world.admin, sent)).body).toEqual(OperationsPolicy.parse(sent));
  expect(await policy()).toEqual(OperationsPolicy.parse(sent));
  expect((await put(world.admin, { approval: { fourEyes: true } })).body).toEqual(OperationsPolicy.parse({ approval: { fourEyes: true } }));
  const wrong = await put(world.admin, { assurance: { window: 2, triggerAfter: 3 } });
  expect(refusal(wrong)).toEqual({ status: 400, code: "VALIDATION", fields: ["assurance.triggerAfter"] });
  expect(await rows("select who, action from audit")).toEqual(Array(2).fill({ who: "admin token", action: "PUT /api/v1/policy" }));
});
