import { expect, test } from "vitest";
import { must, never, portOn, pushOf, repository, revertOf } from "./setup.ts";

test("a commit is carried by itself and by descendants that leave the slice alone", async () => {
  const repo = await repository();
  const pusher = await portOn(repo.path);
  const base = await repo.tip();
  const push = pushOf("video-7", ["edge1", "edge2"]);
  const { commit } = must(await pusher.push(push, null, never));
  const unrelated = must(await pusher.push(pushOf("iot-1", ["edge1"]), null, never)).commit;
  const partly = must(await pusher.revert(revertOf(push, commit, { sites: ["edge1"] }), never)).revertCommit;

  const port = await portOn(repo.path);
  const at = (candidate: string, site: string) => port.carries(candidate, commit, { site, slice: "video-7" }, never);
  expect(await at(commit, "edge1")).toBe(true);
  expect(await at(unrelated, "edge1")).toBe(true);
  expect(await at(unrelated, "edge1")).toBe(true);
  expect(await at(base, "edge1")).toBe(false);
  expect(await at(partly, "edge1")).toBe(false);
  expect(await at(partly, "edge2")).toBe(true);
});

test("a commit pushed by another agent is looked up at the server", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const { commit } = must(await port.push(pushOf("video-7", ["edge1"]), null, never));
  const theirs = await repo.commit({ "README.md": "x\n" });
  await expect.poll(() => port.carries(theirs, commit, { site: "edge1", slice: "video-7" }, never), { timeout: 5_000 }).toBe(true);
});

test("of unknown and malformed commits and names nothing is said", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const tip = await repo.tip();
  const unknown = "0123456789012345678901234567890123456789";
  expect(await port.carries(unknown, tip, { site: "edge1", slice: "a" }, never)).toBeUndefined();
  expect(await port.carries(tip, unknown, { site: "edge1", slice: "a" }, never)).toBeUndefined();
  expect(await port.carries("HEAD", tip, { site: "edge1", slice: "a" }, never)).toBeUndefined();
  expect(await port.carries(tip, "--all", { site: "edge1", slice: "a" }, never)).toBeUndefined();
  expect(await port.carries(tip, tip, { site: "../x", slice: "a" }, never)).toBeUndefined();
});
