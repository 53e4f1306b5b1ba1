// What every sync adapter owes its callers, over one real lab site: each sync tool that the agent speaks runs this same suite.
import { createServer } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { createEdgePort } from "../../../agent/edge/edge.ts";
import type { EdgeSite } from "../../../agent/ports.ts";
import { labSiteConfigs } from "../../../lab/configs.ts";
import type { Lab } from "../../../lab/lab.ts";
import { SiteConfig } from "../../../protocol/site.ts";
import { clone, type Files, push, type SliceShape, setFaults, siteFiles, testLab, untilSynced } from "../../lab/support.ts";
import { never, serve } from "./support.ts";

type SyncTool = SiteConfig["kube"]["sync"];

const TIMEOUT_MS = 400; // for each call; the lab itself answers within a few milliseconds
const POLL = { interval: 10, timeout: 10_000 };

/** edge1 as an agent would see it whose file says that this tool syncs it. */
function siteOf(sync: SyncTool, kubeUrl: string): EdgeSite {
  const [lab] = labSiteConfigs("http://127.0.0.1:1", 1);
  const config = SiteConfig.parse({ ...lab, kube: { url: kubeUrl, sync } });
  return createEdgePort({ sites: [], secret: async () => undefined, timeoutMs: TIMEOUT_MS }).probe(config);
}

const kubeUrl = (lab: Lab) => `${lab.url}/sites/edge1/kube`;

