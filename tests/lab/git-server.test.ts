// The lab's git server, driven by real git and by raw requests.
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { startLab } from "../../lab/lab.ts";
import { clone, git, push, siteFiles, siteViews, tempDir, testLab, untilSynced, writeFiles } from "./support.ts";

test("a fresh repository can be cloned and has a kustomization for every site", async () => {
  const lab = await testLab({ sites: 3 });
  const tree = await clone(lab);
  expect(await git(tree, "ls-files")).toBe(["edge1", "edge2", "edge3"].map((id) => `sites/${id}/kustomization.yaml`).join("\n"));
  expect(await git(tree, "rev-parse", "--abbrev-ref", "HEAD")).toBe("main");
});

test("a push is live on all sites, each having looked at once", async () => {
  const lab = await testLab({ sites: 4 });
  const tree = await clone(lab);
  const commit = await push(tree, { ...siteFiles("edge1", { video: {} }), ...siteFiles("edge2", { video: {} }) });
  await untilSynced(lab, commit);
  expect((await siteViews(lab)).map((view) => [view.id, view.slices])).toEqual([
    ["edge1", ["video"]],
    ["edge2", ["video"]],
    ["edge3", []],
    ["edge4", []],
  ]);
});

test("a commit that came another way is found by the regular look", async () => {
  const dataDir = await tempDir();
  const lab = await testLab({ dataDir, pullMs: 50 });
  const tree = await clone(lab);
  await git(tree, "remote", "set-url", "origin", path.join(dataDir, "lab/git/sites.git"));
  await untilSynced(lab, await push(tree, siteFiles("edge1", { video: {} })));
});

test("a restart keeps the repository, and a lab with more sites adds their folders by a commit", async () => {
  const dataDir = await tempDir();
  const first = await startLab({ port: 0, sites: 1, dataDir });
  const tree = await clone(first);
  const commit = await push(tree, siteFiles("edge1", { video: {} }));
  await first.close();

  const second = await testLab({ dataDir, sites: 2 });
  const again = await clone(second);
  expect(await git(again, "rev-parse", "HEAD~1")).toBe(commit);
  expect(await git(again, "diff", "--name-only", commit, "HEAD")).toBe("sites/edge2/kustomization.yaml");
  await untilSynced(second, await git(again, "rev-parse", "HEAD"));
  expect((await siteViews(second)).map((view) => view.slices)).toEqual([["video"], []]);
});

test("of two pushes at the same time one wins, and the other gets in after a rebase", async () => {
  const lab = await testLab();
  const trees = await Promise.all([clone(lab), clone(lab)]);
  const change = (index: number) => siteFiles(`edge${index + 1}`, { video: {} });
  const results = await Promise.allSettled(trees.map((tree, index) => push(tree, change(index))));
  expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  const loser = trees[results.findIndex((result) => result.status === "rejected")] ?? "";
  await git(loser, "pull", "-q", "--rebase", "origin", "main");
  await git(loser, "push", "-q", "origin", "main");
  await untilSynced(lab, await git(loser, "rev-parse", "HEAD"));
  expect((await siteViews(lab)).map((view) => view.slices)).toEqual([["video"], ["video"]]);
});

test("a push that rewrites history and one that deletes the branch are refused", async () => {
  const lab = await testLab();
  const tree = await clone(lab);
  const commit = await push(tree, siteFiles("edge1", { video: {} }));
  await git(tree, "commit", "-q", "--amend", "-m", "another history");
  await expect(git(tree, "push", "--force", "origin", "main")).rejects.toThrow(/non-fast-forward/);
  await expect(git(tree, "push", "origin", ":main")).rejects.toThrow(/deletion|delete/);
  expect(await git(tree, "ls-remote", "origin", "refs/heads/main")).toBe(`${commit}\trefs/heads/main`);
});

