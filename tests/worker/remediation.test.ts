// The remediation ladder: each rung an intent of its own, one at a time, carried out by the same way as any other and told in the alert.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { Alert } from "../../protocol/alert.ts";
import { newId } from "../../protocol/ids.ts";
import type { ClaimedJob } from "../../protocol/job.ts";
import type { SiteConfig } from "../../protocol/site.ts";
import { done, order } from "./changes.ts";
import { call, createAgent, createWorld, intentOf, rows, siteConfig, submit, tell, type World } from "./harness.ts";
import { alertEvents, alertsOf, rounds, setPolicy, stepsBecome, theAlert, watchlistOf } from "./measuring.ts";
import {
  applyFacts,
  deployed,
  failure,
  finished,
  preparation,
  prepared,
  prepareFacts,
  rollbackFacts,
  rollbackInput,
  takeOf,
} from "./story.ts";

const BAD = { throughputMin: 10 };

/** The intent of the last step. */
function intentIdOf({ remediation }: Alert): string {
  const intentId = remediation.at(-1)?.intentId;
  if (intentId == null) throw new Error("the last rung has no intent");
  return intentId;
}

async function prepare(world: World, intentId: string, patch: { unchanged?: boolean } = {}): Promise<void> {
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, patch.unchanged === true ? await prepareFacts(job, patch) : await preparation(job));
}

async function takeBack(world: World, job: ClaimedJob): Promise<void> {
  const { sites, reason } = rollbackInput(job);
  await tell(world.agent, job, [...(await rollbackFacts(job, { sites, reason })), finished({ kind: "rolled_back", failure: null })]);
}

async function worldWith(rungs: Alert["remediation"][number]["rung"][], configs?: SiteConfig[]): Promise<World> {
  const world = await createWorld();
  if (configs !== undefined) world.agent = await createAgent({ sites: configs.map(({ id }) => id), configs });
  await setPolicy(world, { remediation: { rungs, stepSeconds: 0 } });
  return world;
}

test("an objective that stays missed climbs the ladder to a rollback, and the alert ends with it", async () => {
  const world = await worldWith(["notify", "rerender", "scale", "rollback"]);
  const first = await deployed(world);
  await rounds(world.agent, 3, { latencyP95: 80 });
  const rerender = await stepsBecome(world, ["notify done", "rerender started"]);
  const asked = await intentOf(world, intentIdOf(rerender));
  const { slice } = rerender;
  expect(asked).toMatchObject({ createdBy: "assurance", command: { action: "rerender", slice, sites: ["edge1"] }, priority: 5 });
  await rounds(world.agent, 2, { latencyP95: 80 });
  await stepsBecome(world, ["notify done", "rerender started"]); // nothing follows while it is under way
  await prepare(world, asked.intentId, { unchanged: true });
  await rounds(world.agent, 1, { latencyP95: 80 });
  const last = await stepsBecome(world, ["notify done", "rerender done", "scale skipped", "rollback started"]);
  expect(last.remediation.map(({ message }) => message)).toEqual([
    "this alert",
    `the files of ${slice} at edge1 are put back; nothing had to be changed`,
    "latencyP95 is missed; more throughput would not change it",
    `the latest deployment of ${slice} is taken back; it is the first one there, so ${slice} is removed from edge1`,
  ]);
  await prepare(world, intentIdOf(last));
  await takeBack(world, await takeOf(world.agent, intentIdOf(last)));
  await watchlistOf(world.agent);
  await expect.poll(() => alertsOf(world, "firing")).toEqual([]);
  const [ended] = await alertsOf(world);
  expect(ended?.remediation.map(({ state }) => state)).toEqual(["done", "done", "skipped", "done"]);
  expect((await intentOf(world, first.intentId)).status).toBe("rolled_back");
  const events = await alertEvents(world);
  expect(events.map(({ type, intentId }) => [type, intentId])).toEqual([
    ...Array.from({ length: events.length - 1 }, () => ["alert.triggered", first.intentId]),
    ["alert.resolved", first.intentId],
  ]);
});

