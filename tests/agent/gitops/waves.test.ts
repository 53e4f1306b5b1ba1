// A rollout in waves on the branch: several commits of one job, each made once; and commits by which other slices make room.
import { expect, test } from "vitest";
import { kustomizationFor } from "../../../agent/krm/kustomization.ts";
import type { PushInput } from "../../../agent/ports.ts";
import { newId } from "../../../protocol/ids.ts";
import { freshDir, must, never, portOn, pushOf, repository, revertOf, slice } from "./setup.ts";

function waveOf(jobId: string, number: number, sites: string[], of = 2): PushInput {
  const push = pushOf("video-7", sites, { jobId });
  return { ...push, trailers: { ...push.trailers, wave: { number, of } } };
}

test("two waves of one job are two commits, each with its sites and its number, and each is made once", async () => {
  const repo = await repository();
  const dir = await freshDir();
  const port = await portOn(repo.path, { dir });
  const jobId = newId("job");
  const [first, second] = [waveOf(jobId, 1, ["edge2"]), waveOf(jobId, 2, ["edge1", "edge3"])];

  const one = must(await port.push(first, null, never));
  expect(await repo.files("sites")).toEqual([
    "sites/edge2/kustomization.yaml",
    "sites/edge2/slices/video-7/Kptfile",
    "sites/edge2/slices/video-7/capacity.yaml",
  ]);
  const two = must(await port.push(second, null, never));

  for (const again of [port, await portOn(repo.path, { dir }), await portOn(repo.path)]) {
    expect(await again.push(first, null, never)).toEqual({ ok: true, value: one });
    expect(await again.push(second, null, never)).toEqual({ ok: true, value: two });
  }
  expect((await repo.commits()).map(({ commit, trailers }) => [commit, trailers["Job-Id"], trailers.Wave, trailers.Sites])).toEqual([
    [two.commit, jobId, "2/2", "edge1,edge3"],
    [one.commit, jobId, "1/2", "edge2"],
  ]);
});

test("what a job has published is told wave by wave, whoever asks, and null before the first", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const jobId = newId("job");
  expect(await port.published(jobId, 1, never)).toEqual({ ok: true, value: null });
  const one = must(await port.push(waveOf(jobId, 1, ["edge2"]), null, never));
  must(await port.push(pushOf("iot-1", ["edge1"]), null, never)); // somebody else in between
  const about = { branch: "main", repositoryUrl: repo.path };
  const first = { commit: one.commit, sites: ["edge2"] };
  expect(must(await port.published(jobId, 1, never))).toEqual({ commit: one.commit, parent: one.parent, ...about, waves: [first] });
  const two = must(await port.push(waveOf(jobId, 2, ["edge1", "edge3"]), null, never));
  expect(must(await (await portOn(repo.path)).published(jobId, 1, never))).toEqual({
    ...{ commit: two.commit, parent: two.parent, ...about },
    waves: [first, { commit: two.commit, sites: ["edge1", "edge3"] }],
  });
  expect(must(await port.published(jobId, 2, never))?.waves).toEqual([{ commit: two.commit, sites: ["edge1", "edge3"] }]);
  expect(must(await port.published(jobId, 3, never))).toBeNull();
});

test("a job of one wave has published one, and its revert is none of them", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const push = pushOf("video-7", ["edge1"]);
  const { commit } = must(await port.push(push, null, never));
  must(await port.revert(revertOf(push, commit), never));
  expect(must(await port.published(push.trailers.jobId, 1, never))?.waves).toEqual([{ commit, sites: ["edge1"] }]);
});

test("a wave is bound to the diff that was shown for its own sites", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const jobId = newId("job");
  const sites = ["edge1", "edge2"];
  const shown = must(await port.diff({ slice: "video-7", sites, files: slice("video-7", sites) }, never));
  const at = (site: string) => shown.filter((file) => file.path.startsWith(`sites/${site}/`));
  must(await port.push(waveOf(jobId, 1, ["edge1"]), at("edge1"), never));
  await repo.commit({ "sites/edge2/slices/video-7/by-hand.yaml": "kind: X\n" });
  const late = await port.push(waveOf(jobId, 2, ["edge2"]), at("edge2"), never);
  expect(late).toMatchObject({ ok: false, error: { reason: "approval_void" } });
  expect((await repo.commits()).map((commit) => commit.trailers.Wave)).toEqual([undefined, "1/2"]);
});

