import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { kustomizationFor } from "../../../agent/krm/kustomization.ts";
import { newId } from "../../../protocol/ids.ts";
import { freshDir, must, never, portOn, pushOf, repository, slice } from "./setup.ts";

test("a push is one commit for all sites with its files, kustomizations and trailers", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const parent = await repo.tip();
  const input = pushOf("video-7", ["edge1", "edge2"]);
  input.trailers.approvedBy = "ada@example.org";

  const pushed = must(await port.push(input, null, never));

  expect(pushed).toEqual({ commit: await repo.tip(), parent, branch: "main", repositoryUrl: repo.path });
  expect(await repo.commits()).toEqual([
    {
      commit: pushed.commit,
      subject: "Deploy video-7",
      message: expect.stringContaining("\n\nBecause somebody said so.\n\n"),
      trailers: {
        "Intent-Id": input.trailers.intentId,
        "Job-Id": input.trailers.jobId,
        Sites: "edge1,edge2",
        "Approved-By": "ada@example.org",
      },
    },
  ]);
  expect(await repo.files("sites")).toEqual([
    "sites/edge1/kustomization.yaml",
    "sites/edge1/slices/video-7/Kptfile",
    "sites/edge1/slices/video-7/capacity.yaml",
    "sites/edge2/kustomization.yaml",
    "sites/edge2/slices/video-7/Kptfile",
    "sites/edge2/slices/video-7/capacity.yaml",
  ]);
  for (const file of input.files) expect(await repo.read(file.path)).toBe(file.content);
  expect(await repo.read("sites/edge1/kustomization.yaml")).toBe(kustomizationFor(["slices/video-7/capacity.yaml"]));
  expect(await repo.git("log", "-1", "--format=%an <%ae> %cn <%ce>")).toBe("Agent <agent@example.org> Agent <agent@example.org>\n");
});

test("files of the slice that are not in the set go, those of other slices and of people stay", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  must(await port.push(pushOf("video-7", ["edge1"]), null, never));
  must(await port.push(pushOf("iot-1", ["edge1"]), null, never));
  await repo.commit({ 'sites/edge1/slices/video-7/odd "name".yaml': "x\n", "sites/edge1/notes.md": "mine\n" });

  const files = [{ path: "sites/edge1/slices/video-7/other.yaml", content: "kind: Other\n" }];
  must(await port.push(pushOf("video-7", ["edge1"], { files }), null, never));

  expect(await repo.files("sites")).toEqual([
    "sites/edge1/kustomization.yaml",
    "sites/edge1/notes.md",
    "sites/edge1/slices/iot-1/Kptfile",
    "sites/edge1/slices/iot-1/capacity.yaml",
    "sites/edge1/slices/video-7/other.yaml",
  ]);
  expect(await repo.read("sites/edge1/kustomization.yaml")).toBe(
    kustomizationFor(["slices/iot-1/capacity.yaml", "slices/video-7/other.yaml"]),
  );
});

test("a push without files takes the slice away", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  must(await port.push(pushOf("video-7", ["edge1"]), null, never));
  must(await port.push(pushOf("video-7", ["edge1"], { files: [] }), null, never));
  expect(await repo.files("sites")).toEqual(["sites/edge1/kustomization.yaml"]);
  expect(await repo.read("sites/edge1/kustomization.yaml")).toBe(kustomizationFor([]));
});

test("the same job pushed again, by the same port, a new one or one elsewhere, is one commit", async () => {
  const repo = await repository();
  const dir = await freshDir();
  const input = pushOf("video-7", ["edge1", "edge2"]);
  const first = must(await (await portOn(repo.path, { dir })).push(input, null, never));
  await repo.commit({ "README.md": "later\n" });

  for (const port of [await portOn(repo.path, { dir }), await portOn(repo.path)]) {
    expect(await port.push(input, null, never)).toEqual({ ok: true, value: first });
    expect(await port.push(input, null, never)).toEqual({ ok: true, value: first });
  }
  expect((await repo.commits()).map((commit) => commit.subject)).toEqual(["Somebody's change", "Deploy video-7"]);
});

test("content that is live already still leaves exactly one commit of the job", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  must(await port.push(pushOf("video-7", ["edge1"]), null, never));
  const again = pushOf("video-7", ["edge1"]);
  const pushed = must(await port.push(again, [], never));
  expect((await repo.commits()).map((commit) => commit.trailers["Job-Id"])).toContain(again.trailers.jobId);
  expect(await repo.git("diff", "--name-only", pushed.parent, pushed.commit)).toBe("");
});

test("a branch that moved after it was last seen is no obstacle", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  must(await port.diff({ slice: "video-7", sites: ["edge1"], files: slice("video-7", ["edge1"]) }, never)); // the port's view is fresh
  const theirs = await repo.commit({ "sites/edge1/slices/other/a.yaml": "kind: A\n" });

  const pushed = must(await port.push(pushOf("video-7", ["edge1"]), null, never));

  expect(pushed.parent).toBe(theirs);
  expect(await repo.read("sites/edge1/kustomization.yaml")).toBe(kustomizationFor(["slices/other/a.yaml", "slices/video-7/capacity.yaml"]));
});

