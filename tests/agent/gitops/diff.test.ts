import { expect, test } from "vitest";
import { gitServer } from "./server.ts";
import { must, never, portOn, pushOf, repository, slice } from "./setup.ts";

test("a new slice is all added, by path, without timestamps", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const files = [
    { path: "sites/edge1/slices/a/b.yaml", content: "x: ü\ny: 2\n" },
    { path: "sites/edge1/slices/a/a.yaml", content: "" },
  ];
  expect(await port.diff({ slice: "a", sites: ["edge1"], files: files }, never)).toEqual({
    ok: true,
    value: [
      { path: "sites/edge1/slices/a/a.yaml", change: "added", patch: "--- /dev/null\n+++ b/sites/edge1/slices/a/a.yaml\n" },
      {
        path: "sites/edge1/slices/a/b.yaml",
        change: "added",
        patch: "--- /dev/null\n+++ b/sites/edge1/slices/a/b.yaml\n@@ -0,0 +1,2 @@\n+x: ü\n+y: 2\n",
      },
    ],
  });
});

test("changed and vanishing files are told, equal ones and other slices are not", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  must(await port.push(pushOf("video-7", ["edge1", "edge2"]), null, never));
  must(await port.push(pushOf("video-70", ["edge1"]), null, never));
  const next = slice("video-7", ["edge1", "edge2"], 300).filter((file) => file.path !== "sites/edge2/slices/video-7/Kptfile");

  const diff = must(await port.diff({ slice: "video-7", sites: ["edge1", "edge2"], files: next }, never));

  const patch = (site: string) =>
    `--- a/sites/${site}/slices/video-7/capacity.yaml\n+++ b/sites/${site}/slices/video-7/capacity.yaml\n@@ -3,4 +3,4 @@\n spec:\n   site: ${site}\n   uplink: 50\n-  downlink: 200\n+  downlink: 300\n`;
  expect(diff).toEqual([
    { path: "sites/edge1/slices/video-7/capacity.yaml", change: "modified", patch: patch("edge1") },
    {
      path: "sites/edge2/slices/video-7/Kptfile",
      change: "removed",
      patch: "--- a/sites/edge2/slices/video-7/Kptfile\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-kind: Kptfile\n-name: video-7\n",
    },
    { path: "sites/edge2/slices/video-7/capacity.yaml", change: "modified", patch: patch("edge2") },
  ]);
  const elsewhere = await portOn(repo.path);
  expect(must(await elsewhere.diff({ slice: "video-7", sites: ["edge2", "edge1"], files: next.toReversed() }, never))).toEqual(diff);
});

test("many diffs at once are answered from one fetch", async () => {
  const repo = await repository();
  const server = await gitServer(repo.path);
  const port = await portOn(server.url);
  const files = slice("a", ["edge1"]);
  const results = await Promise.all(Array.from({ length: 20 }, () => port.diff({ slice: "a", sites: ["edge1"], files: files }, never)));
  expect(results.filter((result) => !result.ok || result.value.length !== 2)).toEqual([]);
  expect(server.fetches).toBe(1);
});
