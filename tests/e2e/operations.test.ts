// The life of a slice and of a site after the first deployment, as an operator walks it: one story, told on the running system.
// What is mostly waiting (a policy, drift, an alert) happens at the same time, each at sites of its own.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Alert, AlertPage } from "../../protocol/alert.ts";
import { IntentAccepted, type IntentRecord, SlicePage, type SliceView } from "../../protocol/api.ts";
import { type Drift, Site } from "../../protocol/site.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { commitsOf, sitesAtTip, terminalEvents } from "./support/expectations.ts";
import { until } from "./support/until.ts";

const SYNC_TIMEOUT_MS = 3_000;
const ALERT_MS = 30_000; // some rounds of measuring, one a second
const DRIFT_MS = 20_000; // looked for every 3 s here, after a grace

let stack: Stack;
let empty: string; // the tree before anything was deployed
beforeAll(async () => {
  stack = await startStack({ sites: 7, env: { SYNC_TIMEOUT_MS: String(SYNC_TIMEOUT_MS), AGENT_SLOTS: "8", DRIFT_INTERVAL_MS: "3000" } });
  empty = await stack.repository.tree("main");
});
afterAll(() => stack?.stop());

const states = (intent: IntentRecord) => intent.deployment?.sites.map(({ site, state }) => `${site} ${state}`);

async function slice(name: string): Promise<SliceView | undefined> {
  return SlicePage.parse((await stack.api("GET", "/api/v1/slices")).body).slices.find((one) => one.slice === name);
}

async function site(id: string): Promise<Site> {
  return Site.parse((await stack.api("GET", `/api/v1/sites/${id}`)).body);
}

async function command(path: string, body: object = {}): Promise<IntentRecord> {
  const answer = await stack.api("POST", path, body);
  expect(answer).toMatchObject({ status: 202 });
  return stack.settled(IntentAccepted.parse(answer.body).intentId, SYNC_TIMEOUT_MS * 3 + 15_000);
}

async function sentence(text: string, options: Parameters<Stack["deploy"]>[1] = {}): Promise<IntentRecord> {
  return stack.settled(await stack.deploy(text, options), SYNC_TIMEOUT_MS * 3 + 15_000);
}

async function lastCommit() {
  const last = (await stack.repository.commits()).at(-1);
  if (last === undefined) throw new Error("no commit");
  return last;
}

test("a deployment to a production site waits for an approval of exactly what will be pushed, and says who gave it", async () => {
  const labelled = await stack.api("PATCH", "/api/v1/sites/edge3", { labels: { environment: "production" } });
  expect(labelled).toMatchObject({ status: 200, body: { site: "edge3" } });
  expect(await site("edge3")).toMatchObject({ production: true, source: "agent" });
  const asked = await sentence("Deploy eMBB slice named video-7 on edge1, edge2 and edge3 with 200Mbps and 20ms latency", {
    rollout: { canary: "edge1", bakeSeconds: 1 },
  });
  expect(asked).toMatchObject({ status: "awaiting_approval", approvalReasons: ["edge3 is a production site"] });
  expect(await stack.repository.tree("main")).toBe(empty);
  const path = `/api/v1/intents/${asked.intentId}/approve`;
  const other = `sha256:${"0".repeat(64)}`;
  expect(await stack.api("POST", path, { digest: other })).toMatchObject({ status: 409, body: { error: { code: "DIGEST_MISMATCH" } } });
  expect(await stack.api("POST", path, { digest: asked.digest })).toMatchObject({ status: 202 });
  const done = await stack.settled(asked.intentId);
  expect(done).toMatchObject({ status: "completed", deployment: { status: "live", approvedBy: "admin" } });
  expect(states(done)).toEqual(["edge1 verified", "edge2 verified", "edge3 verified"]);
  expect(done.deployment?.commits.map((wave) => wave.sites)).toEqual([["edge1"], ["edge2", "edge3"]]);
  expect((await lastCommit()).trailers).toMatchObject({ "Approved-By": "admin", Wave: "2/2", Sites: "edge2,edge3" });
});

