// A language model of this machine in a real browser: found, tried, put first, switched out, gone and back; and a correction that it learns from.
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventData } from "../../protocol/event.ts";
import { IntegrationList } from "../../protocol/integration-api.ts";
import { findChromium } from "../helpers/chromium.ts";
import type { Asked } from "../helpers/model-servers/behaviour.ts";
import type { FakeModelServer } from "../helpers/model-servers/http-fake.ts";
import { startOllama } from "../helpers/model-servers/ollama.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { until } from "./support/until.ts";

const QUESTION = "Who are you?";
const ANSWER = "I am a model, and this is <b>text</b>.";
const sentence = (mbps: number) => `Deploy eMBB slice on edge1 with ${mbps}Mbps and 20ms latency`;

/** What a model makes of `sentence`, in the form that it is asked for. */
function draft(text: string): unknown {
  const [, mbps] = /with (\d+)Mbps/.exec(text) ?? [];
  const none = { uplinkMbps: null, reliabilityPercent: null, availabilityPercent: null, maxDevices: null };
  return {
    ...{
      action: "deploy",
      serviceType: "eMBB",
      targetSites: ["edge1"],
      slice: null,
      priority: null,
      unclear: [],
      reason: "it says deploy",
    },
    requirements: { downlinkMbps: Number(mbps), latencyMs: 20, ...none },
  };
}

function reply({ messages }: Asked): string[] {
  const asked = messages.at(-1)?.content ?? "";
  return [asked === QUESTION ? ANSWER : JSON.stringify(draft(asked))];
}

let ollama: FakeModelServer;
let stack: Stack;
let browser: Browser;
let page: Page;
const faults: string[] = [];
beforeAll(async () => {
  const executablePath = await findChromium();
  ollama = await startOllama();
  ollama.models = ["llama3.2"];
  ollama.behave({ kind: "answer", pieces: reply });
  stack = await startStack({ sites: 2, env: { OLLAMA_HOST: ollama.url, CLAUDE_BIN: join("/nonexistent", "claude") } });
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  page.on("pageerror", (error) => faults.push(error.message));
  await page.goto(/Sign in\s+(http:\S+)/.exec(stack.output())?.[1] ?? "");
  await page.locator("[data-testid=connection][data-state=live]").waitFor();
}, 500_000); // a bare machine has to fetch a browser first
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  await ollama?.close();
});

/** `E2E_SCREENSHOTS` names the folder for pictures; without it none are kept. */
async function picture(name: string): Promise<void> {
  const folder = process.env.E2E_SCREENSHOTS;
  if (folder !== undefined) await page.screenshot({ path: join(folder, `integrations-${name}.png`), fullPage: true });
}

const link = (name: string) => page.getByRole("link", { name }).click();
const card = (state = "") => page.locator(`[data-testid=integration][data-provider=ollama]${state}`);
const pipelineOf = (intentId: string) => page.locator(`[data-testid=pipeline][data-intent-id=${intentId}]`);
const order = () => page.getByTestId("routed").evaluateAll((rows) => rows.map((row) => row.dataset.provider));

/** Who read the sentence, as its card on the first page says. */
async function readerOf(text: string): Promise<{ intentId: string; reader: string | null }> {
  const intentId = await stack.deploy(text, { approval: "required" });
  await pipelineOf(intentId).and(page.locator("[data-status=awaiting_approval]")).waitFor();
  return { intentId, reader: await pipelineOf(intentId).getByTestId("read-by").getAttribute("data-provider") };
}

/** The agent itself has told of the change: its router obeys. */
async function obeyed(change: "connected" | "disconnected"): Promise<void> {
  const told = async () =>
    (await stack.allEvents()).flatMap((event) => {
      const data = eventData(event, "integration.updated");
      return data?.kind === "backend" && data.agentId !== null && data.provider === "ollama" ? [data.change] : [];
    });
  await until(`the agent to be ${change} with ollama`, told, { holds: (changes) => changes.at(-1) === change });
}

