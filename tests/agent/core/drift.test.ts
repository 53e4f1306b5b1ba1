// What counts as drift: words and cases by the pure part, timing by the loop over a real repository. The far ends are sites in memory.
import { expect, onTestFinished, test } from "vitest";
import { createDriftLoop, type DriftTimes } from "../../../agent/loops/drift.ts";
import { capDiffs, type SiteLook, siteDrift } from "../../../agent/loops/drift-findings.ts";
import type { EdgeSite, ResourceReport, SyncReport, TreeDrift } from "../../../agent/ports.ts";
import { createWatchlist } from "../../../agent/watchlist.ts";
import { createWorkerClient } from "../../../agent/worker-client.ts";
import type { WatchedSlice } from "../../../protocol/agent.ts";
import { newId } from "../../../protocol/ids.ts";
import { ok } from "../../../protocol/result.ts";
import type { Drift } from "../../../protocol/site.ts";
import { startFakeWorker } from "../../helpers/fake-worker.ts";
import { must, never, portOn, pushOf, repository } from "../gitops/setup.ts";
import { captureLog } from "./assemble.ts";

const COMMIT = "a".repeat(40);
const RUNS: ResourceReport = { phase: "healthy", message: "" };

function lookOf({ tree = {}, ...patch }: Partial<Omit<SiteLook, "tree">> & { tree?: Partial<TreeDrift> } = {}): SiteLook {
  return {
    tree: { site: "edge1", changed: [], missing: [], unmanaged: [], follows: true, inForce: ["video-7"], ...tree },
    ...{ commit: COMMIT, behind: false, quiet: true, busy: new Set(), synced: true, running: new Map([["video-7", RUNS]]), before: [] },
    ...patch,
  };
}

const kinds = (look: SiteLook) => siteDrift(look).map(({ kind, slice }) => `${kind} ${slice}`);
const old = (kind: Drift["kind"], slice: string | null): Drift => ({ kind, slice, message: "as before", diff: "" });

test("a site that runs what git says, which is what was deployed, has no drift", () => {
  expect(siteDrift(lookOf())).toEqual([]);
});

test("each kind of drift is named with its slice and in words", () => {
  const tree = {
    changed: [{ slice: "a-1", commit: COMMIT, diff: "-x\n+y\n" }],
    missing: ["b-1"],
    unmanaged: ["c-1"],
    follows: false,
    inForce: ["d-1"],
  };
  expect(siteDrift(lookOf({ tree, behind: true, running: new Map([["e-1", RUNS]]) }))).toEqual([
    {
      kind: "slice_files",
      slice: "a-1",
      message: "the files of a-1 on the branch are not those of its deployment's commit aaaaaaaaaa",
      diff: "-x\n+y\n",
    },
    { kind: "missing_slice", slice: "b-1", message: "b-1 is deployed here and gone from the branch", diff: "" },
    { kind: "unmanaged_slice", slice: "c-1", message: "sites/edge1/slices/c-1 is on the branch, and no deployment put it there", diff: "" },
    { kind: "resources", slice: "e-1", message: "the site runs e-1, which git does not have at the commit in force", diff: "" },
    { kind: "resources", slice: "d-1", message: "git has d-1 at the commit in force, and the site runs nothing of it", diff: "" },
    {
      kind: "behind",
      slice: null,
      message: "the site runs commit aaaaaaaaaa and does not follow the branch, which has something else for it",
      diff: "",
    },
  ]);
});

test("a slice that somebody is changing is not judged", () => {
  const tree = { changed: [{ slice: "video-7", commit: COMMIT, diff: "" }], missing: ["iot-1"] };
  expect(kinds(lookOf({ tree, busy: new Set(["video-7", "iot-1"]), running: new Map() }))).toEqual([]);
});

