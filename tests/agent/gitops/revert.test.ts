import { expect, test } from "vitest";
import { kustomizationFor } from "../../../agent/krm/kustomization.ts";
import { newId } from "../../../protocol/ids.ts";
import { freshDir, must, never, portOn, pushOf, repository, revertOf, slice } from "./setup.ts";

test("a whole commit is taken back by a git revert that keeps what came since", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const push = pushOf("video-7", ["edge1", "edge2"]);
  const { commit } = must(await port.push(push, null, never));
  must(await port.push(pushOf("iot-1", ["edge1"]), null, never)); // its kustomization conflicts with the revert

  const { revertCommit } = must(await port.revert(revertOf(push, commit), never));

  const [newest] = await repo.commits();
  expect(newest).toEqual({
    commit: revertCommit,
    subject: 'Revert "Deploy video-7"',
    message: expect.stringContaining(`\n\nThis reverts commit ${commit}.\n\nThe service level was not met.\n\n`),
    trailers: {
      "Intent-Id": push.trailers.intentId,
      "Job-Id": push.trailers.jobId,
      Sites: "edge1,edge2",
      "Reverts-Commit": commit,
    },
  });
  expect(await repo.files("sites")).toEqual([
    "sites/edge1/kustomization.yaml",
    "sites/edge1/slices/iot-1/Kptfile",
    "sites/edge1/slices/iot-1/capacity.yaml",
    "sites/edge2/kustomization.yaml",
  ]);
  expect(await repo.read("sites/edge1/kustomization.yaml")).toBe(kustomizationFor(["slices/iot-1/capacity.yaml"]));
});

test("a revert of a change brings the earlier files back", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  must(await port.push(pushOf("video-7", ["edge1"], { capacity: 100 }), null, never));
  const before = await repo.git("rev-parse", "main^{tree}");
  const scaled = pushOf("video-7", ["edge1"], { capacity: 300 });
  const { commit } = must(await port.push(scaled, null, never));
  must(await port.revert(revertOf(scaled, commit), never));
  expect(await repo.git("rev-parse", "main^{tree}")).toBe(before);
});

test("a revert of a removal brings the slice back and lists it, whatever resembles it", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  must(await port.push(pushOf("video-7", ["edge1"]), null, never));
  const removal = pushOf("video-7", ["edge1"], { files: [] });
  const { commit } = must(await port.push(removal, null, never));
  const lookalike = slice("video-7", ["edge1"]).map((file) => ({ ...file, path: file.path.replace("video-7", "video-8") }));
  must(await port.push(pushOf("video-8", ["edge1"], { files: lookalike }), null, never));

  must(await port.revert(revertOf(removal, commit), never));

  for (const file of [...slice("video-7", ["edge1"]), ...lookalike]) expect(await repo.read(file.path)).toBe(file.content);
  expect(await repo.read("sites/edge1/kustomization.yaml")).toBe(
    kustomizationFor(["slices/video-7/capacity.yaml", "slices/video-8/capacity.yaml"]),
  );
});

test("the same revert asked again, from anywhere and by another job, is one commit", async () => {
  const repo = await repository();
  const dir = await freshDir();
  const port = await portOn(repo.path, { dir });
  const push = pushOf("video-7", ["edge1", "edge2"]);
  const { commit } = must(await port.push(push, null, never));
  const first = must(await port.revert(revertOf(push, commit), never));

  expect(await port.revert(revertOf(push, commit), never)).toEqual({ ok: true, value: first });
  expect(await (await portOn(repo.path, { dir })).revert(revertOf(push, commit), never)).toEqual({ ok: true, value: first });
  const other = revertOf(push, commit, { jobId: newId("job"), sites: ["edge2"] });
  expect(await (await portOn(repo.path)).revert(other, never)).toEqual({ ok: true, value: first });
  expect(await port.push(push, null, never)).toMatchObject({ ok: true, value: { commit } });
  expect(await repo.commits()).toHaveLength(2);
});