/** The lab's kube API behind a server that changes every object's generation by `by`. */
async function otherGeneration(url: string, by: number): Promise<string> {
  const server = createServer(async (req, res) => {
    const answer = await fetch(url + req.url);
    const object = JSON.parse(await answer.text());
    object.metadata.generation += by;
    res.writeHead(answer.status).end(JSON.stringify(object));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

/** What a page must show as text: markup, terminal escapes, a change of the writing direction, a very long word. */
const HOSTILE = `<script>alert("x")</script> \u001b[31mred\u001b[0m \u202etxet\u202c ${"x".repeat(300)}`;

export function syncContract(sync: SyncTool): void {
  async function deployed(slices: Record<string, SliceShape> = { video: {} }, options: { slowMs?: number } = {}) {
    const lab = await testLab(options);
    const tree = await clone(lab);
    const commit = await push(tree, siteFiles("edge1", slices));
    await untilSynced(lab, commit);
    const site = siteOf(sync, kubeUrl(lab));
    const change = (files: Files = siteFiles("edge1", { ...slices, video: { downlink: "1G" } })) => push(tree, files);
    return { lab, commit, site, change, faults: (faults: object) => setFaults(lab, "edge1", faults) };
  }

  describe(`a site synced by ${sync}`, () => {
    test("is synced at the very commit, with every slice healthy", async () => {
      const { site, commit } = await deployed({ video: {}, meters: {} });
      expect(await site.syncReport(never())).toMatchObject({ ok: true, value: { phase: "synced", commit, attempted: commit } });
      const healthy = { phase: "healthy", message: "3 resources are current" };
      expect(await site.resources("video", never())).toEqual({ ok: true, value: healthy });
      expect(await site.slices(never())).toEqual({
        ok: true,
        value: new Map([
          ["meters", healthy],
          ["video", healthy],
        ]),
      });
    });

    test("follows: the old commit is in force while the new one is applied", async () => {
      const { lab, site, commit, change, faults } = await deployed({ video: {} }, { slowMs: 500 });
      await faults({ sync: "slow" });
      const next = await change();
      await expect
        .poll(() => site.syncReport(never()), POLL)
        .toMatchObject({ ok: true, value: { phase: "syncing", commit, attempted: next } });
      await untilSynced(lab, next);
      expect(await site.syncReport(never())).toMatchObject({ ok: true, value: { phase: "synced", commit: next, attempted: next } });
    });

    test("that is stuck stays syncing at the old commit, and moves when it is freed", async () => {
      const { lab, site, commit, change, faults } = await deployed();
      await faults({ sync: "stuck" });
      const next = await change();
      await expect
        .poll(() => site.syncReport(never()), POLL)
        .toMatchObject({ ok: true, value: { phase: "syncing", commit, attempted: next } });
      await untilSynced(lab, next, ["edge2"]);
      expect(await site.syncReport(never())).toMatchObject({ ok: true, value: { phase: "syncing", commit } });
      await faults({});
      await untilSynced(lab, next);
      expect(await site.syncReport(never())).toMatchObject({ ok: true, value: { phase: "synced", commit: next } });
    });

    test("that refuses the objects has failed, in its own words, with the old commit in force", async () => {
      const { site, commit, change, faults } = await deployed();
      await faults({ sync: "fail" });
      const next = await change();
      const message = expect.stringContaining("simulated fault: the API server refused the objects of sites/edge1");
      await expect
        .poll(() => site.syncReport(never()), POLL)
        .toEqual({ ok: true, value: { phase: "failed", commit, attempted: next, message } });
    });

    test("passes on a failure's text as the fault gives it, markup, colours and all, also when only the text changes", async () => {
      const { site, change, faults } = await deployed();
      await faults({ sync: "fail", message: HOSTILE });
      const next = await change();
      const failedWith = (message: string) => ({
        ...{ ok: true, value: { phase: "failed", attempted: next, message: expect.stringContaining(message) } },
      });
      await expect.poll(() => site.syncReport(never()), POLL).toMatchObject(failedWith(HOSTILE));
      await faults({ sync: "fail", message: "another text" });
      await expect.poll(() => site.syncReport(never()), POLL).toMatchObject(failedWith("another text"));
    });

    test("passes on an ill slice's text as the fault gives it", async () => {
      const { lab, site, change, faults } = await deployed();
      await faults({ health: "fail", message: HOSTILE });
      await untilSynced(lab, await change());
      const told = { phase: "failed", message: expect.stringContaining(HOSTILE) };
      expect(await site.resources("video", never())).toMatchObject({ ok: true, value: told });
    });

    test("that cannot read the tree has failed, and takes the next tree that is right", async () => {
      const { lab, site, commit, change } = await deployed();
      const broken = await change({ "sites/edge1/slices/video/upf.yaml": "apiVersion: v1\nkind: [" });
      const message = expect.stringContaining("slices/video/upf.yaml");
      await expect
        .poll(() => site.syncReport(never()), POLL)
        .toEqual({ ok: true, value: { phase: "failed", commit, attempted: broken, message } });
      const repaired = await change();
      await untilSynced(lab, repaired);
      expect(await site.syncReport(never())).toMatchObject({ ok: true, value: { phase: "synced", commit: repaired } });
    });

    test("with an ill slice is synced: that slice has failed, by name, and its neighbour has not", async () => {
      const { lab, site, change, faults } = await deployed({ meters: {} });
      const next = await change(siteFiles("edge1", { meters: {}, video: {} }));
      await untilSynced(lab, next);
      await faults({ health: "fail" });
      expect(await site.syncReport(never())).toMatchObject({ ok: true, value: { phase: "synced", commit: next } });
      const failed = {
        phase: "failed",
        message: "NFDeployment video failed (simulated fault: the network function does not become ready)",
      };
      expect(await site.resources("video", never())).toEqual({ ok: true, value: failed });
      const all = await site.slices(never());
      expect(all.ok && [...all.value.keys()]).toEqual(["meters", "video"]);
      expect(all.ok && all.value.get("meters")?.phase).not.toBe("failed");
      await faults({});
      expect(await site.resources("video", never())).toMatchObject({ ok: true, value: { phase: "healthy" } });
    });

    test("has none of a slice that is not there, that was taken back, or that somebody removed by hand", async () => {
      const { lab, site, commit, change, faults } = await deployed();
      const absent = { ok: true, value: { phase: "absent", message: "the site has no resource of this slice" } };
      expect(await site.resources("other", never())).toEqual(absent);
      await faults({ drift: "removed" });
      expect(await site.resources("video", never())).toEqual(absent);
      expect(await site.slices(never())).toEqual({ ok: true, value: new Map() });
      expect(await site.syncReport(never())).toMatchObject({ ok: true, value: { commit } });
      await faults({});
      expect(await site.resources("video", never())).toMatchObject({ ok: true, value: { phase: "healthy" } });
      await untilSynced(lab, await change({ ...siteFiles("edge1", {}), "sites/edge1/slices/video": null }));
      expect(await site.resources("video", never())).toEqual(absent);
    });

    test("whose resources somebody keeps changing tells it of the slice and of the sync, at the commit in force", async () => {
      const { site, commit, faults } = await deployed();
      await faults({ drift: "changed" });
      const why = expect.stringContaining("somebody keeps changing this object back");
      expect(await site.resources("video", never())).toEqual({ ok: true, value: { phase: "failed", message: why } });
      expect(await site.syncReport(never())).toEqual({ ok: true, value: { phase: "failed", commit, attempted: commit, message: why } });
    });

    test.each([1, -1])("whose status is about another generation (%i) is neither synced nor healthy", async (by) => {
      const { lab, commit } = await deployed();
      const site = siteOf(sync, await otherGeneration(kubeUrl(lab), by));
      expect(await site.syncReport(never())).toMatchObject({ ok: true, value: { phase: "syncing", commit } });
      expect(await site.resources("video", never())).toMatchObject({ ok: true, value: { phase: "progressing" } });
    });

    test("that cannot be reached says so", async () => {
      const { site, faults } = await deployed();
      await faults({ unreachable: true });
      const unreachable = { ok: false, error: { kind: "unreachable", message: expect.any(String) } };
      expect(await site.syncReport(never())).toEqual(unreachable);
      expect(await site.resources("video", never())).toEqual(unreachable);
      expect(await site.slices(never())).toEqual(unreachable);
    });

    test("that never answers is given up within the bound", async () => {
      const site = siteOf(sync, await serve(() => undefined));
      const started = performance.now();
      const timeout = { ok: false, error: { kind: "timeout", message: expect.stringContaining(`within ${TIMEOUT_MS} ms`) } };
      expect(await Promise.all([site.syncReport(never()), site.resources("video", never())])).toEqual([timeout, timeout]);
      expect(performance.now() - started).toBeLessThan(TIMEOUT_MS + 1_000);
    });

    test.each([
      ["no JSON", "ok"],
      ["no object", "[]"],
      ["an object of other types", '{"metadata":{"generation":"one"},"spec":7,"status":{"conditions":"none"}}'],
    ])("that answers %s is not believed", async (_title, body) => {
      const site = siteOf(sync, await serve((_req, res) => void res.writeHead(200).end(body)));
      const invalid = { ok: false, error: { kind: "invalid", message: expect.stringContaining("of edge1: not a ") } };
      expect(await site.syncReport(never())).toEqual(invalid);
      expect(await site.slices(never())).toEqual(invalid);
    });

    test("that does not have the named objects says so", async () => {
      const { lab } = await deployed();
      const site = siteOf(sync, `${kubeUrl(lab)}/elsewhere`);
      expect(await site.syncReport(never())).toMatchObject({
        ok: false,
        error: { kind: "refused", message: expect.stringContaining("404") },
      });
    });
  });
}
