// What pages asked the server for is asked for again when the feed says that it is stale, and all that waits for a person is known however old.
import { expect, test } from "vitest";
import { createApi } from "../../web/api.ts";
import { logged } from "../../web/app/logs.ts";
import { server } from "../../web/app/server.ts";
import { keepFresh } from "../../web/app/staleness.ts";
import { createAppStore, feedApplied } from "../../web/app/store.ts";
import { allWaitingKnown } from "../../web/app/waiting.ts";
import { staleAfter } from "../../web/state/stale.ts";
import { WAITING } from "../../web/state/waiting.ts";
import { createModelServer } from "./model-server.ts";
import { completes } from "./runs.ts";
import { at, deploymentId, event, intentId, jobId } from "./sample.ts";

const ME = { name: "ada", scopes: [] };

function page() {
  const model = createModelServer();
  const asked: string[] = [];
  const answers: Record<string, unknown> = {
    "/api/v1/slices": { slices: [] },
    "/api/v1/sites/edge1/tasks": { tasks: [] },
    "/api/v1/deployments": { deployments: [], nextCursor: null },
    "/api/v1/intents": { intents: [], nextCursor: null },
  };
  const api = createApi({
    token: "t",
    onUnauthenticated: () => undefined,
    fetch: async (input) => {
      const { pathname } = new URL(String(input), "http://here");
      asked.push(pathname);
      const body = pathname.endsWith("/events") ? model.events(0, 10) : answers[pathname];
      return body === undefined ? new Response("", { status: 404 }) : new Response(JSON.stringify(body));
    },
  });
  const store = createAppStore({ api, touch: () => undefined }, ME);
  return { model, asked, store };
}

test("after a replacement all that was asked for apart from the feed is asked for again", async () => {
  const { asked, store } = page();
  const questions = [
    store.dispatch(server.endpoints.slices.initiate()),
    store.dispatch(server.endpoints.siteTasks.initiate("edge1")),
    store.dispatch(server.endpoints.intentEvents.initiate(intentId(1))),
    store.dispatch(server.endpoints.deployment.initiate(deploymentId(1))),
    store.dispatch(server.endpoints.deployments.initiate({ slice: "embb-1" })),
    store.dispatch(server.endpoints.deployments.initiate({})),
    store.dispatch(server.endpoints.intents.initiate({})),
  ];
  await Promise.all(questions);
  const first = asked.splice(0).sort();
  expect(first).toHaveLength(questions.length);
  keepFresh(store).onReplaced();
  await Promise.all(store.dispatch(server.util.getRunningQueriesThunk()));
  expect(asked.sort()).toEqual(first);
});

test("how many wait for a person is known when all have come into the tables as they are now", async () => {
  const { model, store } = page();
  const ask = () => Promise.all(WAITING.map((status) => store.dispatch(server.endpoints.intents.initiate({ status }))));
  store.dispatch(feedApplied({ type: "snapshot", snapshot: model.snapshot(0) }));
  expect(allWaitingKnown(store.getState())).toBe(false);
  await ask();
  expect(allWaitingKnown(store.getState())).toBe(true);
  for (const what of completes(1)) model.emit(what, 5_000);
  store.dispatch(feedApplied({ type: "snapshot", snapshot: model.snapshot(model.head()) })); // it does not meet what is here
  expect(allWaitingKnown(store.getState())).toBe(false);
  keepFresh(store).onReplaced();
  await Promise.all(store.dispatch(server.util.getRunningQueriesThunk()));
  expect(allWaitingKnown(store.getState())).toBe(true);
});

test("slices are stale as soon as one is about to change, and the waiting ones when an unknown intent begins to wait", () => {
  const approved = event(1, { type: "approval.decided", intent: 1, data: { decision: "approved", by: "eve", digest: "sha256:1" } });
  const asks = event(2, { type: "approval.requested", intent: 1, data: { digest: "sha256:1", reasons: [] } });
  expect(staleAfter([approved], () => true)).toContain("Slices");
  expect([true, false].map((known) => staleAfter([asks], () => known).includes("Waiting"))).toEqual([false, true]);
});

test("a log line keeps its number when older ones fall off", () => {
  const { store } = page();
  const line = { at: at(1), level: "info", intentId: intentId(1), jobId: jobId("a", 1), stage: null, site: null, message: "" } as const;
  const numbers = () => store.getState().logs[intentId(1)]?.map((one) => one.number);
  for (let n = 0; n < 301; n += 1) store.dispatch(logged([{ ...line, message: `${n}` }]));
  expect([numbers()?.at(0), numbers()?.at(-1)]).toEqual([2, 301]);
});
