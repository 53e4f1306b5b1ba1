// When a live slice counts as missing an objective: the window, its hysteresis, and what an outage of the measuring side may not do.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type AssurancePolicy, burnRate, errorBudget, judgeNext, judgeOutage, keptVerdicts } from "../../intent/assurance.ts";
import { objectivesFor } from "../../intent/objectives.ts";
import { OperationsPolicy } from "../../protocol/policy.ts";
import type { Verdict } from "../../protocol/slo.ts";

const { assurance: policy } = OperationsPolicy.parse({});

/** Runs a sequence through the machine; one letter a measurement, `!` where the alert begins and `.` where it ends. */
function play(letters: string, over: Partial<AssurancePolicy> = {}): string {
  const verdictOf: Record<string, Verdict> = { p: "pass", f: "fail", e: "error", i: "inconclusive" };
  let kept: Verdict[] = [];
  let firing = false;
  let out = "";
  for (const letter of letters) {
    const verdict = verdictOf[letter];
    if (verdict === undefined) throw new Error(letter);
    const judged = judgeNext(kept, { verdict, firing }, { ...policy, ...over });
    kept = judged.verdicts;
    if (judged.change !== null) firing = judged.change === "trigger";
    out += letter + (judged.change === "trigger" ? "!" : judged.change === "resolve" ? "." : "");
  }
  return out;
}

test("three misses among the last four raise the alert, three passes in a row end it", () => {
  expect(play("ppfff")).toBe("ppfff!");
  expect(play("fpff")).toBe("fpff!");
  expect(play("fppffppff")).toBe("fppffppff");
  expect(play("fffppp")).toBe("fff!ppp.");
  expect(play("fffppfppp")).toBe("fff!ppfppp.");
});

test("a metric that goes to and fro neither raises nor ends an alert", () => {
  expect(play("fpfpfpfpfpfp")).toBe("fpfpfpfpfpfp");
  expect(play("ffffpfpfpfppfppf")).toBe("fff!fpfpfpfppfppf");
  expect(play("fpfpfpfpfp", { triggerAfter: 2 })).toBe("fpf!pfpfpfp");
});

test("misses from before the end of an alert do not count towards the next", () => {
  expect(play("fffpf", { resolveAfter: 1 })).toBe("fff!p.f");
  expect(play("fffpfff", { resolveAfter: 1 })).toBe("fff!p.fff!");
});

test("measurements that tell nothing raise nothing and end nothing", () => {
  expect(play("eeeeiiii")).toBe("eeeeiiii");
  expect(play("fffeeeeee")).toBe("fff!eeeeee");
  expect(play("fffppeppp")).toBe("fff!ppeppp.");
  expect(play("ffee")).toBe("ffee");
});

test("an alert begins at a miss only, also when the policy has become stricter", () => {
  const judged = judgeNext(["fail", "fail"], { verdict: "pass", firing: false }, { ...policy, triggerAfter: 2 });
  expect(judged).toEqual({ verdicts: ["fail", "fail", "pass"], change: null, burning: false, badFraction: 2 / 3, blind: 0 });
});

test("for every sequence and policy: each begin has its misses, each end its passes, and no more is kept than is needed", () => {
  const policies = fc
    .record({
      window: fc.integer({ min: 1, max: 8 }),
      resolveAfter: fc.integer({ min: 1, max: 6 }),
      outageAfter: fc.integer({ min: 1, max: 6 }),
    })
    .chain((some) => fc.integer({ min: 1, max: some.window }).map((triggerAfter) => ({ ...policy, ...some, triggerAfter })));
  const verdicts = fc.array(fc.constantFrom<Verdict>("pass", "fail", "error", "inconclusive"), { maxLength: 60 });
  fc.assert(
    fc.property(policies, verdicts, (given, sequence) => {
      let kept: Verdict[] = [];
      let firing = false;
      let since = 0; // of the last change
      sequence.forEach((verdict, index) => {
        const judged = judgeNext(kept, { verdict, firing }, given);
        kept = judged.verdicts;
        expect(kept.length).toBeLessThanOrEqual(keptVerdicts(given));
        expect(judged.badFraction).toBeGreaterThanOrEqual(0);
        expect(judged.badFraction).toBeLessThanOrEqual(1);
        if (judged.burning) expect(verdict).toBe("fail");
        if (judged.change === null) return;
        const recent = sequence.slice(0, index + 1);
        if (judged.change === "trigger") {
          const inWindow = recent.slice(Math.max(since, recent.length - given.window));
          expect([firing, verdict]).toEqual([false, "fail"]);
          // The passes that ended the last alert are still there, its misses are not.
          expect(inWindow.filter((one) => one === "fail").length).toBeGreaterThanOrEqual(given.triggerAfter);
        } else {
          expect(firing).toBe(true);
          expect(recent.slice(-given.resolveAfter)).toEqual(Array(given.resolveAfter).fill("pass"));
        }
        firing = judged.change === "trigger";
        since = judged.change === "resolve" ? index + 1 - given.resolveAfter : since;
      });
    }),
  );
});

test("a site is blind once one objective has told nothing four times, and sees again when all tell something", () => {
  expect([judgeOutage([0, 3], false, policy), judgeOutage([0, 4], false, policy)]).toEqual([null, "trigger"]);
  expect([judgeOutage([0, 1], true, policy), judgeOutage([0, 0], true, policy), judgeOutage([9], true, policy)]).toEqual([
    null,
    "resolve",
    null,
  ]);
  expect(judgeOutage([], false, policy)).toBeNull();
});

test("the budget is what the availability target leaves, and the burn rate how fast it goes", () => {
  const objectives = objectivesFor("eMBB", { availabilityPercent: 99 });
  expect(errorBudget(objectives)).toBeCloseTo(0.01, 10);
  expect([burnRate(0, objectives), burnRate(0.75, objectives), burnRate(1, objectives)]).toEqual([0, 75, 100]);
  expect(burnRate(1, objectivesFor("eMBB", { availabilityPercent: 100 }))).toBe(100_000);
});
