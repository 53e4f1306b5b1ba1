// Changes of live slices: asked for in words or in data, and carried out by the agent of the world to whatever end the test wants.
import { IntentAccepted, type IntentRecord, SliceView } from "../../protocol/api.ts";
import { Deployment } from "../../protocol/deployment.ts";
import type { ClaimedJob } from "../../protocol/job.ts";
import type { Fact } from "../../protocol/report.ts";
import { call, intentOf, rows, siteConfig, submit, tell, type World } from "./harness.ts";
import { applyFacts, finished, preparation, rollbackFacts, rollbackInput, takeOf } from "./story.ts";

export type SliceCommand = "scale" | "terminate" | "rollback" | "rerender";

export const VIDEO = "Deploy eMBB slice video-7 on edge1 and edge2 with 200 Mbps";

/** Asks for a change in data; returns the intent that carries it out. */
export async function order(world: World, action: SliceCommand, slice: string, body: Record<string, unknown> = {}): Promise<string> {
  const answer = await call("POST", `/api/v1/slices/${slice}/${action}`, { token: world.operate, body });
  return answer.as(IntentAccepted).intentId;
}

/** Takes the intent's preparation to its end, whatever that is. */
export async function prepare(world: World, intentId: string): Promise<IntentRecord> {
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, await preparation(job));
  return intentOf(world, intentId);
}

/** What an agent says when all goes well. */
export async function goodFacts(job: ClaimedJob): Promise<Fact[]> {
  if (job.input.kind !== "deployment.rollback") return applyFacts(job);
  const { sites, reason } = rollbackInput(job);
  return [...(await rollbackFacts(job, { sites, reason })), finished({ kind: "rolled_back", failure: null })];
}

/** Claims the intent's next job and carries it out well. */
export async function carryOut(world: World, intentId: string): Promise<IntentRecord> {
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, await goodFacts(job));
  return intentOf(world, intentId);
}

/** From the words to a good end; fails the test when there is none. */
export async function done(world: World, intentId: string): Promise<{ intentId: string; deploymentId: string }> {
  const { status, failure } = await prepare(world, intentId);
  if (status !== "running") throw new Error(`the intent is ${status}: ${failure?.message ?? ""}`);
  const { status: end, deploymentId } = await carryOut(world, intentId);
  if (end !== "completed" || deploymentId === null) throw new Error(`the intent is ${end}`);
  return { intentId, deploymentId };
}

export async function said(world: World, text: string, body: Record<string, unknown> = {}) {
  return done(world, await submit(world, { text, ...body }));
}

export async function approve(world: World, intentId: string, token = world.operate) {
  const { digest } = await intentOf(world, intentId);
  return call("POST", `/api/v1/intents/${intentId}/approve`, { token, body: { digest } });
}

export async function rollBack(world: World, deploymentId: string, body: Record<string, unknown> = {}) {
  return call("POST", `/api/v1/deployments/${deploymentId}/rollback`, { token: world.operate, body });
}

/** Which deployment holds how much where: `slice@site` → [deployment, downlink]. */
export async function held(): Promise<Record<string, [string, number]>> {
  const all = await rows<{ slice: string; site: string; id: string; mbps: number }>(
    "select slice, site, deployment_id id, downlink_mbps mbps from slice_sites order by slice, site",
  );
  return Object.fromEntries(all.map(({ slice, site, id, mbps }) => [`${slice}@${site}`, [id, mbps]]));
}

export async function statusOf(world: World, deploymentId: string): Promise<Deployment["status"]> {
  return (await call("GET", `/api/v1/deployments/${deploymentId}`, { token: world.read })).as(Deployment).status;
}

export async function sliceOf(world: World, name: string): Promise<SliceView> {
  return (await call("GET", `/api/v1/slices/${name}`, { token: world.read })).as(SliceView);
}

/** The events that end an intent, in order. */
export async function endsOf(intentId: string): Promise<string[]> {
  const ends = await rows<{ type: string }>(
    `select type from events where intent_id = ? and type in
     ('intent.completed', 'intent.failed', 'intent.rejected', 'intent.cancelled', 'intent.rolled_back') order by seq`,
    intentId,
  );
  return ends.map((row) => row.type);
}

/** The sites of the world with little room. */
export async function tighten(world: World, downlinkMbps: number): Promise<void> {
  const capacity = { downlinkMbps, uplinkMbps: 10_000, maxDevices: 1_000_000 };
  await world.agent.heartbeat({ sites: world.sites.map((site) => siteConfig(site, { capacity })) });
}

export async function setPolicy(policy: object): Promise<void> {
  const put = "insert into settings (name, value, updated_by, updated_at) values ('policy', ?, 'test', 0)";
  await rows(`${put} on conflict (name) do update set value = excluded.value`, JSON.stringify(policy));
}