test("a push of several megabytes arrives whole", async () => {
  const lab = await testLab();
  const tree = await clone(lab);
  // Different lines, so that git's compression cannot make it small and the client sends it in chunks.
  const noise = Array.from({ length: 400_000 }, (_, index) => ((index * 2654435761) % 4294967296).toString(36)).join("\n");
  await writeFiles(tree, { "noise.txt": noise });
  await untilSynced(lab, await push(tree, {}));
  const copy = await clone(lab);
  expect(await git(copy, "rev-parse", "HEAD:noise.txt")).toBe(await git(tree, "hash-object", "noise.txt"));
});

test("a gzipped request body is understood", async () => {
  const lab = await testLab();
  const head = await git(await clone(lab), "rev-parse", "HEAD");
  const want = `want ${head}\n`;
  const body = gzipSync(`${(want.length + 4).toString(16).padStart(4, "0")}${want}00000009done\n`);
  const answer = await fetch(`${lab.repositoryUrl}/git-upload-pack`, {
    method: "POST",
    headers: { "content-type": "application/x-git-upload-pack-request", "content-encoding": "gzip" },
    body,
  });
  expect(answer.status).toBe(200);
  expect((await answer.bytes()).subarray(8, 12)).toEqual(new TextEncoder().encode("PACK"));
});

test("nothing but smart HTTP of this one repository is served", async () => {
  const lab = await testLab();
  const root = lab.repositoryUrl;
  const paths = [
    `${root}/HEAD`,
    `${root}/config`,
    `${root}/info/refs`,
    `${root}/info/refs?service=git-upload-archive`,
    `${root}/%2e%2e/x`,
    `${lab.url}/git/other.git/info/refs`,
  ];
  const statuses = await Promise.all(paths.map(async (address) => (await fetch(address)).status));
  expect(statuses).toEqual(paths.map(() => 404));
});

test("a body that announces more than 64 MiB is refused before it is read", async () => {
  const lab = await testLab();
  const status = await new Promise<number | undefined>((resolve) => {
    const headers = { "content-type": "application/x-git-receive-pack-request", "content-length": String(64 * 1024 * 1024 + 1) };
    const req = request(`${lab.repositoryUrl}/git-receive-pack`, { method: "POST", headers }, (res) => {
      resolve(res.statusCode);
      req.destroy();
    });
    req.on("error", () => undefined);
    req.flushHeaders();
  });
  expect(status).toBe(413);
});

test("a push that grows beyond 64 MiB unannounced is refused, and nothing of it stays", async () => {
  const lab = await testLab({ sites: 1 });
  const tree = await clone(lab);
  const head = await git(tree, "rev-parse", "HEAD");
  await writeFile(path.join(tree, "noise.bin"), randomBytes(66 * 1024 * 1024));
  await git(tree, "config", "core.bigFileThreshold", "1m"); // no attempt to compress it
  await expect(push(tree, {})).rejects.toThrow(/exceeds maximum allowed size/);
  expect(await git(tree, "ls-remote", "origin", "refs/heads/main")).toBe(`${head}\trefs/heads/main`);
});

test("clients that stall and go away give their places back", async () => {
  const lab = await testLab();
  const open = () => {
    const req = request(`${lab.repositoryUrl}/git-receive-pack`, {
      method: "POST",
      headers: { "content-type": "application/x-git-receive-pack-request" },
    });
    req.on("error", () => undefined);
    req.flushHeaders();
    return req;
  };
  const stalled = Array.from({ length: 12 }, open); // more than may run at once
  onTestFinished(() => stalled.forEach((req) => void req.destroy()));
  await Promise.all(stalled.map((req) => new Promise((resolve) => req.once("socket", (socket) => socket.once("connect", resolve)))));
  for (const req of stalled) req.destroy();
  const head = await git(await clone(lab), "rev-parse", "HEAD");
  expect(head).toMatch(/^[0-9a-f]{40}$/);
});

test("fifty requests at once are all answered", async () => {
  const lab = await testLab();
  const paths = [
    "/sites",
    "/sites/edge1/kube/version",
    "/sites/edge2/metrics",
    "/agent.yaml",
    "/git/sites.git/info/refs?service=git-upload-pack",
  ];
  const answers = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => (await fetch(lab.url + (paths[index % paths.length] ?? "/"))).status),
  );
  expect(answers).toEqual(answers.map(() => 200));
});