test("one site of two goes back, the other and what arrived since stay", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const push = pushOf("video-7", ["edge1", "edge2"]);
  const { commit } = must(await port.push(push, null, never));
  must(await (await portOn(repo.path)).push(pushOf("iot-1", ["edge1", "edge2"]), null, never));

  const partial = must(await port.revert(revertOf(push, commit, { sites: ["edge1"] }), never));

  expect((await repo.commits())[0]?.trailers.Sites).toBe("edge1");
  expect(await repo.files("sites")).toEqual([
    "sites/edge1/kustomization.yaml",
    "sites/edge1/slices/iot-1/Kptfile",
    "sites/edge1/slices/iot-1/capacity.yaml",
    "sites/edge2/kustomization.yaml",
    "sites/edge2/slices/iot-1/Kptfile",
    "sites/edge2/slices/iot-1/capacity.yaml",
    "sites/edge2/slices/video-7/Kptfile",
    "sites/edge2/slices/video-7/capacity.yaml",
  ]);
  expect(await repo.read("sites/edge1/kustomization.yaml")).toBe(kustomizationFor(["slices/iot-1/capacity.yaml"]));
  expect(await repo.read("sites/edge2/kustomization.yaml")).toBe(
    kustomizationFor(["slices/iot-1/capacity.yaml", "slices/video-7/capacity.yaml"]),
  );

  const rest = must(await port.revert(revertOf(push, commit), never));
  expect(rest.revertCommit).not.toBe(partial.revertCommit);
  expect(await repo.files("sites/edge2/slices/video-7")).toEqual([]);
});

test("files of the slice that changed since are a conflict, and the next work is not disturbed by it", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const push = pushOf("video-7", ["edge1"], { capacity: 100 });
  const { commit } = must(await port.push(push, null, never));
  const newer = pushOf("video-7", ["edge1"], { capacity: 200 });
  const later = must(await port.push(newer, null, never));

  expect(await port.revert(revertOf(push, commit), never)).toEqual({
    ok: false,
    error: {
      stage: "rollback",
      reason: "git_conflict",
      message: `The files of slice video-7 changed after commit ${commit}; a revert would undo more than that.`,
      retryable: false,
      details: ["sites/edge1/slices/video-7/capacity.yaml"],
    },
  });
  expect(await repo.tip()).toBe(later.commit);
  must(await port.revert(revertOf(newer, later.commit), never));
  expect(await repo.read("sites/edge1/slices/video-7/capacity.yaml")).toContain("downlink: 100");
});

test("a conflict at a site that is not taken back is none", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const push = pushOf("video-7", ["edge1", "edge2"], { capacity: 100 });
  const { commit } = must(await port.push(push, null, never));
  must(await port.push(pushOf("video-7", ["edge2"], { capacity: 200 }), null, never));
  must(await port.revert(revertOf(push, commit, { sites: ["edge1"] }), never));
  expect(await repo.files("sites/edge1/slices")).toEqual([]);
  expect(await repo.read("sites/edge2/slices/video-7/capacity.yaml")).toContain("downlink: 200");
});

test("a commit whose effect is gone already is still reverted on record, once", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const push = pushOf("video-7", ["edge1"]);
  const { commit } = must(await port.push(push, null, never));
  must(await port.push(pushOf("video-7", ["edge1"], { files: [] }), null, never));
  const first = must(await port.revert(revertOf(push, commit), never));
  expect(await port.revert(revertOf(push, commit), never)).toEqual({ ok: true, value: first });
  expect(await repo.commits()).toHaveLength(3);
});

test("a person's own git revert counts", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const push = pushOf("video-7", ["edge1"]);
  const { commit } = must(await port.push(push, null, never));
  const gone = Object.fromEntries((await repo.files("sites")).map((file) => [file, null]));
  const byHand = await repo.commit(gone, `Revert "Deploy video-7"\n\nThis reverts commit ${commit}.`);
  expect(await (await portOn(repo.path)).revert(revertOf(push, commit), never)).toEqual({ ok: true, value: { revertCommit: byHand } });
});

test("a commit that is not on the branch cannot be taken back", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const commit = "0123456789012345678901234567890123456789";
  expect(await port.revert(revertOf(pushOf("video-7", ["edge1"]), commit), never)).toEqual({
    ok: false,
    error: { stage: "rollback", reason: "git_conflict", message: `The commit ${commit} is not on the branch main.`, retryable: false },
  });
});
