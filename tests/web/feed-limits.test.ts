// The reducer under thousands of intents and events: what is kept, what falls back or goes first, and answers that were too slow to be replayed.
import { expect, test } from "vitest";
import type { DeploymentStatus } from "../../protocol/deployment.ts";
import type { DurableEvent } from "../../protocol/event.ts";
import { type FeedAction, reduceFeed } from "../../web/state/feed.ts";
import { REPLAY_LIMIT } from "../../web/state/log.ts";
import { DEPLOYMENT_LIMIT, EMPTY_FEED, type FeedState, FULL_LIMIT, INTENT_LIMIT } from "../../web/state/model.ts";
import { deploymentById, idsToFetch, intentOf, keptIds, recordOf } from "../../web/state/shown.ts";
import { deployment, deploymentId, event, failure, intentId, record } from "./sample.ts";

const BEGUN = reduceFeed(EMPTY_FEED, {
  type: "snapshot",
  snapshot: { asOf: 0, events: [], intents: [], deployments: [], sites: [], agents: [] },
});

const does = (state: FeedState, ...actions: FeedAction[]) => actions.reduce(reduceFeed, state);

function received(state: FeedState, from: number, count: number): FeedState {
  const data = { text: "x", targetSites: [], by: "ada", dryRun: false };
  const events = Array.from({ length: count }, (_none, n) =>
    event(state.lastSeq + n + 1, { type: "intent.received", intent: from + n, data }),
  );
  return does(state, { type: "events", events });
}

/** More events about something else than are kept to bring a slow answer up to date. */
function flooded(state: FeedState): FeedState {
  const count = REPLAY_LIMIT + 1_000;
  const noise = (n: number): DurableEvent =>
    event(state.lastSeq + n + 1, { type: "site.updated", site: "edge1", data: { status: "healthy", message: "", change: "state" } });
  return does(state, { type: "events", events: Array.from({ length: count }, (_none, n) => noise(n)) });
}

const parsing = (seq: number, n: number) => event(seq, { type: "intent.parsing", intent: n, data: {} });
const intent = (n: number, change: Parameters<typeof record>[0] = {}) => record({ intentId: intentId(n), ...change });

test("an answer that took longer than the kept events last is current when nothing happened to its intent meanwhile", () => {
  const asked = received(BEGUN, 1, 1);
  const answered = does(flooded(asked), { type: "intent", asOf: asked.lastSeq, record: intent(1, { text: "told by REST" }) });
  expect(answered.outdated.intents).toEqual({});
  expect(recordOf(answered, intentId(1))?.text).toBe("told by REST");
});

test("an answer that is too old to be replayed takes nothing back, stays open, and the next one closes it", () => {
  const asked = does(received(BEGUN, 1, 1), { type: "watched", intentIds: [intentId(1)] });
  const later = flooded(does(asked, { type: "events", events: [parsing(2, 1)] }));
  const late = does(later, { type: "intent", asOf: 1, record: intent(1, { status: "received", text: "told by REST" }) });
  expect(recordOf(late, intentId(1))).toMatchObject({ status: "parsing", stage: "llm_processing", text: "told by REST" });
  expect(idsToFetch(late)).toEqual([intentId(1)]);
  const overtaken = does(late, { type: "intent", asOf: 1, record: intent(1, { status: "received" }) });
  expect(overtaken).toEqual(late);
  const next = does(late, { type: "intent", asOf: late.lastSeq, record: intent(1, { status: "parsing" }) });
  expect({ open: idsToFetch(next), marks: next.outdated.intents }).toEqual({ open: [], marks: {} });
});

test("lists that are too old to be replayed take nothing back either, and are asked for again", () => {
  const before = does(BEGUN, { type: "deployments", asOf: 0, deployments: [deployment({ status: "applying" })], newest: true });
  const taken = event(1, { type: "rollback.initiated", data: { deploymentId: deploymentId(1), sites: [], reason: "slo" } });
  const later = flooded(does(before, { type: "events", events: [taken] }));
  const late = does(
    later,
    { type: "deployments", asOf: 0, deployments: [deployment({ status: "applying" })], newest: true },
    { type: "summaries", asOf: 0, intents: [intent(7)] },
  );
  expect(deploymentById(late, deploymentId(1))?.status).toBe("reverting");
  expect(late.outdated.deployments).toBe(1);
  expect(recordOf(late, intentId(7))).not.toBeNull(); // better than nothing
});

test("some deployments, however found, do not answer what events said of others", () => {
  const pushing = event(1, { type: "gitops.pushing", intent: 1, data: { deploymentId: deploymentId(1), slice: "a", sites: [] } });
  const marked = does(BEGUN, { type: "events", events: [pushing] });
  const some = does(marked, { type: "deployments", asOf: 1, deployments: [deployment({ deploymentId: deploymentId(2) })] });
  expect(some.outdated.deployments).toBe(1);
  expect(does(some, { type: "deployments", asOf: 1, deployments: [], newest: true }).outdated.deployments).toBe(0);
});

test("pages of the history join the table in its order, and later events keep them current", () => {
  const recent = received(BEGUN, 50, 2);
  const paged = does(recent, { type: "summaries", asOf: 2, intents: [intent(49), intent(48)] });
  expect(paged.intents.ids).toEqual([51, 50, 49, 48].map(intentId));
  expect(recordOf(does(paged, { type: "events", events: [parsing(3, 48)] }), intentId(48))?.status).toBe("parsing");
});

