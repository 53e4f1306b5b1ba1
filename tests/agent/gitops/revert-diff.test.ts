// What a rollback would change, shown before it is done: the very change that the revert then makes.
import { expect, test } from "vitest";
import { fileDiff } from "../../../agent/gitops/compare.ts";
import { newId } from "../../../protocol/ids.ts";
import type { FileDiff } from "../../../protocol/stage.ts";
import type { GitRepo } from "../../helpers/git-repo.ts";
import { must, never, portOn, pushOf, repository, revertOf, slice } from "./setup.ts";

const SITES = ["edge1", "edge2"];

/** The slices' files that the newest commits changed, as git itself tells it. */
async function changedSince(repo: GitRepo, before: string): Promise<FileDiff[]> {
  const names = (await repo.git("diff", "--name-only", "--no-renames", before, "main", "--", ":(glob)sites/*/slices/**")).trim();
  const at = (commit: string, path: string) => repo.git("show", `${commit}:${path}`).catch(() => undefined);
  const paths = names.split("\n").filter((path) => path !== "");
  return Promise.all(paths.sort().map(async (path) => fileDiff(path, await at(before, path), await at("main", path))));
}

async function scaled() {
  const repo = await repository();
  const port = await portOn(repo.path);
  must(await port.push(pushOf("video-7", SITES, { capacity: 100 }), null, never));
  const old = await repo.git("rev-parse", "main^{tree}");
  const push = pushOf("video-7", SITES, { capacity: 300 });
  const { commit } = must(await port.push(push, null, never));
  const { intentId } = push.trailers;
  const ask = (sites = SITES, jobId = newId("job")) =>
    port.revertDiff({ jobId, intentId, slice: "video-7", sites, reason: "" }, [{ commit, sites: SITES }], never);
  return { repo, port, push, commit, old, ask };
}

test("the preview of a scale's rollback is the change that the revert makes, and the old bytes are back", async () => {
  const { repo, port, push, commit, old, ask } = await scaled();
  const before = await repo.tip();
  const shown = must(await ask());
  expect(shown?.map(({ path, change }) => `${change} ${path}`)).toEqual(
    SITES.map((site) => `modified sites/${site}/slices/video-7/capacity.yaml`),
  );
  expect(await repo.tip()).toBe(before); // looking changes nothing
  must(await port.revert({ ...revertOf(push, commit), jobId: newId("job") }, never));
  expect(shown).toEqual(await changedSince(repo, before));
  expect(await repo.git("rev-parse", "main^{tree}")).toBe(old);
});

test("for one site it shows that site only, and its old bytes come back alone", async () => {
  const { repo, port, push, commit, ask } = await scaled();
  const before = await repo.tip();
  const shown = must(await ask(["edge2"]));
  must(await port.revert({ ...revertOf(push, commit, { sites: ["edge2"] }), jobId: newId("job") }, never));
  expect(shown).toEqual(await changedSince(repo, before));
  const [kept] = slice("video-7", ["edge1"], 300).filter((file) => file.path.endsWith("capacity.yaml"));
  const [restored] = slice("video-7", ["edge2"], 100).filter((file) => file.path.endsWith("capacity.yaml"));
  for (const file of [kept, restored]) expect(await repo.read(file?.path ?? "")).toBe(file?.content);
});

test("it is null once this very job has reverted, and empty when another one has", async () => {
  const { port, push, commit, ask } = await scaled();
  const jobId = newId("job");
  must(await port.revert({ ...revertOf(push, commit), jobId }, never));
  expect(await ask(SITES, jobId)).toEqual({ ok: true, value: null });
  expect(await ask()).toEqual({ ok: true, value: [] });
});

test("the preview of a deploy's rollback takes all files away, in several waves too", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const jobId = newId("job");
  const commits = [];
  for (const [index, site] of SITES.entries()) {
    const push = pushOf("video-7", [site], { jobId });
    const input = { ...push, trailers: { ...push.trailers, wave: { number: index + 1, of: 2 } } };
    commits.push({ commit: must(await port.push(input, null, never)).commit, sites: [site], input });
  }
  must(await port.push(pushOf("iot-1", SITES), null, never));
  const before = await repo.tip();
  const waves = commits.map(({ commit, sites }) => ({ commit, sites }));
  const ask = { jobId: newId("job"), intentId: newId("int"), slice: "video-7", sites: SITES, reason: "" };
  const shown = must(await port.revertDiff(ask, waves, never));
  expect(shown?.map(({ path, change }) => [path, change])).toEqual(slice("video-7", SITES).map(({ path }) => [path, "removed"]));
  const only = must(await port.revertDiff({ ...ask, sites: ["edge2"] }, waves, never));
  expect(only?.every((file) => file.path.startsWith("sites/edge2/"))).toBe(true);
  for (const { commit, input } of commits.toReversed()) must(await port.revert({ ...revertOf(input, commit), jobId: ask.jobId }, never));
  expect(shown).toEqual(await changedSince(repo, before));
});

test("the preview of a removal's rollback brings the slice back", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  must(await port.push(pushOf("video-7", SITES), null, never));
  const { commit } = must(await port.push(pushOf("video-7", SITES, { files: [] }), null, never));
  const ask = { jobId: newId("job"), intentId: newId("int"), slice: "video-7", sites: SITES, reason: "" };
  const shown = must(await port.revertDiff(ask, [{ commit, sites: SITES }], never));
  expect(shown?.map(({ path, change }) => [path, change])).toEqual(slice("video-7", SITES).map(({ path }) => [path, "added"]));
});

test("files that changed since are a conflict, told with their names, and the clone is fit for the next work", async () => {
  const { repo, port, commit, ask } = await scaled();
  const path = "sites/edge1/slices/video-7/capacity.yaml";
  await repo.commit({ [path]: "kind: Capacity\n# by hand\n" });
  await expect.poll(async () => (await ask()).ok, { timeout: 5_000 }).toBe(false); // the port looks at the branch once a second
  expect(await ask()).toEqual({
    ok: false,
    error: {
      stage: "rollback",
      reason: "git_conflict",
      message: `The files of slice video-7 changed after commit ${commit}; a revert would undo more than that.`,
      retryable: false,
      details: [path],
    },
  });
  must(await port.push(pushOf("iot-1", ["edge1"]), null, never));
});

test("a commit that is not on the branch has no preview", async () => {
  const { port } = await scaled();
  const commit = "0123456789012345678901234567890123456789";
  const ask = { jobId: newId("job"), intentId: newId("int"), slice: "video-7", sites: SITES, reason: "" };
  expect(await port.revertDiff(ask, [{ commit, sites: SITES }], never)).toMatchObject({
    ok: false,
    error: { reason: "git_conflict", message: `The commit ${commit} is not on the branch main.` },
  });
});
