// The durable feed as a list to read: what a filter lets through, how one pages back, and what each event tells.
import { expect, test } from "vitest";
import { type DurableEvent, EventType } from "../../protocol/event.ts";
import { words } from "../../web/i18n/en/system.ts";
import {
  afterFor,
  EVENT_KINDS,
  isFiltering,
  KIND_OF,
  lastSeq,
  NO_FILTER,
  newestFirst,
  OLDER_PAGE,
  olderPage,
  passes,
} from "../../web/state/activity.ts";
import { type Detail, eventDetail, linksOf } from "../../web/state/event-detail.ts";
import { appended, EMPTY_LOG } from "../../web/state/log.ts";
import { SCRIPTS } from "./runs.ts";
import { COMMIT, deploymentId, event, failure, intentId, plan, understanding } from "./sample.ts";

const received = (seq: number, intent = 1): DurableEvent =>
  event(seq, { type: "intent.received", intent, data: { text: "Deploy it", targetSites: [], by: "ada", dryRun: false } });
const deployed = (seq: number, site: string): DurableEvent =>
  event(seq, {
    type: "edge.deployed",
    intent: 2,
    site,
    data: { deploymentId: deploymentId(1), state: "synced", commit: null, message: "is there" },
  });

test("every kind of event has a word, and every kind is used", () => {
  expect([...new Set(Object.values(KIND_OF))].sort()).toEqual([...EVENT_KINDS].sort());
  for (const kind of EVENT_KINDS) expect(words[`activity.kind.${kind}`].length).toBeGreaterThan(2);
});

test("a filter lets through what has its kind, its site, its intent and its words, and asks for words last", () => {
  const events = [received(1), deployed(2, "edge1"), deployed(3, "edge2")];
  const asked: number[] = [];
  const seqs = (filter: Partial<typeof NO_FILTER>) =>
    events
      .filter((one) =>
        passes(one, { ...NO_FILTER, ...filter }, ({ seq }) => {
          asked.push(seq);
          return seq === 2 ? "the first site" : "another";
        }),
      )
      .map(({ seq }) => seq);
  expect([seqs({}), seqs({ kind: "delivery" }), seqs({ site: "edge2" }), seqs({ intent: intentId(1) })]).toEqual([
    [1, 2, 3],
    [2, 3],
    [3],
    [1],
  ]);
  expect(asked).toEqual([]);
  expect(seqs({ kind: "delivery", text: "FIRST" })).toEqual([2]);
  expect(asked).toEqual([2, 3]);
  expect([isFiltering(NO_FILTER), isFiltering({ ...NO_FILTER, text: "x" })]).toEqual([false, true]);
});

test("what the page holds is read the newest first, and says how far it reaches", () => {
  const log = appended(EMPTY_LOG, [received(1), received(2), received(3)]);
  expect(newestFirst(log).map(({ seq }) => seq)).toEqual([3, 2, 1]);
  expect([lastSeq(log), lastSeq({ ...EMPTY_LOG, from: 7 })]).toEqual([3, 7]);
});

test("going back page by page shows every older event once, whatever numbers are missing", () => {
  const kept = Array.from({ length: 2_600 }, (_none, index) => index + 1).filter((seq) => seq % 7 !== 0 && (seq < 900 || seq > 1_700));
  const seen: number[] = [];
  let before: number | null = 2_400;
  while (before !== null) {
    const limit: number = before;
    const found = kept.filter((seq) => seq > afterFor(limit)).slice(0, OLDER_PAGE);
    const page = olderPage(
      limit,
      found.map((seq) => received(seq)),
      kept[0] ?? null,
    );
    seen.push(...page.events.map(({ seq }) => seq));
    before = page.next;
  }
  expect(seen).toEqual(kept.filter((seq) => seq < 2_400).reverse());
});

test("going back ends where the server keeps nothing older", () => {
  expect(olderPage(5_000, [received(5_000)], 5_000)).toEqual({ events: [], next: null });
  expect(olderPage(5_000, [], null)).toEqual({ events: [], next: null });
  expect(olderPage(5_000, [], 12).next).toBe(4_500);
});

const said = ({ saying, state, text }: Detail) => [saying?.key ?? "", state ?? "", text].filter((part) => part !== "");