test("waves are taken back newest first, and the tree is what it was", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  must(await port.push(pushOf("iot-1", ["edge1", "edge2"]), null, never));
  const before = await repo.git("rev-parse", "main^{tree}");
  const jobId = newId("job");
  const waves = [waveOf(jobId, 1, ["edge2"]), waveOf(jobId, 2, ["edge1"])];
  const commits = [];
  for (const wave of waves) commits.push({ ...must(await port.push(wave, null, never)), wave });
  const back = newId("job");
  for (const { commit, wave } of commits.toReversed()) must(await port.revert({ ...revertOf(wave, commit), jobId: back }, never));
  expect(await repo.git("rev-parse", "main^{tree}")).toBe(before);
});

test("a job's own reverts are told, with their sites, and nobody else's", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const push = pushOf("video-7", ["edge1", "edge2"]);
  const { commit } = must(await port.push(push, null, never));
  const about = [{ commit, sites: ["edge1", "edge2"] }];
  const mine = newId("job");
  expect(must(await port.reverts(mine, about, never))).toEqual([]);
  const allSites = push.trailers.sites;
  const { revertCommit } = must(await port.revert({ ...revertOf(push, commit, { sites: ["edge2"], allSites }), jobId: mine }, never));
  must(await port.revert({ ...revertOf(push, commit, { sites: ["edge1"], allSites }), jobId: newId("job") }, never));
  for (const one of [port, await portOn(repo.path)])
    expect(must(await one.reverts(mine, about, never))).toEqual([{ commit: revertCommit, sites: ["edge2"] }]);
  expect(await port.reverts("--all", about, never)).toMatchObject({ ok: false, error: { reason: "agent_error" } });
});

const room = { slice: "low-2", site: "edge1" };

test("slices that make room go with the same commit, at the named sites only, and the diff says so", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  must(await port.push(pushOf("low-2", ["edge1", "edge2"]), null, never));
  const input = pushOf("high-9", ["edge1", "edge2"], { removes: [room] });
  const change = { slice: "high-9", sites: ["edge1", "edge2"], files: input.files, removes: [room] };
  const shown = must(await port.diff(change, never));
  expect(shown.map(({ path, change }) => `${change} ${path}`)).toEqual([
    "added sites/edge1/slices/high-9/Kptfile",
    "added sites/edge1/slices/high-9/capacity.yaml",
    "removed sites/edge1/slices/low-2/Kptfile",
    "removed sites/edge1/slices/low-2/capacity.yaml",
    "added sites/edge2/slices/high-9/Kptfile",
    "added sites/edge2/slices/high-9/capacity.yaml",
  ]);
  const { commit } = must(await port.push(input, shown, never));
  expect(await repo.files("sites/edge1/slices")).toEqual(["sites/edge1/slices/high-9/Kptfile", "sites/edge1/slices/high-9/capacity.yaml"]);
  expect(await repo.read("sites/edge1/kustomization.yaml")).toBe(kustomizationFor(["slices/high-9/capacity.yaml"]));
  expect(await repo.read("sites/edge2/kustomization.yaml")).toBe(
    kustomizationFor(["slices/high-9/capacity.yaml", "slices/low-2/capacity.yaml"]),
  );
  must(await port.revert(revertOf(input, commit), never));
  for (const file of slice("low-2", ["edge1", "edge2"])) expect(await repo.read(file.path)).toBe(file.content);
  expect(await repo.read("sites/edge1/kustomization.yaml")).toBe(kustomizationFor(["slices/low-2/capacity.yaml"]));
});

test("the one that makes room may not have moved since it was shown", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  must(await port.push(pushOf("low-2", ["edge1"]), null, never));
  const input = pushOf("high-9", ["edge1"], { removes: [room] });
  const shown = must(await port.diff({ slice: "high-9", sites: ["edge1"], files: input.files, removes: [room] }, never));
  must(await port.push(pushOf("low-2", ["edge1"], { capacity: 300 }), null, never));
  expect(await port.push(input, shown, never)).toMatchObject({ ok: false, error: { reason: "approval_void" } });
});

test.each([
  ["a slice with a path in it", { slice: "../low-2", site: "edge1" }],
  ["a site with an option in it", { slice: "low-2", site: "--all" }],
])("%s that should make room is refused before git sees it", async (_, removes) => {
  const port = await portOn("/nowhere/sites.git");
  const result = await port.push(pushOf("high-9", ["edge1"], { removes: [removes] }), null, never);
  expect(result).toMatchObject({ ok: false, error: { reason: "agent_error", retryable: false } });
});
