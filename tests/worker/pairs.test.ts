// An action while another one is at the same slice, for every pair, in words and in data: what the second is told, and that the
// first still ends well. And the race: both prepared on the same world, then both carried out.
import { expect, test } from "vitest";
import { IntentAccepted, type IntentRecord } from "../../protocol/api.ts";
import { carryOut, endsOf, goodFacts, held, order, prepare, rollBack, type SliceCommand, statusOf } from "./changes.ts";
import { call, createWorld, intentOf, refusal, rows, submit, tell, type World } from "./harness.ts";
import { deployed, preparation, takeOf } from "./story.ts";

const SENTENCES = {
  deploy: "Deploy eMBB slice video-7 on edge1 with 100 Mbps",
  scale: "Scale slice video-7 to 400 Mbps",
  terminate: "Terminate slice video-7",
  rollback: "Roll back slice video-7",
  status: "What is the status of slice video-7?",
} as const;

type Running = "deploy" | "scale" | "terminate" | "rollback";
type New = Running | "rerender" | "status";
type Way = "sentence" | "API";

async function ask(world: World, action: New, way: Way): Promise<string> {
  if (way === "sentence" || action === "status") return submit(world, { text: SENTENCES[action === "rerender" ? "scale" : action] });
  if (action === "deploy") {
    const body = { slice: "video-7", serviceType: "eMBB", sites: ["edge1"], requirements: { downlinkMbps: 100 } };
    return (await call("POST", "/api/v1/slices", { token: world.operate, body })).as(IntentAccepted).intentId;
  }
  return order(world, action, "video-7", action === "scale" ? { requirements: { downlinkMbps: 400 } } : {});
}

/** The slice as the running action finds it, and that action under way: claimed, nothing said. */
async function underWay(action: Running) {
  const world = await createWorld();
  const before = action === "deploy" ? null : await deployed(world, { text: SENTENCES.deploy });
  const intentId = await ask(world, action, "sentence");
  await prepare(world, intentId);
  const job = await takeOf(world.agent, intentId);
  return { world, before, intentId, job };
}

const RUNNING: readonly Running[] = ["deploy", "scale", "terminate", "rollback"];
const NEW: readonly New[] = ["deploy", "scale", "terminate", "rollback", "rerender", "status"];
const PAIRS = RUNNING.flatMap((running) =>
  NEW.flatMap((next) =>
    (["sentence", "API"] as const).flatMap((way): [Running, New, Way][] => {
      const noSuchWay = (next === "rerender" && way === "sentence") || (next === "status" && way === "API");
      return noSuchWay ? [] : [[running, next, way]];
    }),
  ),
);

const AFTER: Record<Running, { ends: string[]; slices: number }> = {
  deploy: { ends: ["intent.completed"], slices: 1 },
  scale: { ends: ["intent.completed"], slices: 1 },
  terminate: { ends: ["intent.completed"], slices: 0 },
  rollback: { ends: ["intent.completed"], slices: 0 },
};

test.each(PAIRS)("while a %s runs, a %s of the same slice by %s is answered, and the first ends well", async (running, next, way) => {
  const { world, intentId, job } = await underWay(running);
  const second = await ask(world, next, way);
  const told = next === "status" ? await intentOf(world, second) : await prepare(world, second);
  if (next === "status") expectAnswered(told, running);
  else {
    const holder = `intent ${intentId} is changing`;
    const message =
      next === "deploy"
        ? `Slice video-7 is live already on edge1; ${holder} it now (${running}).`
        : `${holder} slice video-7 now (${running}); wait until it has ended or is decided, or cancel it.`;
    const failure = { stage: "plan", reason: "conflict", rejection: "INTENT_CONFLICT", message, retryable: false };
    expect(told).toMatchObject({ status: "rejected", failure, deployment: null });
    expect(await endsOf(second)).toEqual(["intent.rejected"]);
  }
  await tell(world.agent, job, await goodFacts(job));
  expect([await endsOf(intentId), Object.keys(await held())]).toEqual([
    AFTER[running].ends,
    AFTER[running].slices === 0 ? [] : ["video-7@edge1"],
  ]);
  expect(await rows("select state, count(*) n from jobs where finished_at is null group by state")).toEqual([]);
});

function expectAnswered(told: IntentRecord, running: Running): void {
  expect(told.status).toBe("completed");
  expect(told.answer?.slices).toMatchObject([{ slice: "video-7", sites: ["edge1"], busy: running }]);
  expect(told.answer?.text).toContain(`(${running} under way)`);
}

