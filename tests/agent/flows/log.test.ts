// What a person who looks on is told of a job, stage by stage: the lines that leave the agent, of the real runner and a real git.
import { expect, test } from "vitest";
import type { ClaimedJob } from "../../../protocol/job.ts";
import type { LogLine } from "../../../protocol/log.ts";
import { applyJob, attempt, type FarEnd, farEnd, prepareJob, rollbackJob } from "./setup.ts";

/** Stage, site and words, without what differs from run to run. */
function gist(lines: readonly LogLine[]): string[] {
  return lines.map(({ stage, site, level, message }) => {
    const where = [stage ?? "job", ...(site === null ? [] : [site])].join(" ");
    const words = message
      .replace(/durationMs: \d+/, "durationMs: N")
      .replaceAll(/\b[0-9a-f]{40}\b/g, "COMMIT")
      .replaceAll(/\b[0-9a-f]{7,12}\b/g, "SHORT");
    return `${level === "info" ? "" : `${level} `}${where}: ${words}`;
  });
}

async function linesOf(far: FarEnd, job: ClaimedJob): Promise<string[]> {
  const before = far.logged().length;
  await attempt(far, job);
  const lines = far.logged().slice(before);
  for (const { jobId, intentId } of lines) expect([jobId, intentId]).toEqual([job.lease.jobId, job.input.intentId]);
  return gist(lines);
}

test("a preparation tells each of its stages, from the first to the last", async () => {
  const lines = await linesOf(await farEnd(), prepareJob("Deploy eMBB slice on edge1 with 100Mbps"));
  expect(lines).toEqual([
    "job: job started: intent.prepare, attempt 1 (resumesAfter: [])",
    "parse: parse begins",
    "parse: parse is done (durationMs: N, status: success, action: deploy, provider: rules)",
    "plan: plan begins",
    expect.stringMatching(/^plan: plan is done \(durationMs: N, slice: [a-z0-9-]+, sites: \["edge1"\]\)$/),
    "render: render begins",
    expect.stringContaining("render: git fetch: * [new branch]"),
    expect.stringMatching(/^render: render is done \(durationMs: N, files: \d+, changes: \d+, runner: embedded\)$/),
    "job: job ended (outcome: prepared)",
  ]);
});

test("an application tells its stages, what git says of the push, what each site says when it changes, and each measurement", async () => {
  const far = await farEnd();
  const job = await applyJob(far, [["edge1", "edge2"]]);
  const lines = await linesOf(far, job);
  const bySite = (stage: string) => lines.filter((line) => line.startsWith(`${stage} edge`)).sort();
  expect(lines.filter((line) => !/^(sync|verify) edge/.test(line))).toEqual([
    "job: job started: intent.apply, attempt 1 (resumesAfter: [])",
    "push: push begins",
    expect.stringMatching(/^push: git push: COMMIT:refs\/heads\/main SHORT\.\.SHORT$/),
    "push: push is done (durationMs: N, commit: COMMIT, branch: main)",
    "sync: sync begins",
    'sync: sync is done (durationMs: N, sites: ["edge1 provisioned","edge2 provisioned"])',
    "verify: verify begins",
    "verify: verify is done (durationMs: N, verdict: pass)",
    "job: job ended (outcome: completed)",
  ]);
  const followed = (site: string) => [
    `sync ${site}: provisioned: resources healthy, deployment manager present`,
    `sync ${site}: synced: at SHORT`,
    `sync ${site}: syncing: waiting for ${site} to follow SHORT`,
  ];
  expect(bySite("sync")).toEqual(["edge1", "edge2"].flatMap(followed));
  expect(bySite("verify")).toEqual(
    ["edge1", "edge2"].map((site) => expect.stringMatching(`^verify ${site}: .*10.*\\(objective: latencyP95, verdict: pass\\)$`)),
  );
});

test("a missed objective is a warning, and the rollback that follows is told like any stage", async () => {
  const far = await farEnd();
  far.latencyMs.set("edge1", 90);
  const lines = await linesOf(far, await applyJob(far, [["edge1"]]));
  const from = lines.findIndex((line) => line.startsWith("verify:"));
  expect(lines.slice(from)).toEqual([
    "verify: verify begins",
    expect.stringMatching(/^warn verify edge1: .*90.*\(objective: latencyP95, verdict: fail\)$/),
    "verify: verify is done (durationMs: N, verdict: fail)",
    "rollback: rollback begins",
    expect.stringMatching(/^rollback: git push: COMMIT:refs/),
    "rollback edge1: reverted: removed; at SHORT",
    'rollback: rollback is done (durationMs: N, commit: COMMIT, sites: ["edge1"])',
    expect.stringContaining("warn job: job ended (outcome: rolled_back, failure: "),
  ]);
});

test("a site's own words are passed on as it said them, and a stage that came to nothing is told as such", async () => {
  const far = await farEnd();
  const words = '<script>alert("x")</script> \u001b[31mno\u001b[0m \u202eon';
  far.says.set("edge1", words);
  far.stuck.add("edge1");
  const lines = await linesOf(far, await applyJob(far, [["edge1"]], { policy: "pause" }));
  expect(lines).toContain(`warn sync edge1: failed: edge1: ${words}`);
  const taken = await linesOf(far, rollbackJob({ commits: [{ commit: "0".repeat(40), sites: ["edge1"] }], sites: ["edge1"] }));
  expect(taken).toContain("job: job started: deployment.rollback, attempt 1 (resumesAfter: [])");
  expect(taken).toContainEqual(expect.stringMatching(/^warn rollback: rollback has not been completed \(durationMs: N\)$/));
  expect(taken.at(-1)).toContain("warn job: job ended (outcome: failed, failure: ");
});