test("what the ladder has put out keeps the alert, and is taken back before what it was put upon", async () => {
  const world = await worldWith(["scale", "rollback"]);
  const first = await deployed(world);
  await rounds(world.agent, 3, BAD);
  const scaled = await stepsBecome(world, ["scale started"]);
  expect(scaled.remediation[0]?.message).toBe(`downlinkMbps of ${scaled.slice} at edge1 from 200 to 250`);
  await prepare(world, intentIdOf(scaled));
  const job = await takeOf(world.agent, intentIdOf(scaled));
  await tell(world.agent, job, await applyFacts(job));
  await rounds(world.agent, 2, BAD);
  const { deploymentId } = await stepsBecome(world, ["scale done"]); // the new deployment has to miss it three times again
  expect(deploymentId).not.toBe(first.deploymentId);
  await rounds(world.agent, 1, BAD);
  const back = await stepsBecome(world, ["scale done", "rollback started"]);
  await prepare(world, intentIdOf(back));
  await takeBack(world, await takeOf(world.agent, intentIdOf(back)));
  await rounds(world.agent, 2, BAD);
  expect(await stepsBecome(world, ["scale done", "rollback done"])).toMatchObject({
    alertId: scaled.alertId,
    deploymentId: first.deploymentId,
  });
  await rounds(world.agent, 1, BAD);
  const end = await stepsBecome(world, ["scale done", "rollback done", "rollback started"]);
  await prepare(world, intentIdOf(end));
  await takeBack(world, await takeOf(world.agent, intentIdOf(end)));
  await watchlistOf(world.agent);
  await expect.poll(() => alertsOf(world, "firing")).toEqual([]);
  expect(await rows("select name from slices where removed_at is null")).toEqual([]);
});

test("a rung that was carried out and helps is the last", async () => {
  const world = await worldWith(["scale", "rollback"]);
  await deployed(world);
  await rounds(world.agent, 3, BAD);
  const scaled = await stepsBecome(world, ["scale started"]);
  await prepare(world, intentIdOf(scaled));
  const job = await takeOf(world.agent, intentIdOf(scaled));
  await tell(world.agent, job, await applyFacts(job));
  await rounds(world.agent, 3);
  expect(await alertsOf(world)).toMatchObject([{ status: "resolved", remediation: [{ rung: "scale", state: "done" }] }]);
});

test("several objectives of one slice at one site are helped by one ladder", async () => {
  const world = await worldWith(["rollback"]);
  await deployed(world);
  await rounds(world.agent, 3, { ...BAD, latencyP95: 80, availability: 1 });
  await expect.poll(async () => (await rows("select id from intents where created_by = 'assurance'")).length).toBe(1);
  await rounds(world.agent, 2, { ...BAD, latencyP95: 80, availability: 1 });
  const firing = await alertsOf(world, "firing");
  expect(firing.map(({ remediation }) => remediation.length).sort()).toEqual([0, 0, 1]);
  expect(await rows("select id from intents where created_by = 'assurance'")).toHaveLength(1);
});

test("an outage and a lack of data are no reason for a rung", async () => {
  const world = await worldWith(["notify", "rollback"]);
  await setPolicy(world, { remediation: { rungs: ["notify", "rollback"], stepSeconds: 1 } });
  await deployed(world);
  await rounds(world.agent, 3, BAD);
  await stepsBecome(world, ["notify done"]);
  await rows('update alerts set remediation = replace(remediation, \'"at":"20\', \'"at":"19\')'); // long ago
  await rounds(world.agent, 3, { throughputMin: "out" });
  await stepsBecome(world, ["notify done"]);
  await rounds(world.agent, 3, BAD);
  await stepsBecome(world, ["notify done", "rollback started"]);
});

test("a rung at a production site waits for a person, and is withdrawn when the objective holds again", async () => {
  const world = await worldWith(["rollback"], [siteConfig("edge1", { labels: { environment: "production" } })]);
  const first = await deployedWithApproval(world);
  await rounds(world.agent, 3, BAD);
  const asked = await stepsBecome(world, ["rollback started"]);
  await prepare(world, intentIdOf(asked));
  expect((await intentOf(world, intentIdOf(asked))).status).toBe("awaiting_approval");
  await rounds(world.agent, 1, BAD);
  await expect.poll(async () => (await theAlert(world)).remediation[0]?.message).toMatch(/; waits for an approval$/);
  await rounds(world.agent, 3);
  await rounds(world.agent, 1);
  expect(await alertsOf(world)).toMatchObject([
    {
      status: "resolved",
      remediation: [{ rung: "rollback", state: "skipped", message: expect.stringMatching(/; there is no reason for it any more$/) }],
    },
  ]);
  expect((await intentOf(world, intentIdOf(asked))).status).toBe("cancelled");
  expect((await intentOf(world, first)).status).toBe("completed");
});

async function deployedWithApproval(world: World): Promise<string> {
  const intentId = await prepared(world);
  const { digest } = await intentOf(world, intentId);
  await call("POST", `/api/v1/intents/${intentId}/approve`, { token: world.operate, body: { digest } });
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, await applyFacts(job));
  return intentId;
}