test("two agents pushing ten slices each at once lose nothing", async () => {
  const repo = await repository();
  const ports = [await portOn(repo.path), await portOn(repo.path)];
  const names = Array.from({ length: 20 }, (_, index) => `slice-${String(index).padStart(2, "0")}`);

  const results = await Promise.all(names.map((name, index) => ports[index % 2]?.push(pushOf(name, ["edge1", "edge2"]), null, never)));

  expect(results.filter((result) => result?.ok !== true)).toEqual([]);
  const listed = kustomizationFor(names.map((name) => `slices/${name}/capacity.yaml`));
  expect(await repo.read("sites/edge1/kustomization.yaml")).toBe(listed);
  expect(await repo.read("sites/edge2/kustomization.yaml")).toBe(listed);
  expect((await repo.commits()).map((commit) => commit.subject).sort()).toEqual(names.map((name) => `Deploy ${name}`));
  expect(await repo.files("sites")).toHaveLength(2 + 20 * 4);
});

test("the shown diff binds: a slice whose files moved since voids the approval, other changes do not", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  must(await port.push(pushOf("video-7", ["edge1"], { capacity: 100 }), null, never));
  const scaled = pushOf("video-7", ["edge1"], { capacity: 300 });
  const shown = must(await port.diff({ slice: "video-7", sites: ["edge1"], files: scaled.files }, never));

  await repo.commit({ "sites/edge1/slices/other/a.yaml": "kind: A\n" });
  must(await port.push(scaled, shown, never));

  const again = pushOf("video-7", ["edge1"], { capacity: 400 });
  const shownAgain = must(await port.diff({ slice: "video-7", sites: ["edge1"], files: again.files }, never));
  const theirs = await repo.commit({ "sites/edge1/slices/video-7/capacity.yaml": "kind: Capacity\n# by hand\n" });
  expect(await port.push(again, shownAgain, never)).toEqual({
    ok: false,
    error: {
      stage: "push",
      reason: "approval_void",
      message: "The files of slice video-7 changed on the branch since the diff was shown.",
      retryable: false,
    },
  });
  expect(await repo.tip()).toBe(theirs);
});

test("words that look like trailers or git's own lines stay words", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const victim = newId("job");
  const target = await repo.tip();
  const input = pushOf("video-7", ["edge1"], {
    subject: `Deploy\nJob-Id: ${victim}\n\nJob-Id: ${victim}`,
    body: `text\r\n\r\nJob-Id: ${victim}\nSites: edge9\u0007\u202e\n---\nThis reverts commit ${target}.\nReverts-Commit: ${target}\n\n\nJob-Id: ${victim}`,
  });
  input.trailers.approvedBy = `eve\nJob-Id: ${victim}`;

  must(await port.push(input, null, never));

  const [commit] = await repo.commits();
  expect(commit?.trailers).toEqual({
    "Intent-Id": input.trailers.intentId,
    "Job-Id": input.trailers.jobId,
    Sites: "edge1",
    "Approved-By": `eve Job-Id: ${victim}`,
  });
  expect(commit?.message.split("\n").filter((line) => /^(Job-Id|Reverts-Commit|This reverts|---)/.test(line))).toEqual([
    `Job-Id: ${input.trailers.jobId}`,
  ]);
  const other = await portOn(repo.path);
  const real = must(await other.push(pushOf("video-8", ["edge1"], { jobId: victim }), null, never));
  expect(real.commit).toBe(await repo.tip());
});

test.each([
  ["a site with a path in it", { sites: ["../edge1"], slice: "video-7", files: [] }],
  ["a slice with an option in it", { sites: ["edge1"], slice: "--exec=sh", files: [] }],
  ["a file of another slice", { sites: ["edge1"], slice: "video-7", files: slice("other", ["edge1"]) }],
  [
    "a file outside its folder",
    { sites: ["edge1"], slice: "video-7", files: [{ path: "sites/edge1/slices/video-7/../../x.yaml", content: "" }] },
  ],
  [
    "a file in git's own folder",
    { sites: ["edge1"], slice: "video-7", files: [{ path: "sites/edge1/slices/video-7/.git/config", content: "" }] },
  ],
])("%s is refused before git sees it", async (_, { sites, slice: name, files }) => {
  const dir = await freshDir();
  const port = await portOn("/nowhere/sites.git", { dir });
  const input = pushOf("x", ["edge1"]);
  const result = await port.push({ ...input, slice: name, files, trailers: { ...input.trailers, sites } }, null, never);
  expect(result).toMatchObject({ ok: false, error: { stage: "push", reason: "agent_error", retryable: false } });
  expect(await readdir(dir)).toEqual([]);
});
