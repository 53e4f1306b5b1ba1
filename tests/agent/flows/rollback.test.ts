// A rollback at a site where the commit had changed nothing: there is nothing to undo, and that can be confirmed.
import { expect, test } from "vitest";
import { must, never, portOn } from "../gitops/setup.ts";
import { applyJob, attempt, type FarEnd, farEnd, rollbackJob, SLICE } from "./setup.ts";

const SITES = ["edge1", "edge2"];

/** The slice at both sites, broken by hand at edge1, and a rerender that changes edge1 only. */
async function rerendered(far: FarEnd) {
  expect((await attempt(far, await applyJob(far, [SITES]))).outcome?.kind).toBe("completed");
  const broken = `sites/edge1/slices/${SLICE}/capacity.yaml`;
  await far.repo.commit({ [broken]: "kind: Tampered\n" });
  far.git = await portOn(far.repo.path); // its view of the branch is of now
  const { checkpoint } = await attempt(far, await applyJob(far, [SITES]));
  const { push } = checkpoint;
  if (push === undefined) throw new Error("the rerender should be out");
  expect(await far.repo.git("show", "--format=", "--name-only", push.commit)).toBe(`${broken}\n`);
  return push;
}

test("a change that left one of its sites as it was can be taken back at all of them", async () => {
  const far = await farEnd();
  const { waves } = await rerendered(far);
  const back = await attempt(far, rollbackJob({ commits: waves, sites: SITES }));
  expect(back.outcome).toEqual({ kind: "rolled_back", failure: null });
  expect(back.checkpoint.rollback).toMatchObject({ sites: SITES, unconfirmed: [] });
  expect(must(await far.git.diff({ slice: SLICE, sites: ["edge2"], files: [] }, never))).toHaveLength(2);
});

test.each(SITES)("%s does not follow the revert: the rollback is not confirmed there", async (site) => {
  const far = await farEnd();
  const { waves, commit } = await rerendered(far);
  far.behind.set(site, commit);
  const { outcome } = await attempt(far, rollbackJob({ commits: waves, sites: SITES }));
  expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "rollback_failed", site } });
});
