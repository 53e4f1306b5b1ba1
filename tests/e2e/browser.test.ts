// One run in a real browser: signed in by the printed link, watched live, through a death of the worker, and taken back by the button.
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findChromium } from "../helpers/chromium.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { commitsOf } from "./support/expectations.ts";
import { until } from "./support/until.ts";

const SENTENCE = "Deploy eMBB slice on edge1 and edge2 with 200Mbps and 20ms latency";
const STAGES = [
  "input_received",
  "llm_processing",
  "intent_parsed",
  "krm_generating",
  "krm_generated",
  "gitops_pushing",
  "gitops_pushed",
  "edge_deploying",
  "edge_deployed",
  "slo_validating",
  "completed",
];

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  const executablePath = await findChromium();
  stack = await startStack({ sites: 4, env: { SYNC_TIMEOUT_MS: "60000", VERIFY_TIMEOUT_MS: "60000" } });
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}, 500_000); // a bare machine has to fetch a browser first
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/** `E2E_SCREENSHOTS` names the folder for pictures; without it none are kept. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.E2E_SCREENSHOTS;
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

const stageStates = (page: Page) =>
  page.getByTestId("stage").evaluateAll((stages) => stages.map((stage) => `${stage.dataset.stage} ${stage.dataset.state}`));
const leafStates = (page: Page) =>
  page.getByTestId("site-leaf").evaluateAll((leaves) => leaves.map((leaf) => `${leaf.dataset.site} ${leaf.dataset.state}`));

test("an operator signs in, sends a sentence, sees it happen through a death of the worker, and takes it back", async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  const documents: string[] = [];
  page.on("request", (request) => request.isNavigationRequest() && documents.push(request.url()));

  const link = /Sign in\s+(http:\S+)/.exec(stack.output())?.[1] ?? "";
  await page.goto(link);
  const connection = page.getByTestId("connection");
  await connection.and(page.locator("[data-state=live]")).waitFor();
  expect(page.url()).not.toContain(stack.token);

  await stack.fault("edge2", { sync: "stuck", metrics: "none" });
  await page.getByTestId("intent-input").fill(SENTENCE);
  await page.getByTestId("send").click();
  const card = page.getByTestId("pipeline").first();
  await card.getByTestId("site-leaf").and(page.locator("[data-site=edge1][data-state=provisioned]")).waitFor();
  expect(await leafStates(page)).toEqual(["edge1 provisioned", "edge2 syncing"]);
  const done = STAGES.slice(0, STAGES.indexOf("edge_deploying")).map((stage) => `${stage} done`);
  expect(await stageStates(page)).toEqual([
    ...done,
    "edge_deploying active",
    "edge_deployed active",
    "slo_validating pending",
    "completed pending",
  ]);
  await picture(page, "deploying");
  const intentId = (await card.getAttribute("data-intent-id")) ?? "";

  stack.kill("worker");
  await connection.and(page.locator(":not([data-state=live])")).waitFor();
  await stack.fault("edge2", { metrics: "none" });
  await connection.and(page.locator("[data-state=live]")).waitFor();
  await card.locator("[data-stage=slo_validating][data-state=active]").waitFor();
  await stack.clearFaults();
  await card.and(page.locator("[data-status=completed]")).waitFor();

  expect(await stageStates(page)).toEqual(STAGES.map((stage) => `${stage} done`));
  expect(await leafStates(page)).toEqual(["edge1 verified", "edge2 verified"]);
  const { deployment } = await stack.intent(intentId);
  await card
    .getByText(deployment?.commit?.slice(0, 7) ?? "no commit", { exact: false })
    .first()
    .waitFor();
  const evidence = card.getByTestId("evidence");
  expect(await evidence.evaluateAll((rows) => rows.map((row) => row.dataset.verdict))).toEqual(Array.from({ length: 6 }, () => "pass"));
  expect(await evidence.first().innerText()).toMatch(/edge1[\s\S]*ms[\s\S]*20 ms/);
  const shown = async () => {
    const seqs = await page.getByTestId("event").evaluateAll((events) => events.map((event) => Number(event.dataset.seq)));
    return seqs.sort((a, b) => a - b);
  };
  const all = (await stack.allEvents()).map((event) => event.seq);
  await until("every event on the page", shown, { holds: (seqs) => seqs.join() === all.slice(-seqs.length).join() && seqs.length >= 10 });
  await picture(page, "completed");

  await page.getByTestId("deployment").first().getByTestId("rollback").click();
  const dialog = page.getByTestId("rollback-dialog");
  await dialog.getByTestId("rollback-diff").and(page.locator("[data-loaded=true]")).waitFor();
  expect(await dialog.innerText()).toContain(`sites/edge1/slices/${deployment?.slice}/`);
  expect(await commitsOf(stack, intentId)).toEqual(["push edge1,edge2"]);
  await picture(page, "rollback");
  await dialog.getByTestId("rollback-confirm").click();
  await page.getByTestId("deployment").first().and(page.locator("[data-status=reverted]")).waitFor();
  await card.and(page.locator("[data-status=rolled_back]")).waitFor();
  expect(await leafStates(page)).toEqual(["edge1 reverted", "edge2 reverted"]);
  expect(await commitsOf(stack, intentId)).toEqual(["push edge1,edge2", "revert edge1,edge2"]);
  expect(await stack.repository.slices()).toEqual([]);
  await picture(page, "reverted");

  expect(documents).toHaveLength(1); // one navigation: nothing was reloaded
  expect(faults).toEqual([]);
});
