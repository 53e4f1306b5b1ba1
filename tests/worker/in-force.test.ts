// What is in force where, after any sequence of actions with any ends: the books balance. Random, but the same in every run.
import { expect, test } from "vitest";
import type { ClaimedJob } from "../../protocol/job.ts";
import type { Fact } from "../../protocol/report.ts";
import { goodFacts, order, prepare } from "./changes.ts";
import { call, createWorld, intentOf, rows, submit, tell, type World } from "./harness.ts";
import { applyInput, failure, finished, pushFacts, rollbackFacts, rollbackInput, sha, started, takeOf } from "./story.ts";

const STEPS = 25;
const NAMES = ["alpha-1", "beta-2"];
const SITES = ["edge1", "edge2", "edge3"];

/** A linear congruential generator: small, and the same everywhere. */
function dice(seed: number) {
  let state = seed;
  const roll = (sides: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
  const pick = <T>(from: readonly T[]): T => {
    const found = from[roll(from.length)];
    if (found === undefined) throw new Error("nothing to pick from");
    return found;
  };
  return { roll, pick, some: <T>(from: readonly T[]) => from.filter(() => roll(2) === 0) };
}

type Dice = ReturnType<typeof dice>;

/** Any action on any of the slices; most are refused by the plan, which is fine. */
async function anyOrder(world: World, { roll, pick, some }: Dice): Promise<string> {
  const slice = pick(NAMES);
  const at = (await rows<{ site: string }>("select site from slice_sites where slice = ?", slice)).map((row) => row.site);
  const live = at.length > 0;
  const sites = roll(2) === 0 ? [] : some(live ? at : SITES);
  const rollout = live && sites.length === 0 && roll(2) === 0 ? { rollout: { waves: [[pick(at)]] } } : {};
  const policy = pick(["all-or-revert", "keep-successful", "pause"]);
  if (!live)
    return submit(world, {
      text: `Deploy eMBB slice ${slice} on ${(sites.length === 0 ? SITES : sites).join(", ")} with 100 Mbps`,
      policy,
    });
  const action = pick(["scale", "scale", "terminate", "rollback"] as const);
  const more = action === "scale" ? { requirements: { downlinkMbps: 100 + roll(9) * 100 } } : {};
  return order(world, action, slice, { sites, policy, ...more, ...(action === "rollback" ? {} : rollout) });
}

/** Any end that the job can have, at any point of its way. */
async function anyEnd(job: ClaimedJob, { roll, some }: Pick<Dice, "roll" | "some">): Promise<Fact[]> {
  if (job.input.kind === "deployment.rollback") return anyRollbackEnd(job, { roll, some });
  const { plan } = applyInput(job);
  const waves = 1 + roll(plan.waves.length);
  const out = plan.waves.slice(0, waves).flat();
  switch (roll(7)) {
    case 0:
      return [started("push"), finished({ kind: "failed", failure: failure() })];
    case 1:
      return [...(await pushFacts(job, waves)), finished({ kind: "failed", failure: failure() })];
    case 2:
      return [...(await pushFacts(job, waves)), finished({ kind: "cancelled", effects: ["a commit"] })];
    case 3:
      return [
        ...(await pushFacts(job, waves)),
        ...(await rollbackFacts(job, { sites: out, reason: "" })),
        finished({ kind: "rolled_back", failure: failure() }),
      ];
    case 4: {
      const back = some(out).slice(1); // with nothing left it would have been rolled back
      const part = back.length === 0 ? [] : await rollbackFacts(job, { sites: back, reason: "" });
      return [...(await pushFacts(job, waves)), ...part, finished({ kind: "completed", note: "" })];
    }
    case 5:
      return [...(await pushFacts(job, waves)), finished({ kind: "needs_decision", failure: failure() })];
    default:
      return goodFacts(job);
  }
}

/** Done, failed before or after some sites have confirmed, or cancelled with or without a revert on the branch. */
async function anyRollbackEnd(job: ClaimedJob, { roll, some }: Pick<Dice, "roll" | "some">): Promise<Fact[]> {
  const { sites } = rollbackInput(job);
  const commit = await sha(`revert ${job.lease.jobId}`);
  const confirmed = some(sites).map((site): Fact => ({ type: "site.state", site, state: "reverted", commit, message: "removed" }));
  const begun = started("rollback", { sites, reason: "" });
  switch (roll(8)) {
    case 0:
      return [finished({ kind: "failed", failure: failure({ stage: "rollback" }) })];
    case 1:
      return [begun, ...confirmed, finished({ kind: "failed", failure: failure({ stage: "rollback", reason: "rollback_failed" }) })];
    case 2:
      return [finished({ kind: "cancelled", effects: [] })];
    case 3:
      return [begun, ...confirmed, finished({ kind: "cancelled", effects: ["a revert"] })];
    default:
      return goodFacts(job);
  }
}

async function decideIfAsked(world: World, intentId: string, die: Dice): Promise<void> {
  if ((await intentOf(world, intentId)).status !== "needs_decision") return;
  const action = die.pick(["accept", "rollback", "cancel", "resume"]);
  const path = `/api/v1/intents/${intentId}/${action === "cancel" ? "cancel" : "decide"}`;
  const answer = await call("POST", path, { token: world.operate, ...(action === "cancel" ? {} : { body: { action } }) });
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  if (action === "accept" || action === "cancel") return;
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, job.input.kind === "deployment.rollback" ? await anyRollbackEnd(job, die) : await goodFacts(job));
}