test("a question is answered at once, without a job", async () => {
  const accepted = IntentAccepted.parse((await stack.api("POST", "/api/v1/intents", { text: "What is the status of edge1?" })).body);
  expect(accepted.status).toBe("completed");
  const { answer } = await stack.intent(accepted.intentId);
  expect(answer).toMatchObject({ sites: [{ site: "edge1", slices: ["video-7"] }], slices: [{ slice: "video-7", alerts: 0 }] });
  expect(answer?.text).toContain("video-7");
});

test("a live slice is scaled: a new revision is in force and the old one superseded", async () => {
  const before = await slice("video-7");
  const scaled = await sentence("Scale video-7 to 400 Mbps", { approval: "auto" });
  expect(scaled.status).toBe("awaiting_approval"); // edge3 is a production site, also for this
  await stack.api("POST", `/api/v1/intents/${scaled.intentId}/approve`, { digest: scaled.digest });
  expect(await stack.settled(scaled.intentId)).toMatchObject({ status: "completed", deployment: { action: "scale", status: "live" } });
  const after = await slice("video-7");
  expect(after?.sites.map(({ site: id, downlinkMbps }) => `${id} ${downlinkMbps}`)).toEqual(["edge1 400", "edge2 400", "edge3 400"]);
  expect(after?.requirements).toEqual({ downlinkMbps: 400, latencyMs: 20 });
  expect(await stack.deployment(before?.latest.deploymentId ?? "")).toMatchObject({ status: "superseded" });
  const old = await stack.api("POST", `/api/v1/deployments/${before?.latest.deploymentId}/rollback`, {});
  expect(old).toMatchObject({ status: 409, body: { error: { code: "SUPERSEDED" } } });
});

test("a request that conflicts with what is live is refused with its reason; one that is met already is not", async () => {
  const live = await slice("video-7");
  const { sst, sd } = live?.snssai ?? { sst: 0, sd: "" };
  const clash = await sentence(`Deploy eMBB slice on edge4 with 10Mbps and S-NSSAI ${sst}-${sd}`);
  expect(clash).toMatchObject({ status: "rejected", failure: { reason: "conflict", rejection: "INTENT_CONFLICT" } });
  expect(clash.failure?.message).toContain("video-7");
  const contradiction = await sentence("Deploy eMBB slice named video-7 on edge1 with 900Mbps");
  expect(contradiction).toMatchObject({ status: "rejected", failure: { reason: "conflict" } });
  const included = await sentence("Deploy eMBB slice named video-7 on edge1 with 100Mbps and 50ms latency");
  expect(included).toMatchObject({ status: "completed", deploymentId: null });
  const tooMuch = await sentence("Deploy eMBB slice on edge1 and edge4 with 9800Mbps");
  expect(tooMuch).toMatchObject({ status: "rejected", failure: { rejection: "INFEASIBLE", counterOffer: { downlinkMbps: 9600 } } });
  const tooFast = await sentence("Deploy URLLC slice on edge4 with 1ms latency");
  expect(tooFast).toMatchObject({ status: "rejected", failure: { rejection: "unsupported_expectations", counterOffer: { latencyMs: 5 } } });
});