test("an intent that is looked at stays when thousands of newer ones come, and goes with the others once it is released", () => {
  const watched = does(received(BEGUN, 1, 2), { type: "watched", intentIds: [intentId(1)] });
  const full = received(watched, 10, INTENT_LIMIT);
  expect(full.intents.ids).toHaveLength(INTENT_LIMIT);
  expect([recordOf(full, intentId(1)) === null, recordOf(full, intentId(2)) === null]).toEqual([false, true]);
  const released = received(does(full, { type: "watched", intentIds: [] }), 50_000, 1);
  expect(recordOf(released, intentId(1))).toBeNull();
});

test("of the intents that are known in full, the one loaded the longest ago falls back to its summary, and nothing is fetched for it", () => {
  let state = does(received(BEGUN, 1, FULL_LIMIT + 60), { type: "watched", intentIds: [intentId(1)] });
  const load = (n: number) => intent(n, { digest: `sha256:${n}`, status: "completed" });
  for (let n = 1; n <= FULL_LIMIT + 10; n += 1) state = does(state, { type: "intent", asOf: state.lastSeq, record: load(n) });
  expect(state.full).toHaveLength(FULL_LIMIT);
  expect(intentOf(state, intentId(1))).toMatchObject({ full: true, record: { digest: "sha256:1" } });
  expect(intentOf(state, intentId(2))).toMatchObject({ full: false, record: { digest: null, status: "completed" } });
  const rolled = event(state.lastSeq + 1, { type: "intent.failed", intent: 2, data: { failure: failure() } });
  expect(does(state, { type: "events", events: [rolled] }).outdated.intents).toEqual({});
});

test("marks for another fetch are bounded: only what is known in full has one", () => {
  const many = received(BEGUN, 1, 500);
  const events = Array.from({ length: 500 }, (_none, n) => parsing(501 + n, n + 1));
  const loaded = does(many, { type: "intent", asOf: 500, record: intent(7) });
  expect(does(loaded, { type: "events", events }).outdated.intents).toEqual({ [intentId(7)]: 507 });
});

test("what was never loaded in full and is over keeps its summary only", () => {
  const plan = event(2, { type: "krm.generated", intent: 1, data: { digest: "sha256:1", runner: "embedded", diff: [] } });
  const open = does(received(BEGUN, 1, 1), { type: "events", events: [plan] });
  expect(recordOf(open, intentId(1))?.digest).toBe("sha256:1");
  const over = does(open, {
    type: "events",
    events: [event(3, { type: "intent.cancelled", intent: 1, data: { by: "ada", effects: [] } })],
  });
  expect(recordOf(over, intentId(1))).toMatchObject({ status: "cancelled", digest: null, stages: [{ stage: "failed" }] });
});

test("kept complete are the intents that are looked at and, of the newest twenty, those that go on", () => {
  const state = does(
    received(BEGUN, 1, 30),
    { type: "events", events: [event(31, { type: "intent.cancelled", intent: 30, data: { by: "ada", effects: [] } })] },
    { type: "watched", intentIds: [intentId(3), intentId(29)] },
  );
  const going = Array.from({ length: 18 }, (_none, n) => intentId(28 - n));
  expect(keptIds(state)).toEqual([intentId(3), intentId(29), ...going]);
});

test("what is looked at is read before what is merely new, and each in its turn", () => {
  const state = does(
    received(BEGUN, 1, 30),
    { type: "watched", intentIds: [intentId(1), intentId(2), intentId(77)] },
    { type: "intent", asOf: 20, record: intent(1) },
    { type: "events", events: [parsing(31, 1)] },
  );
  expect(idsToFetch(state).slice(0, 3)).toEqual([intentId(2), intentId(77), intentId(11)]);
  const later = received(state, 31, 40);
  expect(idsToFetch(later).slice(0, 4)).toEqual([2, 77, 1, 51].map(intentId));
});

test("an intent that the server does not know is remembered as gone until somebody looks anew or an event tells of it", () => {
  const asked = does(BEGUN, { type: "watched", intentIds: [intentId(9)] });
  expect(idsToFetch(asked)).toEqual([intentId(9)]);
  const gone = does(asked, { type: "gone", intentId: intentId(9) });
  expect({ gone: gone.gone, open: idsToFetch(gone) }).toEqual({ gone: [intentId(9)], open: [] });
  const anew = does(gone, { type: "watched", intentIds: [] }, { type: "watched", intentIds: [intentId(9)] });
  expect(idsToFetch(anew)).toEqual([intentId(9)]);
  expect(received(gone, 9, 1).gone).toEqual([]);
});

test("of too many deployments the oldest that are over go, never one in force or on its way before them", () => {
  const statuses: DeploymentStatus[] = ["live", "applying", "reverting", "superseded"];
  const some = (from: number, count: number, statusOf: (n: number) => DeploymentStatus) =>
    Array.from({ length: count }, (_none, n) => deployment({ deploymentId: deploymentId(from + n), status: statusOf(from + n) }));
  const old = some(1, 400, (n) => statuses[n % 4] ?? "live");
  const state = does(
    BEGUN,
    { type: "deployments", asOf: 0, deployments: old },
    { type: "deployments", asOf: 0, deployments: some(1_001, DEPLOYMENT_LIMIT - 350, () => "superseded") },
  );
  expect(state.deployments.ids).toHaveLength(DEPLOYMENT_LIMIT);
  expect(old.filter(({ deploymentId: id, status }) => deploymentById(state, id) === null && status !== "superseded")).toEqual([]);
  const flood = does(state, { type: "deployments", asOf: 0, deployments: some(10_001, DEPLOYMENT_LIMIT, () => "live") });
  expect(flood.deployments.ids).toHaveLength(DEPLOYMENT_LIMIT);
  expect(flood.deployments.rows.filter((row) => row.deployment.status === "applying")).toHaveLength(100);
});