test.each(RUNNING)("while a %s runs, the deployment before it and its own cannot be taken back", async (running) => {
  const { world, before, intentId, job } = await underWay(running);
  const own = (await intentOf(world, intentId)).deploymentId ?? "";
  expect(refusal(await rollBack(world, own))).toEqual({ status: 409, code: "CONFLICT" });
  if (before !== null && before.deploymentId !== own)
    expect(refusal(await rollBack(world, before.deploymentId))).toEqual({ status: 409, code: "SUPERSEDED" });
  await tell(world.agent, job, await goodFacts(job));
  expect(await endsOf(intentId)).toEqual(AFTER[running].ends);
});

const RACERS: readonly SliceCommand[] = ["scale", "terminate", "rollback", "rerender"];
const RACES = RACERS.flatMap((first) => RACERS.map((second): [SliceCommand, SliceCommand] => [first, second]));

test.each(RACES)(
  "a %s and a %s that were prepared on the same world: the first to be carried out passes, the other is told",
  async (first, second) => {
    const world = await createWorld();
    const live = await deployed(world, { text: SENTENCES.deploy });
    const ids = [await ask(world, first, "API"), await ask(world, second, "API")];
    const jobs = [await world.agent.take(), await world.agent.take()];
    const facts = await Promise.all(jobs.map(preparation));
    for (const [index, job] of jobs.entries()) await tell(world.agent, job, facts[index] ?? []);
    const [winner, loser] = await Promise.all(ids.map((id) => intentOf(world, id)));
    expect([winner?.status, loser?.status]).toEqual(["running", "rejected"]);
    expect(loser?.failure).toMatchObject({ reason: "conflict", rejection: "INTENT_CONFLICT" });
    expect(await endsOf(ids[1] ?? "")).toEqual(["intent.rejected"]);
    await carryOut(world, ids[0] ?? "");
    expect(await endsOf(ids[0] ?? "")).toEqual(["intent.completed"]);
    const gone = first === "terminate" || first === "rollback";
    expect(Object.keys(await held())).toEqual(gone ? [] : ["video-7@edge1"]);
    const end = first === "rollback" ? "reverted" : "superseded";
    expect(await statusOf(world, live.deploymentId)).toBe(end);
  },
);

test.each(RACES)("a %s and a %s that report at the same moment: exactly one passes", async (first, second) => {
  const world = await createWorld();
  await deployed(world, { text: SENTENCES.deploy });
  const ids = [await ask(world, first, "API"), await ask(world, second, "API")];
  const jobs = [await world.agent.take(), await world.agent.take()];
  const facts = await Promise.all(jobs.map(preparation));
  const answers = await Promise.all(jobs.map((job, index) => world.agent.report(job, facts[index] ?? [])));
  expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
  const statuses = await Promise.all(ids.map(async (id) => (await intentOf(world, id)).status));
  expect(statuses.toSorted()).toEqual(["rejected", "running"]);
  expect(await rows("select count(*) n from deployments where status in ('applying', 'reverting')")).toEqual([{ n: 1 }]);
  await carryOut(world, ids[statuses.indexOf("running")] ?? "");
  expect(await rows("select count(*) n from deployments where status in ('applying', 'reverting')")).toEqual([{ n: 0 }]);
});

test("two deploys of one name at the same moment: exactly one passes", async () => {
  const world = await createWorld();
  const ids = [await ask(world, "deploy", "API"), await ask(world, "deploy", "sentence")];
  const jobs = [await world.agent.take(), await world.agent.take()];
  const facts = await Promise.all(jobs.map(preparation));
  await Promise.all(jobs.map((job, index) => tell(world.agent, job, facts[index] ?? [])));
  const statuses = await Promise.all(ids.map(async (id) => (await intentOf(world, id)).status));
  expect(statuses.toSorted()).toEqual(["rejected", "running"]);
});

test("a rollback by command while a change that was prepared before is carried out: exactly one passes", async () => {
  const world = await createWorld();
  const { deploymentId } = await deployed(world, { text: SENTENCES.deploy });
  const scale = await ask(world, "scale", "API");
  const job = await takeOf(world.agent, scale);
  const facts = await preparation(job);
  const [rolled] = await Promise.all([rollBack(world, deploymentId), tell(world.agent, job, facts)]);
  const { status } = await intentOf(world, scale);
  expect([
    [202, "rejected"],
    [409, "running"],
  ]).toContainEqual([rolled.status, status]);
  expect(await rows("select count(*) n from deployments where status in ('applying', 'reverting')")).toEqual([{ n: 1 }]);
});
