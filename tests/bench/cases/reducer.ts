// What the page's reducer takes with ten thousand intents behind it: the events of one second's load in frames, and the same ones singly.
import type { IntentSummary } from "../../../protocol/api.ts";
import type { DurableEvent, EventType } from "../../../protocol/event.ts";
import { reduceFeed } from "../../../web/state/feed.ts";
import { EMPTY_FEED, type FeedState } from "../../../web/state/model.ts";
import { type Figure, percentile } from "../stats.ts";

const INTENTS = 10_000;
const EVENTS = 20_000;
const FRAME = 50; // what 1,000 events/s are in the 50 ms that the page gathers them
const ROUNDS = 5; // the first warms up
const TYPES: readonly EventType[] = ["intent.parsing", "edge.deploying", "edge.deployed", "slo.validating"];
const AT = "2026-11-20T03:00:00.000Z";

const id = (kind: string, n: number) => `${kind}_${String(n).padStart(26, "0")}`;

function summary(n: number): IntentSummary {
  return {
    intentId: id("int", n),
    text: `Deploy eMBB slice number ${n} on edge1`,
    status: "running",
    stage: "gitops_pushed",
    sites: ["edge1"],
    deploymentId: id("dep", n),
    action: "deploy",
    slice: `embb-${n}`,
    policy: "all-or-revert",
    approval: "auto",
    priority: 5,
    dryRun: false,
    createdBy: "bench",
    createdAt: AT,
    updatedAt: AT,
  };
}

function happened(seq: number): DurableEvent {
  const type = TYPES[seq % TYPES.length] ?? "intent.parsing";
  const intentId = id("int", (seq * 7_919) % INTENTS); // a prime: all over the table
  const data = { deploymentId: id("dep", 1), state: "syncing", commit: null, message: "waiting" };
  const site = type.startsWith("edge.") ? "edge1" : null;
  return { seq, id: id("evt", seq), type, intentId, jobId: null, site, stage: "edge_deploying", at: AT, data };
}

function seeded(): FeedState {
  const snapshot = { asOf: 0, events: [], intents: [], deployments: [], sites: [], agents: [] };
  const intents = Array.from({ length: INTENTS }, (_none, n) => summary(n));
  return reduceFeed(reduceFeed(EMPTY_FEED, { type: "snapshot", snapshot }), { type: "summaries", asOf: 0, intents });
}

/** Events per second. */
function rate(from: FeedState, events: readonly DurableEvent[], size: number): number {
  const start = performance.now();
  let state = from;
  for (let done = 0; done < events.length; done += size)
    state = reduceFeed(state, { type: "events", events: events.slice(done, done + size) });
  const perSecond = events.length / ((performance.now() - start) / 1000);
  if (state.lastSeq !== EVENTS) throw new Error(`the reducer stopped at ${state.lastSeq}`);
  return perSecond;
}

export function reducer(): Figure[] {
  const from = seeded();
  const events = Array.from({ length: EVENTS }, (_none, n) => happened(n + 1));
  const rounds = Array.from({ length: ROUNDS }, () => ({ framed: rate(from, events, FRAME), single: rate(from, events, 1) })).slice(1);
  const framed = percentile(
    rounds.map((round) => round.framed),
    0.5,
  );
  const single = percentile(
    rounds.map((round) => round.single),
    0.5,
  );
  return [
    {
      what: `page's reducer, ${EVENTS} events over ${INTENTS} intents`,
      figure: `frames of ${FRAME}: ${framed.toFixed(0)}/s; one by one: ${single.toFixed(0)}/s; × ${(framed / single).toFixed(1)}`,
      target: "≥ 1,000/s by far",
    },
  ];
}