test("just after a change only files are judged; what was found before stays until it can be told", () => {
  const before = [old("unmanaged_slice", "own-1"), old("resources", "iot-1"), old("behind", null)];
  expect(kinds(lookOf({ quiet: false, before, tree: { missing: ["gone-1"] } }))).toEqual([
    "missing_slice gone-1",
    "unmanaged_slice own-1",
    "resources iot-1",
    "behind null",
  ]);
  expect(kinds(lookOf({ before }))).toEqual([]);
});

test("the resources of a site that is applying something, or does not answer, are not judged", () => {
  const before = [old("resources", "iot-1")];
  expect(kinds(lookOf({ synced: false, before, running: new Map() }))).toEqual(["resources iot-1"]);
  expect(kinds(lookOf({ running: null, before }))).toEqual(["resources iot-1"]);
  expect(kinds(lookOf({ tree: { inForce: null }, running: new Map([["x-1", RUNS]]) }))).toEqual([]);
  expect(kinds(lookOf({ running: new Map([["video-7", { phase: "absent", message: "" }]]) }))).toEqual(["resources video-7"]);
});

test("what travels is bounded: fifty of a site, and the diffs of the first", () => {
  expect(siteDrift(lookOf({ tree: { unmanaged: Array.from({ length: 80 }, (_, index) => `own-${index}`) } }))).toHaveLength(50);
  const long = Array.from({ length: 4 }, (_, index): Drift => ({ ...old("slice_files", `a-${index}`), diff: "x".repeat(8_000) }));
  expect(capDiffs(long).map(({ diff }) => diff.length)).toEqual([8_000, 8_000, 8_000, 0]);
});

interface FarSite {
  sync: SyncReport;
  slices: Map<string, ResourceReport>;
  once?: Map<string, ResourceReport> | undefined; // what it says the next time only
}

/** The loop over a real repository and a worker that speaks the protocol; sites are what the test says. */
async function startLoop(times: Partial<DriftTimes> = {}) {
  const [repo, worker] = [await repository(), await startFakeWorker()];
  onTestFinished(() => worker.close());
  const git = await portOn(repo.path);
  const far = new Map<string, FarSite>();
  const edge = {
    site: (id: string) => {
      const site = far.get(id);
      if (site === undefined) return undefined;
      const slices = async () => {
        const answer = site.once ?? site.slices;
        site.once = undefined;
        return ok(answer);
      };
      return { syncReport: async () => ok(site.sync), slices } as unknown as EdgeSite; // the loop asks nothing else of a site
    },
  };
  const client = createWorkerClient({ baseUrl: worker.url, credential: worker.credential, version: "0" });
  const log = captureLog([]);
  const watchlist = createWatchlist({ client, instanceId: newId("inst"), log });
  let changes = 0;
  const loop = createDriftLoop({
    ...{ watchlist, git, edge, log, onChange: () => (changes += 1), everyMs: 30 },
    times: { everyMs: 30, againMs: 10, graceMs: 0, behindMs: 200, ...times },
  });
  const stop = new AbortController();
  const running = loop.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await running;
  });
  const watch = (slices: Pick<WatchedSlice, "slice" | "commit">[], patch: Partial<WatchedSlice> = {}) => {
    worker.watchlist = {
      ...{ intervalSeconds: 15, enabled: true, sites: [...far.keys()] },
      slices: slices.map((one) => ({ ...one, site: "edge1", deploymentId: newId("dep"), busy: false, objectives: [], ...patch })),
    };
  };
  const rounds = () => worker.requests.filter(({ route }) => route === "watchlist").length;
  const found = () => loop.of("edge1")?.map(({ kind, slice }) => `${kind} ${slice}`) ?? null;
  return { repo, git, far, worker, watch, rounds, found, loop, changes: () => changes };
}

function atRest(commit: string, ...slices: string[]): FarSite {
  return { sync: { phase: "synced", commit, attempted: commit, message: "" }, slices: new Map(slices.map((slice) => [slice, RUNS])) };
}

const POLL = { timeout: 10_000, interval: 20 };

