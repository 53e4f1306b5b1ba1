// The way of a sentence through the whole system, on the real parts with the embedded runner: done, taken back, asked about, approved.
// And once with kpt in its place, where kpt is on PATH: on a stack of its own, beside the others.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventData } from "../../protocol/event.ts";
import { findBinary } from "../helpers/prometheus.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { beside } from "./support/beside.ts";
import { commitsOf, FULL_COMMIT, rollBack, sitesAtTip, terminalEvents } from "./support/expectations.ts";
import { until } from "./support/until.ts";

const SENTENCE = "Deploy eMBB slice on edge1 and edge2 with 200Mbps and 20ms latency";

const hasKpt = findBinary("kpt") !== null;

let stack: Stack;
let rendered: (() => Promise<void>) | undefined;
beforeAll(async () => {
  if (hasKpt) rendered = beside({ sites: 2, kpt: true }, withKpt);
  stack = await startStack({ sites: 4 });
});
afterAll(() => Promise.allSettled([rendered?.()]).then(() => stack?.stop()));

test("a sentence becomes one commit that both sites run, measured and completed, and is taken back site by site", async () => {
  const feed = await stack.feed();
  const intentId = await stack.deploy(SENTENCE);
  const intent = await stack.settled(intentId);
  await feed.untilType("intent.completed", intentId);

  const steps = feed.events
    .filter((event) => event.intentId === intentId)
    .map(({ type, site }) => (site === null ? type : `${type} ${site}`));
  const ofSite = (site: string) => steps.filter((step) => step.endsWith(site));
  expect(steps.filter((step) => !step.includes(" "))).toEqual([
    "intent.received",
    "intent.parsing",
    "intent.parsed",
    "krm.generating",
    "krm.generated",
    "gitops.pushing",
    "gitops.pushed",
    "slo.validating",
    "slo.validated",
    "intent.completed",
  ]);
  for (const site of ["edge1", "edge2"]) {
    expect(ofSite(site)).toEqual([`edge.deploying ${site}`, `edge.deploying ${site}`, `edge.deployed ${site}`]);
    expect(steps.indexOf(`edge.deploying ${site}`)).toBeGreaterThan(steps.indexOf("gitops.pushed"));
    expect(steps.indexOf(`edge.deployed ${site}`)).toBeLessThan(steps.indexOf("slo.validating"));
  }
  expect(feed.faults).toEqual([]);

  const deployment = intent.deployment;
  if (deployment?.commit == null) throw new Error("there is no commit");
  const { deploymentId, commit, slice } = deployment;
  expect(intent).toMatchObject({ status: "completed", stage: "completed", failure: null, sites: ["edge1", "edge2"] });
  expect(deployment).toMatchObject({ status: "live", commit: expect.stringMatching(FULL_COMMIT), branch: "main" });
  expect(deployment.sites.map(({ site, state, commit: at }) => ({ site, state, at }))).toEqual([
    { site: "edge1", state: "verified", at: commit },
    { site: "edge2", state: "verified", at: commit },
  ]);
  expect(deployment.evidence.map(({ site, objective, verdict }) => `${site} ${objective} ${verdict}`).sort()).toEqual([
    "edge1 availability pass",
    "edge1 latencyP95 pass",
    "edge1 throughputMin pass",
    "edge2 availability pass",
    "edge2 latencyP95 pass",
    "edge2 throughputMin pass",
  ]);

  expect(await stack.log(deployment.jobId ?? "")).toEqual([
    {
      commit,
      parent: expect.stringMatching(FULL_COMMIT),
      subject: `Deploy eMBB slice ${slice} on edge1, edge2`,
      body: expect.stringContaining(SENTENCE),
      trailers: { "Intent-Id": intentId, "Job-Id": deployment.jobId, Sites: "edge1,edge2" },
    },
  ]);
  const sites = await stack.labSites();
  expect(sites.slice(0, 2).map(({ commit: at, slices }) => ({ at, slices }))).toEqual([
    { at: commit, slices: [slice] },
    { at: commit, slices: [slice] },
  ]);

  await rollBack(stack, deploymentId, "Edge 01");
  const half = await stack.deployment(deploymentId);
  expect(half.status).toBe("live");
  expect(half.sites.map(({ site, state }) => `${site} ${state}`)).toEqual(["edge1 reverted", "edge2 verified"]);
  expect(await stack.repository.slices()).toEqual([`edge2/${slice}`]);
  const again = await stack.api("POST", `/api/v1/deployments/${deploymentId}/rollback`, { site: "edge1" });
  expect(again).toMatchObject({ status: 409, body: { error: { code: "CONFLICT" } } });

  await rollBack(stack, deploymentId);
  const twice = await stack.api("POST", `/api/v1/deployments/${deploymentId}/rollback`, {});
  expect(twice).toMatchObject({ status: 409, body: { error: { code: "CONFLICT" } } });
  const gone = await stack.deployment(deploymentId);
  expect(gone).toMatchObject({ status: "reverted", revertCommit: await stack.repository.tip() });
  expect(gone.sites.map(({ site, state }) => `${site} ${state}`)).toEqual(["edge1 reverted", "edge2 reverted"]);
  expect((await stack.intent(intentId)).status).toBe("rolled_back");
  expect(await commitsOf(stack, intentId)).toEqual(["push edge1,edge2", "revert edge1", "revert edge2"]);
  expect(await stack.repository.slices()).toEqual([]);
  await sitesAtTip(stack);
  expect((await stack.labSites()).flatMap((site) => site.slices)).toEqual([]);
  expect(terminalEvents(await stack.events(intentId))).toEqual(["intent.completed", "intent.rolled_back"]);
});

