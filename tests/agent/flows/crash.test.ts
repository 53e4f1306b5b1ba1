// An agent that died and its job's next attempt: what was done is not denied, and the end is the one that was reached.
import { expect, test } from "vitest";
import { stageFailure } from "../../../agent/stages/deps.ts";
import { err } from "../../../protocol/result.ts";
import { must, never } from "../gitops/setup.ts";
import { again, applyJob, attempt, farEnd, resumed, rollbackJob, SLICE } from "./setup.ts";

test("a missed service level that was rolled back before the crash ends as rolled back, with its failure", async () => {
  const far = await farEnd();
  far.latencyMs.set("edge1", 90);
  const job = await applyJob(far, [["edge1"]]);
  const first = await attempt(far, job);
  expect(first.outcome).toMatchObject({ kind: "rolled_back", failure: { stage: "verify", reason: "slo_failed", site: "edge1" } });
  const second = await attempt(far, again(job, first.checkpoint));
  expect(second).toEqual({ outcome: first.outcome, checkpoint: first.checkpoint, stages: [] });
});

test.each(["edge2 misses its service level", "edge2 does not follow"])(
  "%s in wave 2, all is rolled back, crash: rolled back",
  async (what) => {
    const far = await farEnd();
    if (what === "edge2 does not follow") far.stuck.add("edge2");
    else far.latencyMs.set("edge2", 90);
    const job = await applyJob(far, [["edge1"], ["edge2"], ["edge3"]]);
    const first = await attempt(far, job);
    expect(first.outcome).toMatchObject({ kind: "rolled_back", failure: { site: "edge2" } });
    expect(first.checkpoint.rollback?.sites).toEqual(["edge1", "edge2"]);
    const commits = await far.repo.commits();
    const second = await attempt(far, again(job, first.checkpoint));
    expect(second).toEqual({ outcome: first.outcome, checkpoint: first.checkpoint, stages: [] });
    expect(await far.repo.commits()).toEqual(commits);
  },
);

test("only a part was rolled back before the crash: the kept sites end the job as they would have", async () => {
  const far = await farEnd();
  far.latencyMs.set("edge2", 90);
  const job = await applyJob(far, [["edge1"], ["edge2"], ["edge3"]], { policy: "keep-successful" });
  const first = await attempt(far, job);
  const outcome = { kind: "completed", note: "service levels met; taken back at edge2; not rolled out at edge3" };
  expect(first.outcome).toEqual(outcome);
  expect(await attempt(far, again(job, first.checkpoint))).toMatchObject({ outcome, stages: [] });
});

test("cancelled after a crash in wave 2: the wave that was pushed and not told is among the effects", async () => {
  const far = await farEnd();
  const job = await applyJob(far, [["edge1"], ["edge2"], ["edge3"]]);
  far.stuck.add("edge2");
  const { checkpoint } = await attempt(far, { ...job, input: { ...job.input, policy: "pause" } as typeof job.input });
  const [one, two] = checkpoint.push?.waves ?? [];
  if (checkpoint.push === undefined || one === undefined || two === undefined) throw new Error("two waves should be out");
  const known = { push: { ...checkpoint.push, commit: one.commit, waves: [one] } };

  const cancelled = await attempt(far, again(job, known), { cancelled: true });
  expect(cancelled.checkpoint.push).toEqual(checkpoint.push);
  const at = `is in ${far.repo.path} on main for`;
  expect(cancelled.outcome).toEqual({
    kind: "cancelled",
    effects: [`commit ${one.commit} ${at} edge1`, `commit ${two.commit} ${at} edge2`],
  });
});

test("the same of a rollout that was resumed: its own job begins at a later wave", async () => {
  const far = await farEnd();
  const job = await applyJob(far, [["edge1"], ["edge2"]], { policy: "pause" });
  const refused: typeof far.git = {
    ...far.git,
    push: async (input, expected, signal) =>
      input.trailers.wave?.number === 2
        ? err(stageFailure("push", { reason: "git_refused", message: "refused" }))
        : far.git.push(input, expected, signal),
  };
  const { checkpoint } = await attempt(far, job, { git: refused });
  const next = resumed(job, checkpoint);
  const { checkpoint: full } = await attempt(far, next);
  expect(full.push?.waves.map((wave) => wave.sites)).toEqual([["edge1"], ["edge2"]]);
  const cancelled = await attempt(far, again(next, checkpoint), { cancelled: true });
  expect(cancelled.checkpoint.push).toEqual(full.push);
});

test("cancelled when git cannot be asked what is out: nothing is said, the next attempt looks again", async () => {
  const far = await farEnd();
  const job = await applyJob(far, [["edge1"], ["edge2"]]);
  const silent = { ...far.git, published: async () => err(stageFailure("push", { reason: "git_unreachable", message: "gone" })) };
  expect(await attempt(far, again(job, {}), { git: silent, cancelled: true })).toMatchObject({ outcome: undefined });
});

test("a rollback that is cancelled in a later attempt says what the earlier one has reverted", async () => {
  const far = await farEnd();
  const { checkpoint } = await attempt(far, await applyJob(far, [["edge1"], ["edge2"]]));
  const commits = checkpoint.push?.waves ?? [];
  const job = rollbackJob({ commits, sites: ["edge1", "edge2"] });
  const { jobId } = job.lease;
  const about = { jobId, intentId: job.input.intentId, slice: SLICE, commit: commits[1]?.commit ?? "", reason: "asked for" };
  const { revertCommit } = must(await far.git.revert({ ...about, sites: ["edge2"], allSites: ["edge2"] }, never)); // and died

  const cancelled = await attempt(far, again(job, {}), { cancelled: true });
  expect(cancelled.outcome).toEqual({ kind: "cancelled", effects: [`commit ${revertCommit} takes it back at edge2`] });
  const other = await attempt(far, again(rollbackJob({ commits, sites: ["edge2"] }), {}), { cancelled: true });
  expect(other.outcome).toEqual({ kind: "cancelled", effects: [] });
});

test.each(["before", "after"])(
  "cancelled when the crash came %s the rollback of an application was told: each revert is named once",
  async (when) => {
    const far = await farEnd();
    far.latencyMs.set("edge2", 90);
    const job = await applyJob(far, [["edge1"], ["edge2"]]);
    const { rollback, ...rest } = (await attempt(far, job)).checkpoint;
    const known = when === "before" || rollback === undefined ? rest : { ...rest, rollback };
    const { outcome } = await attempt(far, again(job, known), { cancelled: true });
    const [newest, older] = await far.repo.commits(); // the waves are taken back newest first
    expect(outcome).toMatchObject({ kind: "cancelled" });
    const effects = outcome?.kind === "cancelled" ? outcome.effects.filter((effect) => effect.includes("takes it back")) : [];
    expect(effects.toSorted()).toEqual(
      [`commit ${newest?.commit} takes it back at edge1`, `commit ${older?.commit} takes it back at edge2`].toSorted(),
    );
  },
);