test("an event tells its one detail, and one with broken data tells none instead of failing", () => {
  const failed = event(1, { type: "intent.failed", intent: 1, data: { failure: failure({ message: "edge1 is gone" }) } });
  expect(eventDetail(failed)).toEqual({ text: "edge1 is gone" });
  for (const type of EventType.options) {
    if (type !== "metrics.update" && type !== "intent.parsing")
      expect(eventDetail({ ...failed, type, data: { failure: 7, message: [] } })).toEqual({ text: "" });
  }
  const all = SCRIPTS.flatMap((script) => script(1)).map((what, seq) => said(eventDetail(event(seq + 1, what))));
  expect(all.filter((detail) => detail.length > 0).length).toBeGreaterThan(10);
});

test("what the page says itself is a key with values, and every key has words", () => {
  const read = understanding([]);
  const served = {
    provider: "claude",
    model: "opus",
    attempts: [
      { provider: "ollama", outcome: "timeout" as const, message: "", durationMs: 1 },
      { provider: "claude", outcome: "answered" as const, message: "", durationMs: 1 },
    ],
    usage: null,
    cost: { usd: null, source: "unknown" as const },
    arm: null,
  };
  const parsed = (metadata: object) =>
    eventDetail(
      event(1, { type: "intent.parsed", intent: 1, data: { understanding: { ...read, metadata: { ...read.metadata, ...metadata } } } }),
    );
  expect(parsed({}).saying).toEqual({ key: "detail.read_by", values: { by: "rules" } });
  expect(parsed({ provider: "claude", served }).saying).toEqual({
    key: "detail.read_after",
    values: { by: "claude (opus)", others: "ollama" },
  });
  const planned = event(2, { type: "krm.generating", intent: 1, data: { plan: plan("embb-1", ["edge1", "edge2"]), warnings: [] } });
  expect(eventDetail(planned).saying).toEqual({ key: "detail.on", values: { what: "embb-1", sites: "edge1, edge2" } });
  const decided = event(3, {
    type: "approval.decided",
    intent: 1,
    data: { decision: "approved", by: "ada", digest: "d", reason: "looks right" },
  });
  expect(eventDetail(decided)).toEqual({ saying: { key: "detail.approved", values: { by: "ada" } }, text: "looks right" });
  const pushed = { deploymentId: deploymentId(1), commit: COMMIT, repositoryUrl: "", branch: "main", sites: ["edge1"] };
  expect(eventDetail(event(4, { type: "gitops.pushed", intent: 1, data: pushed })).saying?.values).toEqual({
    commit: "ccccccc",
    branch: "main",
  });
  for (const change of ["found", "gone", "connected", "disconnected", "status"] as const)
    expect(words[`detail.backend.${change}`]).toContain("{{provider}}");
});

test("what became of a backend, of a pipeline elsewhere and of a site is told with its state", () => {
  const backend = (change: "disconnected" | "order" | "status" | "found", patch: object = {}) =>
    said(
      eventDetail(
        event(2, {
          type: "integration.updated",
          data: { kind: "backend", agentId: null, provider: "ollama", status: null, message: "by ada", change, ...patch },
        }),
      ),
    );
  expect(backend("disconnected")).toEqual(["detail.backend.disconnected", "by ada"]);
  expect(backend("order")).toEqual(["detail.order", "by ada"]);
  expect(backend("status", { status: "offline", message: "refused" })).toEqual(["detail.backend.status", "offline: refused"]);
  expect(backend("found", { message: "" })).toEqual(["detail.backend.found"]);
  const pipeline = { kind: "pipeline" as const, change: "moved" as const, pipelineId: "p", text: "t", metadata: {}, by: "x" };
  expect(said(eventDetail(event(3, { type: "integration.updated", data: { ...pipeline, stage: "completed" } })))).toEqual([
    "stage.completed",
    "t",
  ]);
  const site = (message: string) =>
    said(eventDetail(event(1, { type: "site.updated", data: { status: "unreachable", message, change: "state" } })));
  expect([site(""), site("no answer")]).toEqual([["siteStatus.unreachable"], ["siteStatus.unreachable", "no answer"]]);
});

test("an event links to what it is about", () => {
  const none = { intent: null, site: null, deployment: null, slice: null, agent: null, alert: null };
  expect(linksOf(deployed(1, "edge1"))).toEqual({ ...none, intent: intentId(2), site: "edge1", deployment: deploymentId(1) });
  expect(linksOf(event(2, { type: "agent.offline", data: { agentId: "agt_1", name: "vm-1", reason: "" } }))).toEqual({
    ...none,
    agent: "agt_1",
  });
  expect(linksOf({ ...received(3), data: { deploymentId: 7, slice: "" } })).toEqual({ ...none, intent: intentId(1) });
});
