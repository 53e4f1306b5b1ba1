import { expect, test } from "vitest";
import { decideAfterSync } from "../../intent/policy.ts";
import type { SiteOutcome } from "../../protocol/stage.ts";

function outcomes(states: Record<string, SiteOutcome["state"]>): SiteOutcome[] {
  return Object.entries(states).map(([site, state]) => ({ site, state, commit: null, message: "" }));
}

const ALL_IN = outcomes({ edge1: "provisioned", edge2: "provisioned" });
const ONE_OUT = outcomes({ edge1: "provisioned", edge2: "failed" });
const NONE_IN = outcomes({ edge1: "failed", edge2: "failed" });

test.each(["all-or-revert", "keep-successful", "pause"] as const)("%s goes on when every site is in", (policy) => {
  expect(decideAfterSync(policy, ALL_IN)).toEqual({ kind: "proceed", sites: ["edge1", "edge2"] });
});

test("one failed site: each policy decides its own way", () => {
  expect([
    decideAfterSync("all-or-revert", ONE_OUT),
    decideAfterSync("keep-successful", ONE_OUT),
    decideAfterSync("pause", ONE_OUT),
  ]).toEqual([{ kind: "revert_all" }, { kind: "revert_failed", failed: ["edge2"], kept: ["edge1"] }, { kind: "pause", failed: ["edge2"] }]);
});

test("with every site failed there is nothing to keep", () => {
  expect([decideAfterSync("keep-successful", NONE_IN), decideAfterSync("pause", NONE_IN)]).toEqual([
    { kind: "revert_all" },
    { kind: "pause", failed: ["edge1", "edge2"] },
  ]);
});

test("a resumed run goes on with what was not reverted", () => {
  const resumed = outcomes({ edge1: "provisioned", edge2: "reverted" });
  expect(decideAfterSync("keep-successful", resumed)).toEqual({ kind: "proceed", sites: ["edge1"] });
  expect(decideAfterSync("keep-successful", outcomes({ edge2: "reverted" }))).toEqual({ kind: "revert_all" });
});