test("a rollback that fails is an alert of its own, which ends with the first", async () => {
  const world = await worldWith(["rollback"]);
  const { deploymentId } = await deployed(world);
  await rounds(world.agent, 3, BAD);
  const asked = await stepsBecome(world, ["rollback started"]);
  const job = await takeOf(world.agent, intentIdOf(asked));
  await tell(world.agent, job, [finished({ kind: "failed", failure: failure({ message: "no revert today" }) })]);
  await watchlistOf(world.agent);
  await expect
    .poll(async () => (await alertsOf(world, "firing")).map(({ kind, severity }) => [kind, severity]))
    .toEqual([
      ["remediation_failed", "critical"],
      ["slo_burn", "critical"],
    ]);
  const [failed, burning] = await alertsOf(world, "firing");
  expect(burning?.remediation).toMatchObject([{ state: "failed", message: expect.stringMatching(/; no revert today$/) }]);
  expect(failed).toMatchObject({ deploymentId, site: "edge1", slice: burning?.slice, objective: "throughputMin" });
  await rounds(world.agent, 3);
  await watchlistOf(world.agent);
  await expect.poll(() => alertsOf(world, "firing")).toEqual([]);
});

test("a rung whose intent was never made is asked for once more, and once only", async () => {
  const world = await worldWith(["rollback"]);
  await deployed(world);
  await rounds(world.agent, 3, BAD);
  const asked = await stepsBecome(world, ["rollback started"]);
  // As after a crash between the two: the step is there, what it led to is not known.
  await env.DB.prepare("update alerts set remediation = json_replace(remediation, '$[0].intentId', null)").run();
  await Promise.all([watchlistOf(world.agent), watchlistOf(world.agent)]);
  await expect.poll(async () => (await theAlert(world)).remediation[0]?.intentId).toBe(intentIdOf(asked));
  expect(await rows("select id from intents where created_by = 'assurance'")).toHaveLength(1);
});

test("the history is not walked back: a second rollback in short order is a person's to decide", async () => {
  const world = await worldWith(["notify", "rollback"]);
  const first = await deployed(world);
  await done(world, await order(world, "scale", await sliceOf(first.deploymentId), { requirements: { downlinkMbps: 20 } }));
  await rounds(world.agent, 3, BAD);
  const asked = await stepsBecome(world, ["notify done", "rollback started"]);
  await prepare(world, intentIdOf(asked));
  await takeBack(world, await takeOf(world.agent, intentIdOf(asked)));
  await watchlistOf(world.agent);
  await expect.poll(() => alertsOf(world, "firing")).toEqual([]);
  await rounds(world.agent, 5, BAD);
  const again = await stepsBecome(world, ["notify done", "rollback skipped"]);
  expect([again.deploymentId, again.remediation[1]?.message]).toEqual([first.deploymentId, "rolled back once already; a person decides"]);
  expect(await rows("select id from intents where created_by = 'assurance'")).toHaveLength(1);
  await rows('update alerts set remediation = replace(remediation, \'"at":"20\', \'"at":"19\')'); // long ago
  await rounds(world.agent, 3);
  await rounds(world.agent, 3, BAD);
  await stepsBecome(world, ["notify done", "rollback started"]);
});

async function sliceOf(deploymentId: string): Promise<string> {
  const [row] = await rows<{ slice: string }>("select slice from deployments where id = ?", deploymentId);
  return row?.slice ?? "";
}

test("a rung that has ended is told, however many others wait", async () => {
  const world = await worldWith(["rollback"]);
  await deployed(world);
  await rounds(world.agent, 3, BAD);
  const asked = await stepsBecome(world, ["rollback started"]);
  const waiting = await submit(world);
  const [row = {}] = await rows<Record<string, string>>("select * from alerts");
  await rows("update alerts set remediation = json_replace(remediation, '$[0].intentId', ?)", waiting);
  const ids = Array.from({ length: 30 }, () => newId("alr"));
  for (const id of ids) {
    const remediation = id === ids.at(-1) ? row.remediation : row.remediation?.replace(intentIdOf(asked), waiting);
    const copy = { ...row, id, subject: `${row.subject}/${id}`, remediation };
    await rows(`insert into alerts (${Object.keys(copy)}) values (${Object.keys(copy).map(() => "?")})`, ...Object.values(copy));
  }
  await call("POST", `/api/v1/intents/${intentIdOf(asked)}/cancel`, { token: world.operate });
  await watchlistOf(world.agent);
  const last = async () => (await alertsOf(world)).find(({ alertId }) => alertId === ids.at(-1))?.remediation;
  await expect.poll(last).toMatchObject([{ state: "failed", message: expect.stringMatching(/; cancelled$/) }]);
});
