// State machines as data: every pair is allowed or refused by the table, and the tables hang together.
import { expect, test } from "vitest";
import { DEPLOYMENT_MOVES, DeploymentStatus } from "../../protocol/deployment.ts";
import { INTENT_MOVES, IntentStatus, SETTLED_INTENT_STATUSES } from "../../protocol/intent.ts";
import { JOB_MOVES, JobState } from "../../protocol/job.ts";
import { canMove, isTerminal, type Moves } from "../../protocol/moves.ts";

/** Written out once more on purpose: a move that appears or goes must be meant. */
const INTENT_PAIRS = [
  "received>parsing received>cancelled received>failed",
  "parsing>needs_clarification parsing>rejected parsing>parsed parsing>failed parsing>cancelled parsing>completed",
  "needs_clarification>received needs_clarification>cancelled",
  "parsed>awaiting_approval parsed>running parsed>completed parsed>rejected parsed>failed parsed>cancelled",
  "awaiting_approval>running awaiting_approval>received awaiting_approval>rejected awaiting_approval>cancelled",
  "running>completed running>failed running>rolled_back running>needs_decision running>cancelled running>received",
  "needs_decision>completed needs_decision>running needs_decision>cancelled needs_decision>rolled_back",
  "completed>rolled_back failed>rolled_back cancelled>rolled_back",
];
const JOB_PAIRS = [
  "queued>leased queued>cancelled",
  "leased>running leased>leased leased>succeeded leased>failed leased>cancelled leased>dead",
  "running>leased running>succeeded running>failed running>cancelled running>dead",
];
const DEPLOYMENT_PAIRS = [
  "applying>live applying>failed applying>reverting applying>reverted applying>superseded",
  "live>reverting live>superseded failed>reverting failed>live failed>superseded",
  "reverting>reverted reverting>live reverting>applying reverting>failed",
  "superseded>live",
];

function allowed<S extends string>(moves: Moves<S>, states: readonly S[]): string[] {
  return states.flatMap((from) => states.filter((to) => canMove(moves, from, to)).map((to) => `${from}>${to}`)).sort();
}

const pairs = (lines: string[]) => lines.flatMap((line) => line.split(" ")).sort();

test("an intent moves along exactly these pairs; every other pair is refused", () => {
  expect(allowed(INTENT_MOVES, IntentStatus.options)).toEqual(pairs(INTENT_PAIRS));
});

test("a job moves along exactly these pairs; every other pair is refused", () => {
  expect(allowed(JOB_MOVES, JobState.options)).toEqual(pairs(JOB_PAIRS));
});

test("a deployment moves along exactly these pairs; every other pair is refused", () => {
  expect(allowed(DEPLOYMENT_MOVES, DeploymentStatus.options)).toEqual(pairs(DEPLOYMENT_PAIRS));
});

const terminal = <S extends string>(moves: Moves<S>, states: readonly S[]) => states.filter((state) => isTerminal(moves, state));

test("the terminal states are these and no others", () => {
  expect(terminal(INTENT_MOVES, IntentStatus.options)).toEqual(["rejected", "rolled_back"]);
  expect(terminal(JOB_MOVES, JobState.options)).toEqual(["succeeded", "failed", "cancelled", "dead"]);
  expect(terminal(DEPLOYMENT_MOVES, DeploymentStatus.options)).toEqual(["reverted"]);
});

test("a settled intent moves nowhere but to rolled_back, and only by a person's order", () => {
  for (const status of SETTLED_INTENT_STATUSES) expect(INTENT_MOVES[status].filter((to) => to !== "rolled_back")).toEqual([]);
  expect(INTENT_MOVES.rejected).toEqual([]); // it has put nothing anywhere
});

test("every intent can come to an end: a settled state is reached from every state", () => {
  for (const start of IntentStatus.options) {
    const seen = new Set<IntentStatus>([start]);
    for (const from of seen) for (const to of INTENT_MOVES[from]) seen.add(to);
    expect(
      SETTLED_INTENT_STATUSES.some((status) => seen.has(status)),
      start,
    ).toBe(true);
  }
});

test("every state but the first is reached from the first", () => {
  const reach = <S extends string>(moves: Moves<S>, first: S) => {
    const seen = new Set<S>([first]);
    for (const from of seen) for (const to of moves[from]) seen.add(to);
    return [...seen].sort();
  };
  expect(reach(INTENT_MOVES, "received")).toEqual([...IntentStatus.options].sort());
  expect(reach(JOB_MOVES, "queued")).toEqual([...JobState.options].sort());
  expect(reach(DEPLOYMENT_MOVES, "applying")).toEqual([...DeploymentStatus.options].sort());
});
