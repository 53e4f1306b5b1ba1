// The day of somebody who has never seen the page, in a real browser on a real stack: a slice that misses its service levels, one that is good and is
// taken back, and everything else that can be told to a live slice. The page is loaded once, and each test goes on where the one before has ended.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPage, untilLive } from "../helpers/browser.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { enter } from "./support/areas.ts";
import { deepLinks } from "./support/deep-links.ts";
import { commitsOf } from "./support/expectations.ts";
import { askRollback, follow, leavesOf, pathsOf, pipelineOf, say, stagesOf, untilEventsAgree, WAY } from "./support/operator.ts";
import { requestsOf } from "./support/page-clock.ts";
import { goTo } from "./support/page-view.ts";
import { until } from "./support/until.ts";

const LOADED = /^\/(intents|deployments|alerts)\//; // the addresses that are loaded as from a mail; loads are dear, so the others are gone to
const STILL = { reducedMotion: "reduce" } as const; // a click waits until nothing moves

let stack: Stack;
let browser: Browser;
let page: Page;
let faults: string[];
let asked: string[];
beforeAll(async () => {
  stack = await startStack({ sites: 5, env: { SYNC_TIMEOUT_MS: "60000", VERIFY_TIMEOUT_MS: "60000" } });
  browser = await launchBrowser();
  ({ page, faults } = await openPage(browser, stack, STILL));
  asked = requestsOf(page);
}, 500_000); // a bare machine has to fetch a browser first
afterEach(() => {
  expect(faults).toEqual([]);
  expect(asked).not.toContain("document"); // nothing was loaded anew
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const box = () => page.getByTestId("intent-input");
const seen = (selector: string) => page.locator(selector).first().waitFor();
const openOptions = () => page.getByTestId("options").locator("summary").click();
const chosenText = () => page.evaluate<string>("getSelection().toString()");
const chips = () => page.getByTestId("chip").evaluateAll((all) => all.map(({ dataset: { field, source } }) => `${field} ${source}`));

test("a newcomer writes what is wanted, is asked for the site in place, watches it miss its latency, reads why and takes it back", async () => {
  expect(page.url()).not.toContain(stack.token);
  await stack.fault("edge3", { slo: { latencyMs: 180 } });
  await page.keyboard.press("/");
  await seen("[data-testid=intent-input]:focus");
  await page.keyboard.type("Deploy eMBB slice named cameras with 100Mbps and 20ms latency");
  await seen("[data-testid=understood][data-status=clarification_needed]");
  await page.locator("[data-testid=ask][data-field=targetSites]").getByRole("checkbox", { name: "edge3" }).check();
  await seen("[data-testid=understood][data-status=success]");
  expect(await chips()).toEqual(
    expect.arrayContaining(["action text", "intentType text", "slice text", "targetSites context", "requirements.latencyMs text"]),
  );
  await openOptions();
  await page.getByTestId("policy").selectOption("pause");
  const id = await follow(page, () => box().press("Control+Enter"));

  await pipelineOf(page, id, "needs_decision").waitFor();
  expect(await leavesOf(page)).toEqual(["edge3 provisioned"]);
  expect(await stagesOf(page)).toContain("slo_validating wait");
  expect(await page.getByTestId("failure").innerText()).toMatch(/edge3[\s\S]*180 ms[\s\S]*≤ 20 ms/);
  const query = (await stack.intent(id)).deployment?.evidence.find(({ verdict }) => verdict === "fail")?.query ?? "none";
  const decision = page.getByTestId("decision");
  const missed = await decision.locator("[data-testid=evidence][data-verdict=fail][data-objective=latencyP95]").innerText();
  expect(missed).toMatch(/edge3[\s\S]*180 ms\s+≤ 20 ms/);
  expect(missed).toContain(query);
  await decision.getByTestId("decide-rollback").click();
  await pipelineOf(page, id, "rolled_back").waitFor();
  expect(await leavesOf(page)).toEqual(["edge3 reverted"]);
  expect(await commitsOf(stack, id)).toEqual(["push edge3", "revert edge3"]);
  expect(await stack.repository.slices()).toEqual([]);
});

test("a template's blanks are filled by Tab and sent; what is missed is by default taken back by itself, and the page says why", async () => {
  await stack.fault("edge4", { slo: { throughputMbps: 5 } });
  await goTo(page, "/");
  await page.locator("[data-testid=template][data-template=embb]").click();
  for (const [index, word] of ["edge4", "100", "20"].entries()) {
    await until(`blank ${index}`, chosenText, { holds: (text) => /^⟨\w+⟩$/.test(text) });
    expect(await page.getByTestId("send").getAttribute("aria-disabled")).toBe("true");
    await page.keyboard.type(word);
    await page.keyboard.press("Tab");
  }
  expect(await page.getByTestId("intent-input").inputValue()).toBe("Deploy eMBB slice on edge4 with 100 Mbps and 20 ms latency");
  const id = await follow(page, () => page.getByTestId("send").click());
  await pipelineOf(page, id, "rolled_back").waitFor();
  expect(await page.getByTestId("failure").innerText()).toMatch(/edge4[\s\S]*5 Mbps[\s\S]*≥ 100 Mbps/);
  expect(await leavesOf(page)).toEqual(["edge4 reverted"]);
  expect(await commitsOf(stack, id)).toEqual(["push edge4", "revert edge4"]);
  await stack.clearFaults();
});

test("a good one is seen site by site, through a death of the worker, and is taken back from its deployment after a look at the diff", async () => {
  await stack.fault("edge2", { sync: "stuck", metrics: "none" });
  const id = await say(page, "Deploy eMBB slice named video on edge1 and edge2 with 200Mbps and 20ms latency");
  await seen("[data-testid=site-leaf][data-site=edge1][data-state=provisioned]");
  expect(await leavesOf(page)).toEqual(["edge1 provisioned", "edge2 syncing"]);
  const stages = await stagesOf(page);
  expect(stages.slice(0, -4)).toEqual(WAY.slice(0, -4).map((stage) => `${stage} done`));
  expect(stages.slice(-4)).toEqual(["edge_deploying active", "edge_deployed active", "slo_validating pending", "completed pending"]);

  stack.kill("worker");
  await seen("[data-testid=connection]:not([data-state=live])");
  await stack.fault("edge2", { metrics: "none" });
  await untilLive(page);
  await seen("[data-testid=stage][data-stage=slo_validating][data-state=active]");
  await stack.clearFaults();
  await pipelineOf(page, id, "completed").waitFor();
  expect(await stagesOf(page)).toEqual(WAY.map((stage) => `${stage} done`));
  expect(await leavesOf(page)).toEqual(["edge1 verified", "edge2 verified"]);
  await page.getByTestId("tab-evidence").click();
  const evidence = page.getByTestId("evidence");
  await evidence.first().waitFor();
  expect(await evidence.evaluateAll((rows) => rows.map((row) => row.dataset.verdict))).toEqual(Array.from({ length: 6 }, () => "pass"));
  expect(await evidence.first().innerText()).toMatch(/edge1[\s\S]*ms[\s\S]*≤ 20 ms/);

  const short = (await stack.intent(id)).deployment?.commit?.slice(0, 7) ?? "no commit";
  await page.getByTestId("deployment-link").click();
  await page.getByTestId("deployment-head").getByText(short).first().waitFor();
  const dialog = await askRollback(page);
  expect((await pathsOf(dialog)).every((path) => /^sites\/edge[12]\/slices\/video\//.test(path ?? ""))).toBe(true);
  expect(await commitsOf(stack, id)).toEqual(["push edge1,edge2"]);
  await dialog.getByTestId("rollback-confirm").click();
  await seen("[data-testid=deployment][data-status=reverted]");
  expect(await commitsOf(stack, id)).toEqual(["push edge1,edge2", "revert edge1,edge2"]);
  expect(await stack.repository.slices()).toEqual([]);
  await goTo(page, "/");
  await page.locator(`[data-testid=intent-row][data-intent-id="${id}"][data-status=rolled_back]`).waitFor();
});

test("what waits for an approval is read as the diff that will be pushed, and approved with a comment that is kept", async () => {
  await goTo(page, "/");
  await box().fill("Deploy mMTC slice named meters on edge1 for 500 devices with 10Mbps");
  await openOptions();
  await page.getByTestId("approval").check();
  const id = await follow(page, () => box().press("Control+Enter"));
  await pipelineOf(page, id, "awaiting_approval").waitFor();
  const panel = page.getByTestId("approval-panel");
  const { digest, diff } = await stack.intent(id);
  expect(await panel.getByTestId("digest").getAttribute("data-digest")).toBe(digest);
  await panel.getByTestId("diff-file").first().waitFor();
  expect((await pathsOf(panel)).sort()).toEqual(diff?.map(({ path }) => path).sort());
  expect(await commitsOf(stack, id)).toEqual([]);
  await page.getByTestId("approval-comment").fill("Checked with the water works.");
  await panel.getByTestId("approve").click();
  await pipelineOf(page, id, "completed").waitFor();
  expect(await page.getByTestId("approval-decided").innerText()).toContain("Checked with the water works.");
  const decided = (await stack.events(id)).filter(({ type }) => type === "approval.decided").map(({ data }) => data);
  expect(decided).toEqual([expect.objectContaining({ decision: "approved", reason: "Checked with the water works." })]);
  expect(await commitsOf(stack, id)).toEqual(["push edge1"]);
});

test("the history is searched, filtered, sent again and taken back into the box; the palette and every address lead to their object", async () => {
  await stack.fault("edge4", { sync: "fail", message: "the disk is full" }); // what an alert is about
  const question = await say(page, "Show the status of edge1");
  await pipelineOf(page, question, "completed").waitFor();
  expect(await page.getByTestId("answer").innerText()).toContain("edge1");
  await goTo(page, "/");
  await page.getByTestId("filter-q").fill("status of edge1");
  await seen('[data-testid=history-count][data-count="1"]');
  const again = await follow(page, async () => {
    await page.getByTestId("rerun").click();
    await page.getByTestId("rerun-confirm").click();
  });
  await pipelineOf(page, again, "completed").waitFor();
  expect((await stack.intent(again)).text).toBe("Show the status of edge1");
  await goTo(page, "/");
  await page.getByTestId("filter-status").selectOption("rolled_back");
  await seen('[data-testid=history-count][data-count="3"]');
  expect(new URL(page.url()).search).toBe("?status=rolled_back");
  await page.getByTestId("intent-row").filter({ hasText: "cameras" }).getByTestId("edit").click();
  await until("the sentence in the box", () => box().inputValue(), { holds: (text) => text.startsWith("Deploy eMBB slice named cameras") });
  expect(await page.getByTestId("options-in-use").innerText()).toBe("2 set"); // the site and the policy
  await page.getByTestId("clear").click();

  await page.keyboard.press("Control+k");
  await page.getByTestId("palette-input").fill("edge2");
  await page.getByTestId("palette-option").and(page.locator("[data-group=site]")).waitFor();
  await page.keyboard.press("Enter");
  await seen("[data-testid=site-detail]");
  expect(new URL(page.url()).pathname).toBe("/sites/edge2");
  const other = await openPage(browser, stack, STILL); // a window of its own: behind a tab the page would be slow from now on
  for (const [path, shows] of Object.entries(await deepLinks(stack, question))) {
    if (!LOADED.test(path)) await enter(other.page, { path, shows });
    else await other.page.goto(`${stack.url}${path}`, { waitUntil: "commit" });
    await other.page.locator(shows).first().waitFor();
  }
  expect(other.faults).toEqual([]);
  await other.page.context().close();
  await stack.clearFaults();
});

test("a dry run shows its diff and pushes nothing; a live slice is scaled by a form and removed after its preview and its name", async () => {
  await goTo(page, "/");
  await box().fill("Deploy URLLC slice named robots on edge2 with 5ms latency");
  const dry = await follow(page, () => page.getByTestId("dry-run").click());
  await pipelineOf(page, dry, "parsed").waitFor();
  await page.getByTestId("tab-diff").click();
  await page.getByTestId("diff").getByTestId("diff-file").first().waitFor();
  expect((await pathsOf(page.getByTestId("diff"))).every((path) => /^sites\/edge2\/slices\/robots\//.test(path ?? ""))).toBe(true);
  expect(await stack.repository.slices()).toEqual(["edge1/meters"]);

  await goTo(page, "/deployments");
  await page.locator("[data-testid=slice][data-slice=meters] a").first().click();
  await page.getByTestId("scale").click();
  await page.getByTestId("scale-maxDevices").fill("800");
  await page.getByTestId("scale-sentence").getByText("800").waitFor();
  const scaled = await follow(page, () => page.getByTestId("scale-send").click());
  await pipelineOf(page, scaled, "completed").waitFor();
  expect((await stack.intent(scaled)).plan).toMatchObject({ action: "scale", slice: "meters", requirements: { maxDevices: 800 } });

  await page.locator('a[href="/slices/meters"]').first().click();
  await page.getByTestId("terminate").click();
  await page.getByTestId("terminate-preview").click();
  await seen("[data-testid=terminate-diff][data-loaded=true]");
  const confirm = page.getByTestId("terminate-confirm");
  expect(await confirm.getAttribute("aria-disabled")).toBe("true");
  await page.getByTestId("confirm-name").fill("meters");
  const removed = await follow(page, () => confirm.click());
  await pipelineOf(page, removed, "completed").waitFor();
  expect(await stack.repository.slices()).toEqual([]);
});

test("a production site needs an approval, and the name of the slice before it is taken back", async () => {
  await stack.api("PATCH", "/api/v1/sites/edge5", { labels: { environment: "production" } });
  await goTo(page, "/");
  await box().fill("Deploy eMBB slice named clinic on edge5 with 50Mbps and 20ms latency");
  await openOptions();
  await seen("[data-testid=approval-forced]");
  const id = await follow(page, () => box().press("Control+Enter"));
  await pipelineOf(page, id, "awaiting_approval").waitFor();
  expect(await page.getByTestId("approval-reasons").innerText()).toContain("edge5 is a production site");
  await page.getByTestId("approve").click();
  await pipelineOf(page, id, "completed").waitFor();

  const dialog = await askRollback(page);
  const confirm = dialog.getByTestId("rollback-confirm");
  await dialog.getByTestId("production-mark").waitFor();
  expect(await confirm.getAttribute("aria-disabled")).toBe("true");
  await dialog.getByTestId("confirm-name").fill("clinic");
  const back = await follow(page, () => confirm.click());
  await pipelineOf(page, back, "awaiting_approval").waitFor();
  await page.getByTestId("approve").click();
  await pipelineOf(page, back, "completed").waitFor();
  expect(await stack.repository.slices()).toEqual([]);
  await goTo(page, "/activity");
  await untilEventsAgree(page, stack);
});
