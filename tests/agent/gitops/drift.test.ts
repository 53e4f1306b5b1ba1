// How the branch differs from what deployments put there: by hand changed, gone, unknown, and whether a site follows. Nothing is touched.
import { expect, test } from "vitest";
import type { TreeDrift } from "../../../agent/ports.ts";
import { must, never, portOn, pushOf, repository } from "./setup.ts";

const QUIET: Omit<TreeDrift, "site"> = { changed: [], missing: [], unmanaged: [], follows: true, inForce: [] };

test("a branch that is as it was deployed shows no difference", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const video = must(await port.push(pushOf("video-7", ["edge1", "edge2"]), null, never)).commit;
  const iot = must(await port.push(pushOf("iot-1", ["edge1"]), null, never)).commit;
  const slices = [
    { slice: "video-7", commit: video },
    { slice: "iot-1", commit: iot },
  ];
  const found = await port.drift(
    [
      { site: "edge1", inForce: iot, slices },
      { site: "edge2", inForce: video, slices: slices.slice(0, 1) },
      { site: "edge3", inForce: null, slices: [] },
    ],
    never,
  );
  expect(must(found)).toEqual([
    { ...QUIET, site: "edge1", inForce: ["iot-1", "video-7"] },
    { ...QUIET, site: "edge2", inForce: ["video-7"] },
    { ...QUIET, site: "edge3", follows: null, inForce: null },
  ]);
});

test("changed by hand, gone, and put there by nobody are told apart, with what changed", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const commits = new Map<string, string>();
  for (const name of ["video-7", "iot-1", "cars-2"]) commits.set(name, must(await port.push(pushOf(name, ["edge1"]), null, never)).commit);
  const before = await repo.tip();
  const hand = await repo.commit({
    "sites/edge1/slices/video-7/capacity.yaml": "kind: Capacity\nname: video-7\nspec:\n  site: edge1\n  uplink: 50\n  downlink: 999\n",
    "sites/edge1/slices/iot-1/Kptfile": null,
    "sites/edge1/slices/iot-1/capacity.yaml": null,
    "sites/edge1/slices/own-1/x.yaml": "kind: Own\n",
  });
  const slices = [...commits].map(([slice, commit]) => ({ slice, commit }));
  const [found] = must(await port.drift([{ site: "edge1", inForce: before, slices }], never));
  expect(found).toEqual({
    site: "edge1",
    changed: [
      {
        slice: "video-7",
        commit: commits.get("video-7"),
        diff: expect.stringMatching(/^diff --git [\s\S]*\n- {2}downlink: 200\n\+ {2}downlink: 999\n/),
      },
    ],
    missing: ["iot-1"],
    unmanaged: ["own-1"],
    follows: false,
    inForce: ["cars-2", "iot-1", "video-7"],
  });
  const [after] = must(await port.drift([{ site: "edge1", inForce: hand, slices: [] }], never));
  expect([after?.follows, after?.inForce]).toEqual([true, ["cars-2", "own-1", "video-7"]]);
});

test("a site at another commit follows as long as its own folder is the same", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const commit = must(await port.push(pushOf("video-7", ["edge1"]), null, never)).commit;
  await port.push(pushOf("iot-1", ["edge2"]), null, never);
  const [found] = must(await port.drift([{ site: "edge1", inForce: commit, slices: [{ slice: "video-7", commit }] }], never));
  expect(found).toEqual({ ...QUIET, site: "edge1", inForce: ["video-7"] });
});

test("a commit that is not in the repository is no reason to fail, and what it put there counts as changed", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  await port.push(pushOf("video-7", ["edge1"]), null, never);
  const unknown = "0123456789012345678901234567890123456789";
  const [found] = must(await port.drift([{ site: "edge1", inForce: unknown, slices: [{ slice: "video-7", commit: unknown }] }], never));
  expect(found).toEqual({
    ...QUIET,
    site: "edge1",
    changed: [{ slice: "video-7", commit: unknown, diff: "" }],
    follows: null,
    inForce: null,
  });
});

test("a long difference is cut, and malformed names reach no command", async () => {
  const repo = await repository();
  const port = await portOn(repo.path);
  const commit = must(await port.push(pushOf("video-7", ["edge1"]), null, never)).commit;
  await repo.commit({ "sites/edge1/slices/video-7/long.yaml": `${"a: b\n".repeat(5_000)}` });
  const [found] = must(await port.drift([{ site: "edge1", inForce: null, slices: [{ slice: "video-7", commit }] }], never));
  expect(found?.changed[0]?.diff).toMatch(/\n… cut here: \d+ characters in all\n$/);
  for (const query of [
    { site: "../x", inForce: null, slices: [] },
    { site: "edge1", inForce: null, slices: [{ slice: "--all", commit }] },
    { site: "edge1", inForce: null, slices: [{ slice: "video-7", commit: "HEAD" }] },
  ])
    expect((await port.drift([query], never)).ok).toBe(false);
});