test("a hand-made commit is found with its diff, and gone when it is taken back", async () => {
  const { repo, git, far, watch, found, loop, changes } = await startLoop();
  const { commit } = must(await git.push(pushOf("video-7", ["edge1"]), null, never));
  far.set("edge1", atRest(commit, "video-7"));
  watch([{ slice: "video-7", commit }]);
  await expect.poll(found, POLL).toEqual([]);
  const file = "sites/edge1/slices/video-7/capacity.yaml";
  const original = await repo.read(file);
  await repo.commit({ [file]: original.replace("downlink: 200", "downlink: 999") });
  await expect.poll(found, POLL).toEqual(["slice_files video-7", "behind null"]); // the site does not pull it
  expect(loop.of("edge1")?.[0]?.diff).toMatch(/\n-.*downlink: 200\n\+.*downlink: 999\n/);
  far.set("edge1", atRest(await repo.tip(), "video-7"));
  await expect.poll(found, POLL).toEqual(["slice_files video-7"]);
  await repo.commit({ [file]: original });
  far.set("edge1", atRest(await repo.tip(), "video-7"));
  await expect.poll(found, POLL).toEqual([]);
  expect(changes()).toBeGreaterThanOrEqual(4);
});

test("what shows in one look only is not drift", async () => {
  const { git, far, watch, found, rounds, changes } = await startLoop();
  const { commit } = must(await git.push(pushOf("video-7", ["edge1"]), null, never));
  const site = atRest(commit, "video-7");
  far.set("edge1", site);
  watch([{ slice: "video-7", commit }]);
  await expect.poll(found, POLL).toEqual([]);
  const [before, changed] = [rounds(), changes()];
  site.once = new Map([...site.slices, ["iot-1", RUNS]]); // something is being taken away just now
  await expect.poll(rounds, POLL).toBeGreaterThan(before + 5);
  expect([site.once, changes(), found()]).toEqual([undefined, changed, []]);
  far.set("edge1", atRest(commit, "video-7", "iot-1"));
  await expect.poll(found, POLL).toEqual(["resources iot-1"]);
});

test("a deployment that runs is no drift while it runs, nor in the grace after it", async () => {
  const { repo, git, far, watch, found, rounds } = await startLoop({ graceMs: 60_000 });
  const { commit } = must(await git.push(pushOf("video-7", ["edge1"]), null, never));
  far.set("edge1", atRest(commit, "video-7"));
  watch([{ slice: "video-7", commit }]);
  await expect.poll(found, POLL).toEqual([]);
  const newer = must(await git.push(pushOf("video-7", ["edge1"], { capacity: 400 }), null, never)).commit;
  watch([{ slice: "video-7", commit }], { busy: true });
  far.set("edge1", atRest(newer));
  let until = rounds() + 4;
  await expect.poll(rounds, POLL).toBeGreaterThan(until);
  watch([{ slice: "video-7", commit: newer }]);
  until = rounds() + 4;
  await expect.poll(rounds, POLL).toBeGreaterThan(until);
  expect(found()).toEqual([]); // its resources come up yet
  await repo.commit({ "sites/edge1/slices/video-7/Kptfile": "kind: Kptfile\nname: other\n" });
  await expect.poll(found, POLL).toEqual(["slice_files video-7"]); // files are judged at once
});

test("without git or the control centre nothing is said anew, and what was known stays", async () => {
  const { repo, git, far, worker, watch, found, rounds } = await startLoop();
  const { commit } = must(await git.push(pushOf("video-7", ["edge1"]), null, never));
  await repo.commit({ "sites/edge1/slices/own-1/x.yaml": "a: b\n" });
  far.set("edge1", atRest(await repo.tip(), "video-7", "own-1"));
  watch([{ slice: "video-7", commit }]);
  await expect.poll(found, POLL).toEqual(["unmanaged_slice own-1"]);
  worker.fault("watchlist", "cut", 5);
  const before = rounds();
  await expect.poll(rounds, POLL).toBeGreaterThan(before + 4);
  expect(found()).toEqual(["unmanaged_slice own-1"]);
});
