// A rollout in waves that was paused and goes on: what a person took back stays back, what is finished is not done again.
import { expect, test } from "vitest";
import type { GitPort } from "../../../agent/ports.ts";
import { stageFailure } from "../../../agent/stages/deps.ts";
import type { ClaimedJob } from "../../../protocol/job.ts";
import { err } from "../../../protocol/result.ts";
import type { Checkpoint } from "../../../protocol/stage.ts";
import { applyJob, attempt, type FarEnd, farEnd, resumed, rollbackJob } from "./setup.ts";

function refusing(git: GitPort, wave: number): GitPort {
  return {
    ...git,
    push: async (input, expected, signal) =>
      input.trailers.wave?.number === wave
        ? err(stageFailure("push", { reason: "git_refused", message: "a hook said no" }))
        : git.push(input, expected, signal),
  };
}

/** A person's rollback at one site, and what the worker then keeps of the checkpoint. */
async function takenBackByHand(far: FarEnd, checkpoint: Checkpoint, site: string): Promise<Checkpoint> {
  const commits = checkpoint.push?.waves ?? [];
  expect((await attempt(far, rollbackJob({ commits, sites: [site] }))).outcome).toEqual({ kind: "rolled_back", failure: null });
  const sites = (checkpoint.sync?.sites ?? []).map((outcome) =>
    outcome.site === site ? { ...outcome, state: "reverted" as const } : outcome,
  );
  return { ...(checkpoint.push === undefined ? {} : { push: checkpoint.push }), sync: { sites } };
}

async function pausedAtWave(far: FarEnd, wave: number): Promise<{ job: ClaimedJob; checkpoint: Checkpoint }> {
  const job = await applyJob(far, [["edge1"], ["edge2"], ["edge3"]], { policy: "pause" });
  const { outcome, checkpoint } = await attempt(far, job, { git: refusing(far.git, wave) });
  expect(outcome?.kind).toBe("needs_decision");
  return { job, checkpoint };
}

test.each([
  [1, 2, "edge1"],
  [2, 3, "edge2"],
])("wave %i was taken back by hand: it is skipped, and wave %i follows", async (_, next, site) => {
  const far = await farEnd();
  const { job, checkpoint } = await pausedAtWave(far, next);
  const kept = await takenBackByHand(far, checkpoint, site);
  far.measured.length = 0;
  const done = await attempt(far, resumed(job, kept));
  expect(done.outcome).toEqual({ kind: "completed", note: `service levels met; taken back at ${site}` });
  expect(done.checkpoint.push?.waves.map((wave) => wave.sites)).toEqual([["edge1"], ["edge2"], ["edge3"]]);
  expect(far.measured).toEqual(["edge1", "edge2", "edge3"].filter((one) => one !== site));
  expect((await far.repo.files(`sites/${site}/slices`)).length).toBe(0);
});

test.each(["all-or-revert", "keep-successful", "pause"] as const)(
  "a push of wave 2 that is refused waits for a person (%s)",
  async (policy) => {
    const far = await farEnd();
    const job = await applyJob(far, [["edge1"], ["edge2"]], { policy });
    const stopped = await attempt(far, job, { git: refusing(far.git, 2) });
    expect(stopped.outcome).toMatchObject({ kind: "needs_decision", failure: { stage: "push", reason: "git_refused" } });
    const done = await attempt(far, resumed(job, stopped.checkpoint));
    expect(done.outcome).toEqual({ kind: "completed", note: "service levels met at every site" });
  },
);

test("a push of the first wave that is refused has put nothing out: the job failed", async () => {
  const far = await farEnd();
  const { outcome } = await attempt(far, await applyJob(far, [["edge1"], ["edge2"]]), { git: refusing(far.git, 1) });
  expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "git_refused" } });
});

test("a wave that is measured and baked is neither measured nor baked again when the rollout goes on", async () => {
  const far = await farEnd();
  const job = await applyJob(far, [["edge1"], ["edge2"]], { bakeSeconds: 1 });
  const stopped = await attempt(far, job, { git: refusing(far.git, 2) });
  expect(stopped.checkpoint.verify).toMatchObject({ sites: ["edge1"], bakedWaves: 1 });
  expect(far.measured).toEqual(["edge1", "edge1"]);
  expect((await attempt(far, resumed(job, stopped.checkpoint))).outcome?.kind).toBe("completed");
  expect(far.measured).toEqual(["edge1", "edge1", "edge2"]);
});
