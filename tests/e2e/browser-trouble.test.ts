// Trouble as an operator's day has it, in a real browser on the real stack: cut sockets, a sleeping tab, a second tab, a dead token, a reload, a dead worker.
// Each ends live, with nothing reloaded behind the person's back, and with the page saying what REST says.
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { launchBrowser, type Opened, openTab, type TabOptions, untilLive } from "../helpers/browser.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { commitsOf } from "./support/expectations.ts";
import { type Line, startLine } from "./support/line.ts";
import { pass, passUntil, requestsOf, stopClock } from "./support/page-clock.ts";
import { expectAllConsistent, expectConsistent, goTo, HIGH, intentRows } from "./support/page-view.ts";
import { giveToken } from "./support/token.ts";
import { until } from "./support/until.ts";

const HELD = { sync: "stuck" }; // a site that keeps an intent running for as long as the test wants

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  stack = await startStack({ sites: 4, env: { SYNC_TIMEOUT_MS: "100000" } });
  browser = await launchBrowser();
}, 500_000); // a bare machine has to fetch a browser first
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await stack.clearFaults();
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

async function openLine(): Promise<Line> {
  const line = await startLine(new URL(stack.url).port);
  onTestFinished(() => line.close());
  return line;
}

/** With a clock that runs as ever and can be pushed on, if it is asked for. */
async function openAlone({ clock = false, ...tab }: TabOptions & { clock?: boolean } = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: HIGH, reducedMotion: "reduce" });
  if (clock) await context.clock.install();
  return openTab(context, stack, tab);
}

const connection = (page: Page) => page.getByTestId("connection");
const offLine = (page: Page) => page.locator("[data-testid=connection]:not([data-state=live])");
const row = (page: Page, intentId: string, status: string) =>
  page.locator(`[data-testid=intent-row][data-intent-id="${intentId}"][data-status=${status}]`);
const isOff = (button: Locator) => button.getAttribute("aria-disabled");

test("with the socket cut for 30 s of the page's clock it is not called live and polls on, then without any line it is stale; all that ran meanwhile is there once", async () => {
  const line = await openLine();
  const { page, faults } = await openAlone({ through: line.url, clock: true });
  const asked = requestsOf(page);
  await stack.fault("edge1", HELD);
  await stack.fault("edge2", HELD);
  const before = await stack.deploy("Deploy URLLC slice on edge1 with 5ms latency");
  await row(page, before, "running").waitFor();

  line.cut("sockets");
  await connection(page).and(page.locator("[data-state=catching_up]")).waitFor();
  await page.getByTestId("intent-input").fill("Deploy mMTC slice on edge2 for 500 devices");
  await page.getByTestId("send").click();
  const sent = page.getByTestId("intent-row").filter({ hasText: "mMTC slice on edge2" });
  await sent.waitFor();
  const meanwhile = (await sent.getAttribute("data-intent-id")) ?? "";
  await stack.fault("edge1", {});
  expect((await stack.settled(before)).status).toBe("completed");
  expect(await pass(page, 30)).not.toContain("live");
  await row(page, before, "completed").waitFor();
  await row(page, meanwhile, "running").waitFor();
  expect(asked.filter((path) => path === "GET /api/v1/events").length).toBeGreaterThanOrEqual(5); // one each 5 s

  line.cut("all");
  await pass(page, 15);
  expect(await connection(page).getAttribute("data-state")).toBe("stale");
  expect(await connection(page).innerText()).toMatch(/Stale since \d/);
  expect(await page.getByTestId("banner").innerText()).toContain("What you see is as of");

  line.mend();
  await pass(page, 15); // the longest pause before another try
  await untilLive(page);
  await stack.fault("edge2", {});
  await row(page, meanwhile, "completed").waitFor();
  await expectAllConsistent(page, stack);
  expect(await commitsOf(stack, before)).toEqual(["push edge1"]);
  expect(await commitsOf(stack, meanwhile)).toEqual(["push edge2"]);
  expect(asked.filter((path) => path === "POST /api/v1/intents" || path === "document")).toEqual(["POST /api/v1/intents"]);
  expect(faults).toEqual([]);
});

