// The gate on the measured service levels: what is bad is taken back, what cannot be judged waits for a person.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../helpers/stack.ts";
import { commitsOf, sitesAtTip, takeBackAll, terminalEvents } from "./support/expectations.ts";

let stack: Stack;
beforeAll(async () => {
  // A hanging Prometheus costs one whole call (2.5 s); otherwise the bound on the wait for samples is what counts.
  stack = await startStack({ sites: 6, env: { VERIFY_TIMEOUT_MS: "1500", AGENT_SLOTS: "8" } });
});
afterAll(() => stack?.stop());

const sentence = (site: string) => `Deploy eMBB slice on ${site} with 100Mbps and 20ms latency`;

test("missed service levels are taken back by a real git revert, and the tree is as it was", async () => {
  await stack.fault("edge1", { slo: { latencyMs: 80 } });
  await stack.fault("edge2", { slo: { throughputMbps: 1 } });
  await stack.fault("edge3", { slo: { availabilityPercent: 90 } });
  const before = await stack.repository.tree("main");
  const missed = { edge1: "latencyP95", edge2: "throughputMin", edge3: "availability" };
  const ids = await Promise.all(Object.keys(missed).map((site) => stack.deploy(sentence(site))));
  for (const [index, [site, objective]] of Object.entries(missed).entries()) {
    const intent = await stack.settled(ids[index] ?? "");
    expect(intent).toMatchObject({ status: "rolled_back", stage: "rollback", failure: { stage: "verify", reason: "slo_failed", site } });
    expect(intent.failure?.message).toContain(objective);
    const deployment = intent.deployment;
    expect(deployment).toMatchObject({ status: "reverted", sites: [{ site, state: "reverted" }] });
    const bad = deployment?.evidence.filter((record) => record.verdict === "fail") ?? [];
    expect(bad.map((record) => `${record.site} ${record.objective}`)).toEqual([`${site} ${objective}`]);
    expect(await commitsOf(stack, intent.intentId)).toEqual([`push ${site}`, `revert ${site}`]);
    const [push, revert] = await stack.log(deployment?.jobId ?? "");
    expect(revert?.trailers["Reverts-Commit"]).toBe(push?.commit);
    expect(revert?.body).toContain(`This reverts commit ${push?.commit}.`);
    expect(deployment?.revertCommit).toBe(revert?.commit);
    expect(terminalEvents(await stack.events(intent.intentId))).toEqual(["intent.rolled_back"]);
  }
  expect(await stack.repository.tree("main")).toBe(before);
  await sitesAtTip(stack);
  await stack.clearFaults();
});

test("no data, NaN, an error and a silent Prometheus all ask a person; nothing passes and nothing is taken back by itself", async () => {
  const faults = { edge1: "none", edge2: "nan", edge3: "error", edge4: "hang" };
  for (const [site, metrics] of Object.entries(faults)) await stack.fault(site, { metrics });
  const ids = await Promise.all(Object.keys(faults).map((site) => stack.deploy(sentence(site))));
  for (const [index, site] of Object.keys(faults).entries()) {
    const intent = await stack.settled(ids[index] ?? "");
    const verdict = index < 2 ? "inconclusive" : "error";
    expect(intent).toMatchObject({ status: "needs_decision", failure: { stage: "verify", reason: "slo_inconclusive" } });
    expect(intent.failure?.message).toContain(site);
    expect(intent.deployment).toMatchObject({ status: "applying", sites: [{ site, state: "provisioned" }] });
    expect(intent.deployment?.evidence.map((record) => record.verdict)).toEqual([verdict, verdict, verdict]);
    expect(await commitsOf(stack, intent.intentId)).toEqual([`push ${site}`]);
    expect(terminalEvents(await stack.events(intent.intentId))).toEqual([]);
  }
  await stack.clearFaults();

  const [accepted = "", taken = "", byButton = "", half = ""] = ids;
  const decide = (id: string, action: string) => stack.api("POST", `/api/v1/intents/${id}/decide`, { action });
  expect(await decide(accepted, "accept")).toMatchObject({ status: 202, body: { status: "completed" } });
  expect(await decide(accepted, "accept")).toMatchObject({ status: 409, body: { error: { code: "CONFLICT" } } });
  expect(await decide(taken, "rollback")).toMatchObject({ status: 202, body: { status: "running" } });
  const { deployment } = await stack.intent(byButton);
  expect(await stack.api("POST", `/api/v1/deployments/${deployment?.deploymentId}/rollback`, {})).toMatchObject({ status: 202 });

  expect(await stack.settled(accepted)).toMatchObject({ status: "completed", deployment: { status: "live" } });
  for (const id of [taken, byButton]) {
    expect(await stack.settled(id)).toMatchObject({ status: "rolled_back", deployment: { status: "reverted" } });
    expect((await commitsOf(stack, id)).map((line) => line.split(" ")[0])).toEqual(["push", "revert"]);
    expect(terminalEvents(await stack.events(id))).toEqual(["intent.rolled_back"]);
  }
  expect((await stack.intent(half)).status).toBe("needs_decision");
  await takeBackAll(stack);
});

test("a decision stays open when one of the sites is taken back meanwhile", async () => {
  await stack.fault("edge5", { metrics: "none" });
  const intentId = await stack.deploy(sentence("edge5 and edge6"));
  const asked = await stack.settled(intentId);
  expect(asked.status).toBe("needs_decision");
  const deploymentId = asked.deployment?.deploymentId ?? "";
  expect(await stack.api("POST", `/api/v1/deployments/${deploymentId}/rollback`, { site: "edge5" })).toMatchObject({ status: 202 });
  const still = await stack.settled(intentId);
  expect(still.status).toBe("needs_decision");
  expect(still.deployment?.sites.map(({ site, state }) => `${site} ${state}`)).toEqual(["edge5 reverted", "edge6 provisioned"]);
  expect(await stack.api("POST", `/api/v1/intents/${intentId}/decide`, { action: "accept" })).toMatchObject({ status: 202 });
  expect(await stack.settled(intentId)).toMatchObject({ status: "completed", deployment: { status: "live" } });
  expect(await commitsOf(stack, intentId)).toEqual(["push edge5,edge6", "revert edge5"]);
  await takeBackAll(stack);
});

test("a site that cannot be judged never passes in the shadow of one that fails", async () => {
  await stack.fault("edge1", { slo: { latencyMs: 80 } });
  await stack.fault("edge2", { metrics: "none" });
  const text = "Deploy eMBB slice on edge1, edge2 and edge3 with 100Mbps and 20ms latency";
  const intent = await stack.settled(await stack.deploy(text, { policy: "keep-successful" }));
  expect(intent).toMatchObject({ status: "needs_decision", failure: { stage: "verify", reason: "slo_inconclusive" } });
  expect(intent.failure?.message).toContain("edge2");
  expect(intent.deployment?.sites.map(({ site, state }) => `${site} ${state}`)).toEqual([
    "edge1 reverted",
    "edge2 provisioned",
    "edge3 provisioned",
  ]);
  await stack.clearFaults();
  await takeBackAll(stack);
});