test("a dry run ends with a plan and a diff, and changes nothing", async () => {
  const before = await stack.repository.tip();
  const intentId = await stack.deploy("Deploy URLLC slice on edge3 with 5ms latency", { dryRun: true });
  await stack.untilStage(intentId, "krm_generated");
  await stack.untilStatus(intentId, "parsed");
  const intent = await stack.intent(intentId);
  expect(intent).toMatchObject({ status: "parsed", dryRun: true, deployment: null, sites: ["edge3"], waitingFor: null });
  expect(intent.diff?.every(({ path, change }) => change === "added" && path.startsWith(`sites/edge3/slices/${intent.plan?.slice}/`))).toBe(
    true,
  );
  expect(intent.diff?.length).toBeGreaterThan(5);
  expect(await stack.repository.tip()).toBe(before);
});

test("what needs an approval waits for the one of exactly its digest, and the commit names who gave it", async () => {
  const intentId = await stack.deploy("Deploy mMTC slice on edge3 for 500 devices", { approval: "required" });
  const waiting = await stack.settled(intentId);
  expect(waiting).toMatchObject({ status: "awaiting_approval", deployment: null, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
  expect(await commitsOf(stack, intentId)).toEqual([]);

  const wrong = await stack.api("POST", `/api/v1/intents/${intentId}/approve`, { digest: `sha256:${"0".repeat(64)}` });
  expect(wrong).toMatchObject({ status: 409, body: { error: { code: "DIGEST_MISMATCH" } } });
  const right = await stack.api("POST", `/api/v1/intents/${intentId}/approve`, { digest: waiting.digest });
  expect(right).toMatchObject({ status: 202, body: { intentId, status: "running" } });
  const done = await stack.settled(intentId);
  expect(done.status).toBe("completed");
  const [commit] = await stack.log(done.deployment?.jobId ?? "");
  expect(commit?.trailers).toEqual({
    "Intent-Id": intentId,
    "Job-Id": done.deployment?.jobId,
    Sites: "edge3",
    "Approved-By": "admin",
  });
  await rollBack(stack, done.deployment?.deploymentId ?? "");
});

test("an approval is void once the slice's files have moved, also when the old one is sent again", async () => {
  const intentId = await stack.deploy("Deploy mMTC slice on edge3 for 500 devices", { approval: "required" });
  const shown = await stack.settled(intentId);
  const folder = `sites/edge3/slices/${shown.plan?.slice}`;
  const foreign = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: by-hand\n";
  await stack.repository.commitAs(join(stack.dataDir, "by-hand"), { [`${folder}/namespace.yaml`]: foreign });
  const approve = () => stack.api("POST", `/api/v1/intents/${intentId}/approve`, { digest: shown.digest });
  expect((await approve()).status).toBe(202);
  const waitsAgain = async () => {
    const { status, digest } = await stack.intent(intentId);
    return status === "awaiting_approval" && digest !== shown.digest;
  };
  await until("another diff to approve", waitsAgain, { holds: Boolean });
  expect(await approve()).toMatchObject({ status: 409, body: { error: { code: "DIGEST_MISMATCH" } } });
  const decisions = (await stack.events(intentId)).filter((event) => event.type === "approval.decided").map((event) => event.data.decision);
  expect(decisions).toEqual(["approved", "voided"]);
  expect(await commitsOf(stack, intentId)).toEqual([]);
  await stack.api("POST", `/api/v1/intents/${intentId}/cancel`);
  await stack.repository.removeAs(join(stack.dataDir, "by-hand"), folder);
});

test("a refused approval rejects the intent and leaves the repository alone", async () => {
  const intentId = await stack.deploy("Deploy mMTC slice on edge4 for 500 devices", { approval: "required" });
  await stack.settled(intentId);
  await stack.api("POST", `/api/v1/intents/${intentId}/reject`, { reason: "not today" });
  expect(await stack.intent(intentId)).toMatchObject({
    status: "rejected",
    failure: { stage: "render", reason: "not_approved", message: "rejected by admin: not today" },
  });
  expect(await commitsOf(stack, intentId)).toEqual([]);
  expect(terminalEvents(await stack.events(intentId))).toEqual(["intent.rejected"]);
});

test("what is not said is asked for, and the answer carries the intent on", async () => {
  const intentId = await stack.deploy("Deploy eMBB slice with 100Mbps");
  const asked = await stack.settled(intentId);
  expect(asked.status).toBe("needs_clarification");
  expect(asked.understanding?.clarifications.map((entry) => entry.field)).toEqual(["targetSites"]);
  const answer = await stack.api("POST", `/api/v1/intents/${intentId}/answer`, { targetSites: ["Edge 4"] });
  expect(answer).toMatchObject({ status: 202, body: { intentId, status: "received" } });
  const done = await stack.settled(intentId);
  expect(done).toMatchObject({ status: "completed", sites: ["edge4"] });
  expect(await commitsOf(stack, intentId)).toEqual(["push edge4"]);
  await rollBack(stack, done.deployment?.deploymentId ?? "");
  expect(await stack.repository.slices()).toEqual([]);
});

async function withKpt(own: Stack): Promise<void> {
  const intentId = await own.deploy(SENTENCE);
  const intent = await own.settled(intentId);
  expect(intent).toMatchObject({ status: "completed", failure: null, deployment: { status: "live" } });
  const generated = (await own.events(intentId)).map((event) => eventData(event, "krm.generated")).find((data) => data !== undefined);
  expect(generated).toMatchObject({ runner: "kpt", digest: intent.digest });
  expect(await commitsOf(own, intentId)).toEqual(["push edge1,edge2"]);
  const { commit } = intent.deployment ?? {};
  expect((await own.labSites()).map((site) => site.commit)).toEqual([commit, commit]);
}

test.skipIf(!hasKpt)("a sentence is rendered by kpt, pushed, followed by both sites and completed", () => rendered?.());