test("a tab whose clock stood still for 10 min, on a line that was forgotten, is not called live until it is; with a new ticket and no reload", async () => {
  const line = await openLine();
  const { page, faults } = await openAlone({ through: line.url, clock: true });
  await stack.fault("edge3", HELD);
  const running = await stack.deploy("Deploy mMTC slice on edge3 for 500 devices");
  const waiting = await stack.deploy("Deploy mMTC slice on edge4 for 400 devices", { approval: "required" });
  await row(page, running, "running").waitFor();
  await row(page, waiting, "awaiting_approval").waitFor();

  await stopClock(page);
  const asked = requestsOf(page);
  line.forget();
  const { digest } = await stack.intent(waiting);
  expect(await stack.api("POST", `/api/v1/intents/${waiting}/approve`, { digest })).toMatchObject({ status: 202 });
  await stack.fault("edge3", {});
  for (const id of [running, waiting]) expect((await stack.settled(id)).status).toBe("completed");
  const unseen = await stack.deploy("Deploy URLLC slice on edge3 with 5ms latency");
  expect((await stack.settled(unseen)).status).toBe("completed");
  expect(asked).toEqual([]);

  expect(await connection(page).getAttribute("data-state")).toBe("live"); // nobody has woken it
  line.mend();
  await page.clock.fastForward("10:00"); // every timer that is due fires once, as after sleep
  await offLine(page).waitFor();
  await page.clock.resume();
  await untilLive(page);
  expect(asked).toContain("POST /api/v1/ticket"); // and not live on the old socket, for all that REST has told meanwhile
  await expectConsistent(page, stack);
  expect(asked).not.toContain("document");
  expect(faults).toEqual([]);
});

test("of two tabs the one that did not decide shows the decision; a plan that changed meanwhile is void there, and says so", async () => {
  const text = (site: string) => `Deploy mMTC slice on ${site} for 200 devices`;
  const [plain, changing] = await Promise.all(["edge1", "edge2"].map((site) => stack.deploy(text(site), { approval: "required" })));
  if (plain === undefined || changing === undefined) throw new Error("two intents were sent");
  for (const id of [plain, changing]) expect((await stack.settled(id)).status).toBe("awaiting_approval");
  const one = await openAlone();
  await one.page.locator(`a[href="/intents/${plain}"]`).first().click();
  const other = await openTab(one.page.context(), stack);
  await goTo(other.page, "/approvals");
  const panel = (id: string) => other.page.locator(`[data-testid=waiting-row][data-intent-id="${id}"]`);
  for (const id of [plain, changing]) await panel(id).getByTestId("waiting-toggle").click();
  for (const id of [plain, changing]) await panel(id).locator("[data-testid=approval-state][data-state=pending]").waitFor();

  await one.page.getByTestId("approve").click();
  await panel(plain).locator("[data-testid=approval-decided][data-decision=approved]").waitFor();
  expect(await panel(plain).getByTestId("approve").count()).toBe(0);
  expect(await panel(plain).getByTestId("reject").count()).toBe(0);

  const { plan, digest } = await stack.intent(changing);
  const stray = `sites/edge2/slices/${plan?.slice}/stray.yaml`;
  await stack.repository.commitAs(join(stack.dataDir, "meddler"), { [stray]: "kind: Stray\n" });
  await goTo(one.page, "/");
  await one.page.locator(`a[href="/intents/${changing}"]`).first().click();
  await one.page.getByTestId("approve").click();
  for (const page of [panel(changing), one.page]) await page.getByTestId("approval-void").waitFor();
  await panel(changing).getByTestId("show-new-plan").waitFor();
  expect(await isOff(panel(changing).getByTestId("approve"))).toBe("true");
  expect(await panel(changing).getByTestId("digest").getAttribute("data-digest")).toBe(digest);
  await panel(changing).getByTestId("show-new-plan").click();
  await panel(changing).locator(`[data-testid=diff-file][data-path="${stray}"][data-change=removed]`).waitFor();
  await panel(changing).getByTestId("approve").click();
  for (const id of [plain, changing]) expect((await stack.settled(id)).status).toBe("completed");
  expect(await stack.repository.files()).not.toContain(stray);

  await other.page.close();
  await goTo(one.page, "/");
  await expectConsistent(one.page, stack);
  expect([...one.faults, ...other.faults]).toEqual([]);
});

