import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";

const RUN = path.join(import.meta.dirname, "run.ts");
const DIR = mkdtempSync(path.join(os.tmpdir(), "eval-"));
const RIGHT = { action: "status", serviceType: null, targetSites: ["edge1"], clarify: [] };
const WRONG = { ...RIGHT, targetSites: ["edge2"] };

function file(name: string, content: unknown): string {
  const at = path.join(DIR, name);
  writeFileSync(at, typeof content === "string" ? content : JSON.stringify(content));
  return at;
}

function run(...args: string[]): SpawnSyncReturns<string> {
  const env = { PATH: process.env["PATH"] };
  return spawnSync(process.execPath, [RUN, ...args], { env, encoding: "utf8", timeout: 20_000 });
}

const SENTENCE = { id: "s-1", lang: "en", text: "status of edge1", tags: ["plain"] };
const HALF = [
  { ...SENTENCE, expected: RIGHT },
  { ...SENTENCE, id: "s-2", text: "what is the status of edge1?", expected: WRONG },
];

test("prints accuracy and misses, and exits with 1 only below the floor", () => {
  const half = file("half.json", HALF);
  const without = run(half);
  expect([without.status, without.stderr]).toEqual([0, ""]);
  expect(without.stdout).toContain("whole sentences          50.0 %  1/2");
  expect(without.stdout).toContain('targetSites: wanted ["edge2"], got ["edge1"]');
  expect([run(half, "--floor", "0.5").status, run(half, "--floor", "0.51").status]).toEqual([0, 1]);
});

test("the report is one JSON value when asked for", () => {
  const { status, stdout } = run(file("json.json", HALF), "--json", "--floor", "0.9");
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ provider: "rules", whole: { right: 1, of: 2 }, missed: [{ id: "s-2" }] });
});

test("bad input is named by file, entry and field, all of it at once", () => {
  const bad = file("bad.json", [{ ...SENTENCE, expected: { ...RIGHT, action: "dploy", latency: 5 } }, 7]);
  const broken = file("broken.json", "[{");
  const { status, stdout, stderr } = run(bad, broken, path.join(DIR, "absent.json"));
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr.trim().split("\n")).toEqual([
    expect.stringContaining(`${bad}: entry 1 (s-1): expected.action: `),
    `${bad}: entry 1 (s-1): expected: Unrecognized key: "latency"`,
    expect.stringContaining(`${bad}: entry 2: entry: `),
    expect.stringContaining(`${broken}: `),
    expect.stringContaining("absent.json: ENOENT"),
  ]);
});

test.each([
  [["--compare", "rules"], "--compare: must be two providers, as in rules,claude"],
  [["--compare", "rules,rules"], "--compare: must be two different providers"],
  [["--floor", "97"], "--floor: must be from 0 to 1"],
  [["--floor", "high"], "--floor: must be a number from 0 to 1"],
  [["--corrections", "--floor", "0.5"], "--floor is for the evaluation of one provider"],
  [["--corrections"], "--corrections needs a file, or --url (WORKER_URL) and a token in EVAL_TOKEN or ADMIN_TOKEN"],
])("%j is refused with what is wrong", (args, message) => {
  const { status, stdout, stderr } = run(...args);
  expect([status, stdout, stderr.split("\n")[0]]).toEqual([2, "", message]);
});

test("an empty list of corrections is said to be empty", () => {
  const { status, stdout } = run("--corrections", file("none.json", { corrections: [], nextCursor: null }));
  expect([status, stdout]).toEqual([0, "no corrections\n"]);
});
