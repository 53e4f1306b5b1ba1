// Waves: every site in exactly one, in the order that was asked for.
import { expect, test } from "vitest";
import { wavesOf } from "../../intent/rollout.ts";
import { Rollout } from "../../protocol/intent.ts";
import { mustPlan, refusalOf } from "./fixtures.ts";

const SITES = ["edge1", "edge2", "edge3"];
const rollout = (patch: object) => Rollout.parse(patch);

test.each([
  ["no rollout is one wave", null, [SITES]],
  ["a canary goes first, alone", rollout({ canary: "edge2" }), [["edge2"], ["edge1", "edge3"]]],
  ["explicit waves are kept", rollout({ waves: [["edge3", "edge1"], ["edge2"]] }), [["edge3", "edge1"], ["edge2"]]],
  ["sites that no wave names come last", rollout({ waves: [["edge3"]] }), [["edge3"], ["edge1", "edge2"]]],
  ["a bake time alone makes no waves", rollout({ bakeSeconds: 30 }), [SITES]],
])("%s", (_, asked, waves) => {
  expect(wavesOf(SITES, asked)).toEqual({ ok: true, value: waves });
});

test("a canary that is the only site is one wave", () => {
  expect(wavesOf(["edge1"], rollout({ canary: "edge1" }))).toEqual({ ok: true, value: [["edge1"]] });
});

test.each([
  ["a site in two waves", { waves: [["edge1"], ["edge2", "edge1"]] }, "rollout: edge1 is in more than one wave"],
  ["a site twice in one wave", { waves: [["edge1", "edge1"]] }, "rollout: edge1 is in more than one wave"],
  ["a stray site", { waves: [["edge4"]] }, "rollout: edge4 is not one of the sites of the request (edge1, edge2, edge3)"],
  ["a stray canary", { canary: "edge4" }, "rollout: edge4 is not one of the sites of the request (edge1, edge2, edge3)"],
])("%s is refused by name", (_, asked, why) => {
  expect(wavesOf(SITES, rollout(asked))).toEqual({ ok: false, error: why });
});

test("waves and a canary together, and a bake time over an hour, are no rollout", () => {
  expect(Rollout.safeParse({ canary: "edge1", waves: [["edge2"]] }).error?.issues.map((issue) => issue.path)).toEqual([["canary"]]);
  expect(Rollout.safeParse({ bakeSeconds: 3_601 }).success).toBe(false);
});

test("the plan carries the waves and the bake time; one wave does not bake", () => {
  const text = "Deploy eMBB on edge1 and edge2 with 100 Mbps";
  const { waves, bakeSeconds, sites } = mustPlan(text, [], { rollout: rollout({ canary: "edge2", bakeSeconds: 60 }) }).plan;
  expect({ waves, bakeSeconds, sites }).toEqual({ waves: [["edge2"], ["edge1"]], bakeSeconds: 60, sites: ["edge1", "edge2"] });
  expect(mustPlan(text, [], { rollout: rollout({ bakeSeconds: 60 }) }).plan.bakeSeconds).toBe(0);
  expect(refusalOf(text, [], { rollout: rollout({ canary: "edge3" }) })).toMatchObject({ rejection: "unsupported_information_model" });
});