test("a token that was revoked ends at the door, with the reason and no further request; signing in goes on where one was", async () => {
  await stack.fault("edge3", HELD);
  const running = await stack.deploy("Deploy mMTC slice on edge3 for 100 devices");
  await stack.untilStatus(running, "running");
  const own = giveToken(stack, "duty", ["operate"]);
  const path = `/intents/${running}?tab=evidence`;
  const { page, faults } = await openAlone({ token: own.secret, path, clock: true });
  const refused: string[] = [];
  page.on("response", (response) => response.status() === 401 && refused.push(response.url()));
  own.revoke();
  await passUntil(page, page.getByTestId("ended"));
  expect(refused.length).toBeGreaterThanOrEqual(1);
  expect(refused.length).toBeLessThanOrEqual(6); // what was under way at once
  const asked = requestsOf(page);
  await page.clock.runFor(120_000);
  expect(asked).toEqual([]);
  expect((await stack.status(running)).status).toBe("running");

  await page.getByTestId("token").fill(own.secret);
  await page.getByTestId("sign-in").click();
  await page.getByRole("alert").filter({ hasText: "not accepted" }).waitFor();
  await page.getByTestId("token").fill(stack.token);
  await page.getByTestId("sign-in").click();
  await untilLive(page);
  expect(page.url()).toBe(`${stack.url}${path}`);
  expect(await page.getByTestId("tab-evidence").getAttribute("aria-selected")).toBe("true");
  await stack.fault("edge3", {});
  await page.locator(`[data-testid=pipeline][data-intent-id="${running}"][data-status=completed]`).waitFor();
  await goTo(page, "/");
  await expectConsistent(page, stack);
  expect(asked).not.toContain("document");
  expect(faults).toEqual([]);
});

test("a reload in the middle of a run, and then a death of the worker, end in the same state, with the draft still in the box", async () => {
  const { page, faults } = await openAlone();
  await stack.fault("edge4", HELD);
  const running = await stack.deploy("Deploy mMTC slice on edge4 for 100 devices");
  await row(page, running, "running").waitFor();
  const draft = "Deploy eMBB slice on edge2 with 100 Mbps,\nas agreed at the morning call";
  await page.getByTestId("intent-input").fill(draft);
  const rows = await intentRows(page);
  await page.reload();
  await untilLive(page);
  await row(page, running, "running").waitFor();
  expect(await intentRows(page)).toEqual(rows);
  expect(await page.getByTestId("intent-input").inputValue()).toBe(draft);

  const asked = requestsOf(page);
  const pid = stack.pid("worker");
  stack.kill("worker");
  await offLine(page).waitFor();
  await until("another worker process", () => stack.pid("worker"), { holds: (now) => now !== pid });
  const next = await until("a new intent", () => stack.deploy("Deploy mMTC slice on edge1 for 300 devices"), { holds: Boolean });
  await untilLive(page);
  await stack.fault("edge4", {});
  for (const id of [running, next]) await row(page, id, "completed").waitFor();
  await expectConsistent(page, stack);
  expect(await commitsOf(stack, running)).toEqual(["push edge4"]);
  expect(await page.getByTestId("intent-input").inputValue()).toBe(draft);
  expect(asked).not.toContain("document");
  expect(faults).toEqual([]);
});