test("a backend that was found is tried from its card, put first, and reads sentences until it is disconnected", async () => {
  await link("Integrations");
  await card("[data-status=healthy][data-connected=true]").waitFor();
  expect(new URL(page.url()).pathname).toBe("/integrations");
  expect(await card().innerText()).toMatch(/llama3\.2[\s\S]*understand, chat/);

  await card().getByTestId("test").click();
  await card().getByLabel("Prompt").fill(QUESTION);
  await card().getByTestId("run-test").click();
  const answer = card().getByTestId("test-answer");
  await answer.waitFor();
  expect(await answer.innerText()).toMatch(/^I am a model, and this is <b>text<\/b>\.\s+llama3\.2, [\d.]+ m?s, tokens \d+ in, \d+ out$/);
  await picture("tried");

  const before = await order();
  await page.locator("[data-testid=routed][data-provider=ollama]").dragTo(page.locator("[data-testid=routed]").first());
  expect((await order())[0]).toBe("ollama");
  await page.getByRole("button", { name: "Ask ollama later" }).press("Enter");
  await page.getByRole("button", { name: "Ask ollama earlier" }).press("Enter");
  const wanted = ["ollama", ...before.filter((id) => id !== "ollama")];
  expect(await order()).toEqual(wanted);
  await link("Pipeline");
  await page.getByTestId("intent-input").fill("half a sentence");
  await link("Integrations");
  await card().waitFor();
  const typed = await page.getByTestId("intent-input").inputValue();
  const mains = await page.locator("main:visible").count();
  expect({ order: await order(), typed, mains }).toEqual({ order: wanted, typed: "half a sentence", mains: 1 });
  await page.getByTestId("save-routing").click();
  await page.locator("[data-testid=save-routing]:disabled", { hasText: /^Save$/ }).waitFor();
  await page.reload();
  await card("[data-status=healthy]").waitFor();
  expect(await order()).toEqual(wanted);

  await page.goBack();
  expect((await readerOf(sentence(200))).reader).toBe("ollama");
  await link("Integrations");
  await card().getByTestId("switch").click();
  await card("[data-connected=false]").waitFor();
  await obeyed("disconnected");
  await link("Pipeline");
  expect((await readerOf(sentence(210))).reader).toBe("rules");
});

test("a backend that dies is shown offline, the others and the page are there at once, and it comes back", async () => {
  await link("Integrations");
  await card().waitFor();
  await ollama.refuse();
  await page.getByTestId("look").click();
  await card("[data-status=offline]").waitFor();
  expect(await page.locator("[data-testid=integration][data-provider=rules]").getAttribute("data-status")).toBe("healthy");
  const { body } = await stack.api("GET", "/v1/integrations");
  expect(IntegrationList.parse(body).integrations.find(({ id }) => id === "ollama")).toMatchObject({ status: "offline", connected: false });
  await picture("offline");
  await ollama.listen();
  await page.getByTestId("look").click();
  await card("[data-status=healthy]").waitFor();
  await card().getByTestId("switch").click();
  await card("[data-connected=true]").waitFor();
  await obeyed("connected");
});

test("a field that was misread is put right on the page: the intent is prepared anew, and the model is shown the correction", async () => {
  await link("Pipeline");
  const { intentId } = await readerOf(sentence(220));
  const shown = pipelineOf(intentId);
  await shown.getByTestId("correct").click();
  await shown.getByLabel("Latency, ms").fill("15");
  await picture("correcting");
  await shown.getByTestId("send-correction").click();
  await shown.getByTestId("corrected").waitFor();
  expect(await shown.getByTestId("corrected").innerText()).toBe("Your correction is kept, and the intent is prepared again with it.");
  const again = await until("the new plan", () => stack.intent(intentId), {
    holds: ({ status, plan }) => status === "awaiting_approval" && plan?.requirements.latencyMs === 15,
  });
  expect(again.understanding?.intent.requirements).toEqual({ downlinkMbps: 220, latencyMs: 15 });
  await shown.and(page.locator("[data-status=awaiting_approval]")).waitFor();
  await picture("corrected");

  await until("the correction in a prompt", async () => shownTo(await readerOf(sentence(230 + prompts()))), {
    holds: (prompt) => prompt.includes(sentence(220)),
  });
  expect(faults).toEqual([]);
});

const prompts = () => ollama.of("chat").length;

/** The whole of what the model was last asked, examples included. */
function shownTo({ reader }: { reader: string | null }): string {
  expect(reader).toBe("ollama");
  return JSON.stringify(ollama.of("chat").at(-1)?.body ?? "");
}
