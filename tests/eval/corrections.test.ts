import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Correction, Reading } from "../../protocol/correction.ts";
import { newId } from "../../protocol/ids.ts";
import { ok } from "../../protocol/result.ts";
import { correctionsLines, reportCorrections, sitesOf } from "./corrections.ts";
import { fetchCorrections, readCorrections } from "./corrections-source.ts";
import { type Evaluated, rulesProvider } from "./provider.ts";

const RIGHT: Reading = { action: "deploy", serviceType: "eMBB", targetSites: ["edge1"], requirements: { downlinkMbps: 200 } };

function correction(more: Partial<Correction> = {}): Correction {
  return {
    ...{ id: newId("cor"), intentId: newId("int"), text: "deploy eMBB on edge1 with 200 Mbps", provider: "rules" },
    ...{ understood: RIGHT, corrected: RIGHT, by: "ada", at: "2026-11-20T10:00:00.000Z" },
    ...more,
  };
}

/** A control centre that answers as it is told; its address. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

/** Reads every sentence as the one it is given. */
function saying(text: string): Evaluated {
  const rules = rulesProvider(sitesOf([]), () => new Date(0));
  return { ...rules, id: "parrot", understand: () => rules.understand(text) };
}

test("reports per provider and field how often it was corrected and how often it is right now", async () => {
  const wrongSite = correction({ understood: { ...RIGHT, targetSites: ["edge2"] } });
  const wrongTwice = correction({
    understood: { ...RIGHT, targetSites: [], requirements: {} },
    corrected: { ...RIGHT, targetSites: ["edge3"] },
  });
  const ofModel = correction({ provider: "claude", understood: { ...RIGHT, slice: "video" } });
  expect(await reportCorrections([wrongSite, wrongTwice, ofModel], saying("deploy eMBB on edge1 with 200 Mbps"))).toEqual({
    total: 3,
    now: "parrot",
    understood: 2,
    fields: [
      { provider: "claude", field: "slice", corrected: 1, of: 1, right: 1 },
      { provider: "rules", field: "targetSites", corrected: 2, of: 2, right: 1 },
      { provider: "rules", field: "downlinkMbps", corrected: 1, of: 2, right: 1 },
    ],
    missed: [{ id: wrongTwice.id, lang: "", text: wrongTwice.text, misses: [{ field: "targetSites", wanted: ["edge3"], got: ["edge1"] }] }],
  });
});

test("a provider that gives no answer is right nowhere, and the report says why", async () => {
  const down: Evaluated = { ...saying(""), understand: async () => ({ ok: false, error: "the breaker is open" }) };
  const report = await reportCorrections([correction({ understood: { ...RIGHT, action: "scale" } })], down);
  expect(correctionsLines(report)).toEqual([
    "1 corrected sentence; parrot understands 0 of them now (0.0 %)",
    "  rules           action                corrected in 1 of 1, right now in 0",
    `${report.missed[0]?.id}  "deploy eMBB on edge1 with 200 Mbps"`,
    "    no answer: the breaker is open",
  ]);
});

test("sites that only the corrections speak of are known while they are read", () => {
  const sites = sitesOf([correction({ corrected: { ...RIGHT, targetSites: ["edge1", "kaohsiung-7"] } })]);
  expect(sites.map(({ id }) => id)).toEqual(["edge1", "edge2", "edge3", "edge4", "kaohsiung-7"]);
});

test("reads all pages of a control centre, with the token", async () => {
  const [newer, older] = [correction(), correction()];
  const asked: string[] = [];
  const url = await serve((request, response) => {
    asked.push(`${request.headers.authorization} ${request.url}`);
    const isFirst = request.url?.includes("cursor") !== true;
    response.end(JSON.stringify(isFirst ? { corrections: [newer], nextCursor: 7 } : { corrections: [older], nextCursor: null }));
  });
  expect(await fetchCorrections({ url, token: "t0ken" })).toEqual(ok([newer, older]));
  expect(asked).toEqual(["Bearer t0ken /api/v1/corrections?limit=200", "Bearer t0ken /api/v1/corrections?limit=200&cursor=7"]);
});

test.each([
  ["refuses", (url: string) => [`${url}/api/v1/corrections: answered 401`], 401, "{}"],
  ["answers a page of something else", (url: string) => [`${url}/api/v1/corrections: not a page of corrections`], 200, "[]"],
  ["answers no corrections", (url: string) => [expect.stringContaining(`${url}: entry 1 (x): `)], 200, '{"corrections":[{"id":"x"}]}'],
] as const)("a control centre that %s is named with its fault", async (_what, finding, status, body) => {
  const url = await serve((_request, response) => void response.writeHead(status).end(body));
  const result = await fetchCorrections({ url, token: "t0ken" });
  expect(result).toEqual({ ok: false, error: expect.arrayContaining([...finding(url)]) });
});

test("a file holds a page or the bare list", () => {
  const one = correction();
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), "eval-")), "corrections.json");
  writeFileSync(file, JSON.stringify({ corrections: [one], nextCursor: null }));
  expect(readCorrections(file)).toEqual(ok([one]));
  writeFileSync(file, JSON.stringify([one]));
  expect(readCorrections(file)).toEqual(ok([one]));
  writeFileSync(file, "{}");
  expect(readCorrections(file)).toEqual({ ok: false, error: [`${file}: must be a list of entries`] });
});