describe("at the same time", () => {
  test.concurrent("one site of three fails: every policy does what it says, and a paused rollout goes on when the site is well again", async () => {
    const sites = ["edge4", "edge5", "edge6"];
    const before = await stack.repository.treeAt(sites);
    await stack.fault("edge6", { sync: "fail" });
    const text = "Deploy mMTC slice on edge4, edge5 and edge6 for 100 devices";
    const reverted = await sentence(text, { policy: "all-or-revert" });
    expect(reverted).toMatchObject({ status: "rolled_back", failure: { reason: "sync_failed", site: "edge6" } });
    expect(states(reverted)).toEqual(["edge4 reverted", "edge5 reverted", "edge6 reverted"]);
    expect(await stack.repository.treeAt(sites)).toEqual(before);

    const kept = await sentence(text, { policy: "keep-successful" });
    expect(kept).toMatchObject({ status: "completed", deployment: { status: "live" } });
    expect(states(kept)).toEqual(["edge4 verified", "edge5 verified", "edge6 reverted"]);
    expect(await commitsOf(stack, kept.intentId)).toEqual(["push edge4,edge5,edge6", "revert edge6"]);

    const paused = await sentence(text, { policy: "pause" });
    expect(paused).toMatchObject({ status: "needs_decision", deployment: { status: "applying" } });
    expect(states(paused)).toEqual(["edge4 provisioned", "edge5 provisioned", "edge6 failed"]);
    await stack.fault("edge6", {});
    expect(await stack.api("POST", `/api/v1/intents/${paused.intentId}/decide`, { action: "resume" })).toMatchObject({ status: 202 });
    const resumed = await stack.settled(paused.intentId);
    expect(resumed).toMatchObject({ status: "completed", deployment: { status: "live" } });
    expect(states(resumed)).toEqual(["edge4 verified", "edge5 verified", "edge6 verified"]);
    expect(await commitsOf(stack, paused.intentId)).toEqual(["push edge4,edge5,edge6"]);

    for (const intent of [kept, paused]) {
      const gone = await command(`/api/v1/slices/${intent.slice}/terminate`);
      expect(gone).toMatchObject({ status: "completed", deployment: { action: "terminate", status: "superseded" } });
      expect(terminalEvents(await stack.events(gone.intentId))).toEqual(["intent.completed"]);
    }
    expect(await stack.repository.treeAt(sites)).toEqual(before);
    await sitesAtTip(stack, sites);
  });

  test.concurrent("a site whose resources or files are not what was deployed is noticed, with the difference, and can be put right", async () => {
    const kinds = (seen: Drift[]) => seen.map((drift) => drift.kind);
    await stack.fault("edge2", { drift: "removed" });
    const removed = await until("the drift of the site", async () => (await site("edge2")).drift, {
      holds: (drift) => drift.length > 0,
      timeoutMs: DRIFT_MS,
    });
    expect(removed).toMatchObject([{ kind: "resources", slice: "video-7" }]);
    expect((await site("edge1")).drift).toEqual([]);
    await stack.fault("edge2", {});
    await until("no drift", async () => (await site("edge2")).drift, { holds: (drift) => drift.length === 0, timeoutMs: DRIFT_MS });

    const file = (await stack.repository.files()).find(
      (path) => path.startsWith("sites/edge1/slices/video-7/") && path.endsWith("capacity.yaml"),
    );
    if (file === undefined) throw new Error("no capacity file");
    const was = await stack.repository.read(file);
    await stack.repository.commitAs(join(stack.dataDir, "somebody"), { [file]: `${was}# by hand\n` });
    const edited = await until("the drift of the files", async () => (await site("edge1")).drift, {
      holds: (drift) => drift.length > 0,
      timeoutMs: DRIFT_MS,
    });
    expect(kinds(edited)).toEqual(["slice_files"]);
    expect(edited[0]?.diff).toContain("+# by hand");
    const all = await stack.allEvents();
    expect(all.some(({ type, site: at, data }) => type === "site.updated" && at === "edge1" && data.change === "drift")).toBe(true);
    const repaired = await command("/api/v1/slices/video-7/rerender", { sites: ["edge1"] });
    expect(repaired).toMatchObject({ status: "completed", deployment: { status: "live", sites: [{ site: "edge1", state: "verified" }] } });
    expect(await stack.repository.read(file)).toBe(was);
    await until("no drift", async () => (await site("edge1")).drift, { holds: (drift) => drift.length === 0, timeoutMs: DRIFT_MS });
  });

  test.concurrent("a live slice that misses its objective raises an alert, is rolled back by the policy, and the rollback is verified", async () => {
    const first = await sentence("Deploy eMBB slice named iot-5 on edge7 with 100Mbps and 20ms latency");
    const scaled = await command("/api/v1/slices/iot-5/scale", { requirements: { downlinkMbps: 150 } });
    expect([first.status, scaled.status]).toEqual(["completed", "completed"]);
    const policy = {
      assurance: { intervalSeconds: 1, window: 3, triggerAfter: 2, resolveAfter: 2, outageAfter: 4 },
      remediation: { rungs: ["notify", "rollback"], stepSeconds: 0 },
    };
    expect(await stack.api("PUT", "/api/v1/policy", policy)).toMatchObject({ status: 200 });
    await stack.fault("edge7", { slo: { throughputMbps: 120 } }); // enough for the first revision, not for the second
    const alerts = async (): Promise<Alert[]> =>
      AlertPage.parse((await stack.api("GET", "/api/v1/alerts?slice=iot-5")).body).alerts.filter((alert) => alert.kind === "slo_burn");
    const [raised] = await until("the alert", alerts, { holds: (seen) => seen.length > 0, timeoutMs: ALERT_MS });
    expect(raised).toMatchObject({ kind: "slo_burn", site: "edge7", slice: "iot-5", objective: "throughputMin" });
    const acknowledged = await stack.api("POST", `/api/v1/alerts/${raised?.alertId}/ack`, { comment: "seen" });
    expect(acknowledged).toMatchObject({ status: 200, body: { acknowledged: { by: "admin", comment: "seen" } } });
    const [ended] = await until("the alert to end", alerts, { holds: ([alert]) => alert?.status === "resolved", timeoutMs: ALERT_MS });
    expect(ended?.remediation.map(({ rung, state }) => `${rung} ${state}`)).toEqual(["notify done", "rollback done"]);

    const remedy = await stack.settled(ended?.remediation[1]?.intentId ?? "");
    expect(remedy).toMatchObject({ status: "completed", action: "rollback", slice: "iot-5" });
    expect(await stack.intent(scaled.intentId)).toMatchObject({ status: "rolled_back", deployment: { status: "reverted" } });
    expect(await stack.deployment(first.deploymentId ?? "")).toMatchObject({ status: "live" });
    expect((await slice("iot-5"))?.sites).toMatchObject([{ site: "edge7", deploymentId: first.deploymentId, downlinkMbps: 100 }]);
    const newest = (await stack.repository.commits()).findLast(({ trailers }) => trailers["Sites"] === "edge7");
    expect(newest?.trailers["Reverts-Commit"]).toBe(scaled.deployment?.commit);
    await sitesAtTip(stack, ["edge7"]);
    expect(terminalEvents(await stack.events(scaled.intentId))).toEqual(["intent.completed", "intent.rolled_back"]);
    await stack.api("PUT", "/api/v1/policy", {});
    await stack.fault("edge7", {});
  });
});

test("everything is terminated, by word and by button: nothing is left at the sites, and the tree is empty again", async () => {
  const byWord = await sentence("Terminate slice iot-5");
  expect(byWord).toMatchObject({ status: "completed", deployment: { action: "terminate" } });
  const partly = await command("/api/v1/slices/video-7/terminate", { sites: ["edge1"] });
  expect(partly.status).toBe("completed");
  expect((await slice("video-7"))?.sites.map((entry) => entry.site)).toEqual(["edge2", "edge3"]);
  const asked = await command("/api/v1/slices/video-7/terminate");
  expect(asked).toMatchObject({ status: "awaiting_approval", approvalReasons: ["edge3 is a production site"] });
  await stack.api("POST", `/api/v1/intents/${asked.intentId}/approve`, { digest: asked.digest });
  expect(await stack.settled(asked.intentId)).toMatchObject({ status: "completed" });
  expect(await stack.repository.slices()).toEqual([]);
  expect(await stack.repository.tree("main")).toBe(empty);
  expect(SlicePage.parse((await stack.api("GET", "/api/v1/slices")).body)).toEqual({ slices: [] });
  await sitesAtTip(stack);
  expect((await stack.labSites()).flatMap((one) => one.slices)).toEqual([]);
});