const BOOKS: [string, string][] = [
  ["nothing is under way", "select id, status from deployments where status in ('applying', 'reverting')"],
  [
    "who holds something is in force, or failed with its commit in the tree",
    `select h.*, d.status from slice_sites h left join deployments d on d.id = h.deployment_id
     where d.id is null or d.slice <> h.slice or d.status not in ('live', 'failed')
       or not exists (select 1 from json_each(d.plan, '$.sites') where value = h.site)`,
  ],
  [
    "what is live holds something",
    "select id from deployments d where status = 'live' and not exists (select 1 from slice_sites where deployment_id = d.id)",
  ],
  [
    "a share is what the deployment in force needs; where it failed it may still be the larger one of before",
    `select h.* from slice_sites h join deployments d on d.id = h.deployment_id
     where h.downlink_mbps - json_extract(d.plan, '$.profile.dLThptPerSlice.guaThpt') / 1000.0 not between -1e-6 and iif(d.status = 'failed', 1e9, 1e-6)`,
  ],
  [
    "a slice is there while it holds a site",
    "select name from slices s where (removed_at is null) <> exists (select 1 from slice_sites where slice = s.name)",
  ],
  [
    "a slice is what its latest deployment in force says",
    `select s.* from slices s join deployments d on d.id = s.latest_deployment_id where s.removed_at is null
       and (d.id <> (select max(deployment_id) from slice_sites where slice = s.name)
         or json_extract(d.plan, '$.requirements') <> json(s.requirements))`,
  ],
  ["no site and no job is left behind", "select job_id from site_locks union all select job_id from job_sites"],
];

test.each([1, 2, 3, 4])("after every step of sequence %i the books balance", async (seed) => {
  const world = await createWorld({ sites: 3 });
  const die = dice(seed);
  const story: string[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    const intentId = await anyOrder(world, die);
    const { text, status } = await prepare(world, intentId);
    if (status === "running") {
      const job = await takeOf(world.agent, intentId);
      const facts = await anyEnd(job, die);
      await tell(world.agent, job, facts);
      await decideIfAsked(world, intentId, die);
    }
    story.push(`${text} -> ${(await intentOf(world, intentId)).status}`);
    for (const [what, sql] of BOOKS) expect(await rows(sql), `${what}, after:\n${story.join("\n")}`).toEqual([]);
  }
  expect(story.filter((line) => !line.endsWith("rejected")).length).toBeGreaterThan(STEPS / 2);
});
