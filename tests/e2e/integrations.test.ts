// A language model of this machine in a real browser: found, tried, put first, switched out, gone and back; and a correction that it learns from.
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventData } from "../../protocol/event.ts";
import { IntegrationList } from "../../protocol/integration-api.ts";
import { launchBrowser, openPage } from "../helpers/browser.ts";
import type { Asked } from "../helpers/model-servers/behaviour.ts";
import type { FakeModelServer } from "../helpers/model-servers/http-fake.ts";
import { startOllama } from "../helpers/model-servers/ollama.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { pipelineOf } from "./support/operator.ts";
import { goTo } from "./support/page-view.ts";
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
let faults: string[];
beforeAll(async () => {
  ollama = await startOllama();
  ollama.models = ["llama3.2"];
  ollama.behave({ kind: "answer", pieces: reply });
  stack = await startStack({ sites: 2, env: { OLLAMA_HOST: ollama.url, CLAUDE_BIN: join("/nonexistent", "claude") } });
  browser = await launchBrowser();
  ({ page, faults } = await openPage(browser, stack));
}, 500_000); // a bare machine has to fetch a browser first
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  await ollama?.close();
});

const card = (state = "") => page.locator(`[data-testid=integration][data-provider=ollama]${state}`);
const order = () => page.getByTestId("routed").evaluateAll((rows) => rows.map((row) => row.dataset.provider));

/** Who read the sentence, as the page of its intent says. */
async function readerOf(text: string): Promise<{ intentId: string; reader: string | null }> {
  const intentId = await stack.deploy(text, { approval: "required" });
  await goTo(page, "/");
  await page.getByTestId("history").locator(`a[href="/intents/${intentId}"]`).click();
  await pipelineOf(page, intentId, "awaiting_approval").waitFor();
  await page.getByTestId("tab-understood").click();
  return { intentId, reader: await page.getByTestId("read-by").getAttribute("data-provider") };
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
  await goTo(page, "/integrations");
  await card("[data-status=healthy][data-connected=true]").waitFor();
  expect(new URL(page.url()).pathname).toBe("/integrations");
  expect(await card().innerText()).toMatch(/llama3\.2[\s\S]*understand, chat/);

  await card().getByTestId("test").click();
  await card().getByLabel("Prompt").fill(QUESTION);
  await card().getByTestId("run-test").click();
  const answer = card().getByTestId("test-answer");
  await answer.waitFor();
  expect(await answer.innerText()).toMatch(/^I am a model, and this is <b>text<\/b>\.\s+llama3\.2, [\d.]+ m?s, tokens \d+ in, \d+ out$/);

  const before = await order();
  await page.locator("[data-testid=routed][data-provider=ollama]").dragTo(page.locator("[data-testid=routed]").first());
  expect((await order())[0]).toBe("ollama");
  await page.getByRole("button", { name: "Ask ollama later" }).press("Enter");
  await page.getByRole("button", { name: "Ask ollama earlier" }).press("Enter");
  const wanted = ["ollama", ...before.filter((id) => id !== "ollama")];
  expect(await order()).toEqual(wanted);
  await goTo(page, "/");
  await page.getByTestId("intent-input").fill("half a sentence");
  await goTo(page, "/integrations");
  await card().waitFor();
  expect(await order()).toEqual(wanted); // not saved, and not lost
  await goTo(page, "/");
  expect(await page.getByTestId("intent-input").inputValue()).toBe("half a sentence");
  await goTo(page, "/integrations");
  await page.getByTestId("save-routing").click();
  await page.locator("[data-testid=save-routing][aria-disabled=true]", { hasText: /^Save$/ }).waitFor();
  await page.reload();
  await card("[data-status=healthy]").waitFor();
  expect(await order()).toEqual(wanted);

  await page.goBack();
  expect((await readerOf(sentence(200))).reader).toBe("ollama");
  await goTo(page, "/integrations");
  await card().getByTestId("switch").click();
  await card("[data-connected=false]").waitFor();
  await obeyed("disconnected");
  expect((await readerOf(sentence(210))).reader).toBe("rules");
});

test("a backend that dies is shown offline, the others and the page are there at once, and it comes back", async () => {
  await goTo(page, "/integrations");
  await card().waitFor();
  await ollama.refuse();
  await page.getByTestId("look").click();
  await card("[data-status=offline]").waitFor();
  expect(await page.locator("[data-testid=integration][data-provider=rules]").getAttribute("data-status")).toBe("healthy");
  const { body } = await stack.api("GET", "/v1/integrations");
  expect(IntegrationList.parse(body).integrations.find(({ id }) => id === "ollama")).toMatchObject({ status: "offline", connected: false });
  await ollama.listen();
  await page.getByTestId("look").click();
  await card("[data-status=healthy]").waitFor();
  await card().getByTestId("switch").click();
  await card("[data-connected=true]").waitFor();
  await obeyed("connected");
});

test("a field that was misread is put right on the page: the intent is prepared anew, and the model is shown the correction", async () => {
  const { intentId } = await readerOf(sentence(220));
  await page.getByTestId("correct").click();
  await page.getByTestId("correct-form").getByLabel("Latency").fill("15");
  await page.getByTestId("send-correction").click();
  await page.getByTestId("corrected").waitFor();
  expect(await page.getByTestId("corrected").innerText()).toBe("Your correction is kept, and the intent is prepared again with it.");
  const again = await until("the new plan", () => stack.intent(intentId), {
    holds: ({ status, plan }) => status === "awaiting_approval" && plan?.requirements.latencyMs === 15,
  });
  expect(again.understanding?.intent.requirements).toEqual({ downlinkMbps: 220, latencyMs: 15 });
  await pipelineOf(page, intentId, "awaiting_approval").waitFor();

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
