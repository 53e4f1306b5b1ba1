// A headless service in the real router: what becomes of what it says, lies included, and an A/B share between it and a model.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { UnderstandCall } from "../../../../protocol/call.ts";
import { Understanding } from "../../../../protocol/intent.ts";
import { Routing } from "../../../../protocol/llm.ts";
import { answersJson, status } from "../../../helpers/model-servers/behaviour.ts";
import { headlessAnswer } from "../../../helpers/model-servers/headless.ts";
import { CALL, DRAFT, type Pair, startPair, told } from "./router-support.ts";
import { UNENDING } from "./support.ts";

let pair: Pair;
beforeEach(async () => {
  pair = await startPair("headless");
  pair.second.behave(answersJson(DRAFT));
});
afterEach(() => pair.close());

const SITES = ["edge1", "edge2"].map((id) => ({ id, aliases: [] }));
const TEXT = "Deploy an eMBB slice on edge1 with 200 Mbps";
const RIGHT = { targetSites: ["edge1"], requirements: { downlinkMbps: 200 } };

async function understood(answer: Record<string, unknown>, call: Partial<UnderstandCall> = {}): Promise<Understanding> {
  pair.first.behave(answersJson(answer));
  const service = await pair.service();
  return Understanding.parse(await service.understandCall({ ...CALL, sites: SITES, text: TEXT, ...call }, UNENDING));
}

function gist({ status, intent, warnings, clarifications }: Understanding) {
  const { action, intentType, targetSites, requirements, priority } = intent;
  return { status, action, intentType, targetSites, requirements, priority, warnings, asks: clarifications.map(({ field }) => field) };
}

const AGREED = { status: "success", action: "deploy", intentType: "eMBB", ...RIGHT, priority: 5, warnings: [], asks: [] };

const TEN_TIMES = "The model reads 2000 Mbps of downlink, which the text does not state; 200 is taken.";

test("an older answer that agrees with the text is taken without a warning, and no prompt is named", async () => {
  const understanding = await understood(headlessAnswer());
  expect(gist(understanding)).toEqual(AGREED);
  expect(understanding.metadata).toMatchObject({ provider: "first", fallback: false, cached: false });
  expect(understanding.metadata.promptVersion).toBeUndefined();
  expect(understanding.metadata.served).toMatchObject({ model: "claude", usage: null, cost: { usd: null, source: "unknown" } });
  expect(pair.second.of("chat")).toEqual([]);
});

test.each([
  ["a slice without a number", "Deploy an eMBB slice on edge1", {}],
  ["a number that counts something else", "Deploy an eMBB slice on edge1 for 200 cameras", { maxDevices: 200 }],
  ["the number of a ticket", "Ticket 200: deploy an eMBB slice on edge1", {}],
  ["the other direction", "Deploy an eMBB slice on edge1 with 200 Mbps uplink", { uplinkMbps: 200 }],
  ["another share", "Deploy an eMBB slice on edge1 with 99.9% availability", { availabilityPercent: 99.9 }],
])("the defaults of a profile are no requirements of %s", async (_, text, requirements) => {
  const understanding = await understood(headlessAnswer(), { text });
  expect(understanding.intent.requirements).toEqual(requirements);
  expect(understanding.warnings.filter((warning) => /Only the model|does not state/.test(warning))).toEqual([]);
});

test.each([
  ["another action", { action: "terminate" }, ["The rules read an order to deploy, the model an order to terminate; deploy is taken."]],
  [
    "another site",
    { targetSite: "edge2" },
    ["The model names edge2; the text does not, so it is left out.", "The model reads no site; the text names edge1, which is taken."],
  ],
  ["ten times as much", { requirements: { downlinkMbps: 2_000 } }, [TEN_TIMES]],
  ["ten times as much in its profile", { serviceProfile: { bandwidth: "2Gbps" } }, [TEN_TIMES]],
  ["another type", { serviceType: "URLLC" }, ["The model reads URLLC; the text says eMBB, which is taken."]],
])("a lie about %s is a warning and changes nothing", async (_, lie, warnings) => {
  expect(gist(await understood(headlessAnswer(lie)))).toEqual({ ...AGREED, warnings });
});

test("an action that is none of ours is a failure, and the next backend answers", async () => {
  const { metadata } = await understood(headlessAnswer({ action: "explode" }));
  expect(told(metadata.served?.attempts)).toEqual(["first invalid", "second answered"]);
});

test("the same sentence is known already, also when the sites have other names by now", async () => {
  const service = await pair.service();
  const call = { ...CALL, sites: SITES, text: TEXT };
  await service.understandCall(call, UNENDING);
  const again = await service.understandCall({ ...call, sites: [...SITES, { id: "edge3", aliases: [] }] }, UNENDING);
  const other = await service.understandCall({ ...call, targetSites: ["edge2"] }, UNENDING);
  expect([again.metadata.cached, again.metadata.promptVersion, other.metadata.cached]).toEqual([true, undefined, false]);
  expect(pair.first.of("chat").map(({ body }) => body)).toEqual([{ text: TEXT }, { text: TEXT, target_sites: ["edge2"] }]);
});

test("half of the sentences ask the old service and half the new one, and both arms are counted", async () => {
  const service = await pair.service();
  const shares = [
    { provider: "first", percent: 50 },
    { provider: "second", percent: 50 },
  ];
  service.use(Routing.parse({ order: ["rules"], shares }));
  const drawn = { first: 0, second: 0 };
  for (let i = 0; i < 60; i += 1) {
    const text = `Deploy an eMBB slice on edge1 with ${i + 1} Mbps`;
    const { metadata } = await service.understandCall({ ...CALL, intentId: `int_${i}`, sites: SITES, text }, UNENDING);
    const { served, promptVersion } = metadata;
    expect([served?.provider, promptVersion]).toEqual(served?.arm === "first" ? ["first", undefined] : ["second", "v1"]);
    drawn[served?.arm === "first" ? "first" : "second"] += 1;
  }
  expect(Math.abs(drawn.first - 30)).toBeLessThan(15);
  const arms = service.integrations().map(({ id, arm }) => ({ id, arm }));
  const arm = (count: number) => ({ percent: 50, drawn: count, answered: count, p50Ms: expect.any(Number) });
  expect(arms).toEqual([
    { id: "first", arm: arm(drawn.first) },
    { id: "second", arm: arm(drawn.second) },
    { id: "rules", arm: null },
  ]);
  expect([pair.first.of("chat").length, pair.second.of("chat").length]).toEqual([drawn.first, drawn.second]);
});

test("tried alone it is really asked, disconnected or not, known already or not; the rules stand in when it fails", async () => {
  const service = await pair.service();
  const call = { ...CALL, sites: SITES, text: TEXT };
  await service.understandCall(call, UNENDING);
  service.use(Routing.parse({ order: ["rules"], disconnected: ["first"] }));
  const { metadata } = await service.understandCall(call, UNENDING, "first");
  expect([metadata.provider, metadata.cached, pair.first.of("chat").length]).toEqual(["first", false, 2]);
  pair.first.behave(status(500));
  const without = await service.understandCall(call, UNENDING, "first");
  expect(told(without.metadata.served?.attempts)).toEqual(["first overloaded", "first overloaded", "rules answered"]);
  expect(pair.second.of("chat")).toEqual([]);
});
