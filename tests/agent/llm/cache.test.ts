import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cacheKey, openCache } from "../../../agent/llm/cache.ts";
import { Understanding } from "../../../protocol/intent.ts";
import { captureLog } from "../core/assemble.ts";
import { backend, call, DRAFT, SILENT, START, serviceOf, TEXT, told, UNENDING } from "./support.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

async function folder(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), "llm-cache-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test("the same question is answered from the cache: as new, at no cost, with the intent of the one who asks", async () => {
  const first = backend("first", { says: DRAFT });
  const clock = { ms: START.getTime() };
  const lookups: boolean[] = [];
  const service = await serviceOf([first], { clock, observer: { asked: () => {}, lookup: (hit) => lookups.push(hit) } });
  const fresh = await service.understandCall(call({ intentId: "int_one" }), UNENDING);
  clock.ms += 60_000;
  const again = Understanding.parse(await service.understandCall(call({ intentId: "int_two" }), UNENDING));
  expect(first.asked).toHaveLength(1);
  expect(lookups).toEqual([false, true]);
  expect(again).toEqual({
    ...fresh,
    intent: { ...fresh.intent, intentId: "int_two" },
    metadata: {
      ...{ processedAt: "2026-11-21T10:01:00.000Z", provider: "first", fallback: false, cached: true, promptVersion: "v1" },
      durationMs: expect.any(Number),
      served: {
        ...{ provider: "first", model: "first-model", arm: null },
        attempts: [{ provider: "first", outcome: "answered", message: "known already", durationMs: expect.any(Number) }],
        usage: { promptTokens: 0, cachedTokens: 0, completionTokens: 0 },
        cost: { usd: 0, source: "provider" },
      },
    },
  });
});

test.each([
  ["text", { text: `${TEXT} now` }],
  ["context", { context: { channel: "noc" } }],
  ["sites", { sites: [{ id: "edge1", aliases: ["VM-2"] }] }],
  ["live slices", { slices: ["video-7"] }],
  ["given sites", { targetSites: ["edge2"] }],
  ["answers", { answers: { serviceType: "eMBB" as const } }],
])("another %s is another question", async (_, more) => {
  const first = backend("first", { says: DRAFT });
  const service = await serviceOf([first]);
  await service.understandCall(call(), UNENDING);
  await service.understandCall(call(more), UNENDING);
  expect(first.asked).toHaveLength(2);
});

test("another backend, or another model of it, is asked itself", async () => {
  const [first, second] = [backend("first", { says: DRAFT }), backend("second", { says: DRAFT })];
  const service = await serviceOf([first, second]);
  await service.understandCall(call(), UNENDING);
  first.models = ["another-model"];
  await service.discover(UNENDING);
  await service.understandCall(call(), UNENDING);
  expect([first.asked.length, second.asked.length]).toEqual([2, 0]);
});

test("neither a wrong answer nor the rules' is kept", async () => {
  const first = backend("first", { says: { ...DRAFT, action: "reboot" } });
  const service = await serviceOf([first]);
  const outcomes: string[][] = [];
  for (let i = 0; i < 2; i += 1) outcomes.push(told((await service.understandCall(call(), UNENDING)).metadata.served?.attempts));
  expect(outcomes).toEqual([
    ["first invalid", "rules answered"],
    ["first invalid", "rules answered"],
  ]);
});

test("it outlives the process, and a backend that is away still answers what it was asked before", async () => {
  const dataDir = await folder();
  const before = await serviceOf([backend("first", { says: DRAFT })], { dataDir });
  await before.understandCall(call(), UNENDING);
  await before.close();
  const first = backend("first", { says: DRAFT });
  const after = await serviceOf([{ provider: first, model: "first-model" }], { dataDir });
  first.here = { kind: "unreachable", message: "ECONNREFUSED" };
  const { metadata } = await after.understandCall(call(), UNENDING);
  expect([metadata.provider, metadata.cached, first.asked.length]).toEqual(["first", true, 0]);
  await after.close();
  const file = path.join(dataDir, "llm/understandings.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, "utf8")).not.toContain(TEXT); // only a hash of what was asked
  expect(await readdir(path.join(dataDir, "llm"))).toEqual(["understandings.json"]);
});

test.each([
  ["half a file", '{"version":1,"entries":[{"key":"'],
  ["another version", '{"version":99,"entries":[]}'],
  ["an entry that is none", `{"version":1,"entries":[{"key":"${"0".repeat(64)}","at":1,"value":{"draft":{},"model":"m"}}]}`],
  ["far too much", `{"version":1,"entries":[],"x":"${"x".repeat(5_000_000)}"}`],
])("%s is an empty cache and a line in the log", async (_, text) => {
  const dir = await folder();
  const file = path.join(dir, "understandings.json");
  await writeFile(file, text);
  const lines: string[] = [];
  const cache = await openCache({ dir, now: () => START, log: captureLog(lines) });
  expect(cache.get("0".repeat(64))).toBeUndefined();
  expect(lines.join("")).toContain("the cache of understandings is broken and starts empty");
});

test("an answer is kept for a day, counted from when it was given, also over a restart", async () => {
  const dir = await folder();
  const clock = { ms: START.getTime() };
  const options = { dir, now: () => new Date(clock.ms), log: SILENT };
  const key = cacheKey(["a"]);
  const first = await openCache(options);
  first.set(key, { draft: { ...DRAFT, action: "deploy", serviceType: "eMBB" }, model: "m" });
  await first.close();
  clock.ms += DAY_MS - 1;
  const second = await openCache(options);
  expect(second.get(key)?.model).toBe("m");
  clock.ms += 2;
  expect(second.get(key)).toBeUndefined();
});

test("it holds a thousand answers; the one that was used longest ago goes", async () => {
  const cache = await openCache({ dir: null, now: () => START, log: SILENT });
  const keys = Array.from({ length: 1_001 }, (_, i) => cacheKey([i]));
  for (const key of keys) {
    cache.set(key, { draft: { ...DRAFT, action: "deploy", serviceType: "eMBB" }, model: "m" });
    cache.get(keys[0] ?? "");
  }
  expect([cache.get(keys[0] ?? "")?.model, cache.get(keys[1] ?? ""), cache.get(keys[1_000] ?? "")?.model]).toEqual(["m", undefined, "m"]);
});

test("an answer that a later backend gave before is given again while the first is away, and says so", async () => {
  const [first, second] = [backend("first", { kind: "overloaded", message: "503" }), backend("second", { says: DRAFT })];
  const service = await serviceOf([first, second]);
  await service.understandCall(call(), UNENDING);
  first.here = { kind: "unreachable", message: "ECONNREFUSED" };
  await service.discover(UNENDING);
  const { provider, cached, fallback, served } = (await service.understandCall(call(), UNENDING)).metadata;
  expect({ provider, cached, fallback, attempts: told(served?.attempts), asked: second.asked.length }).toEqual({
    ...{ provider: "second", cached: true, fallback: true, attempts: ["first offline", "second answered"], asked: 1 },
  });
});
