// A person at the page, as far as several stories do the same: what they send, the page that opens, and what the way of an intent looks like there.
import type { Locator, Page } from "playwright-core";
import { IntentAccepted } from "../../../protocol/api.ts";
import { MonitorStage } from "../../../protocol/event.ts";
import type { IntentStatus } from "../../../protocol/intent.ts";
import type { Stack } from "../../helpers/stack.ts";
import { until } from "./until.ts";

/** Every stage of an intent that ends well, in the order of the graph. */
export const WAY = MonitorStage.options.filter((stage) => stage !== "failed" && stage !== "rollback");

/** The head of an intent's page, in this status if one is given. */
export function pipelineOf(page: Page, intentId: string, status?: IntentStatus): Locator {
  return page.locator(`[data-testid=pipeline][data-intent-id="${intentId}"]${status === undefined ? "" : `[data-status=${status}]`}`);
}

/** Does what sends an intent, and follows the link of its toast. Answers the id. */
export async function follow(page: Page, send: () => Promise<void>): Promise<string> {
  const accepted = page.waitForResponse((response) => response.request().method() === "POST" && response.status() === 202);
  await send();
  const { intentId } = IntentAccepted.parse(await (await accepted).json());
  await page.locator(`[data-testid=toast] a[href="/intents/${intentId}"]`).click();
  await pipelineOf(page, intentId).waitFor();
  return intentId;
}

/** A sentence that says all, written into the box and sent from there. */
export async function say(page: Page, text: string): Promise<string> {
  await page.locator('a[href="/"]').first().click();
  await page.getByTestId("intent-input").fill(text);
  return follow(page, () => page.getByTestId("intent-input").press("Control+Enter"));
}

/** `stage state` of the graph, in the order of the way. */
export function stagesOf(page: Page): Promise<string[]> {
  return page.getByTestId("stage").evaluateAll((stages) => stages.map(({ dataset: { stage, state } }) => `${stage} ${state}`));
}

/** `site state` of the graph's leaves. */
export function leavesOf(page: Page): Promise<string[]> {
  return page.getByTestId("site-leaf").evaluateAll((leaves) => leaves.map(({ dataset: { site, state } }) => `${site} ${state}`));
}

/** Of all of a diff that is in sight. */
export function pathsOf(within: Locator): Promise<(string | undefined)[]> {
  return within.getByTestId("diff-file").evaluateAll((files) => files.map(({ dataset: { path } }) => path));
}

/** Opens the dialog before a rollback and answers it once it shows what would be taken back. */
export async function askRollback(page: Page): Promise<Locator> {
  await page.getByTestId("rollback").click();
  const dialog = page.getByTestId("rollback-dialog");
  await dialog.locator("[data-testid=rollback-diff][data-loaded=true]").waitFor();
  await dialog.getByTestId("diff-file").first().waitFor();
  return dialog;
}

const SOME = 10; // events that the activity page has in sight at least

/** The activity page shows the newest events of all, each once. */
export async function untilEventsAgree(page: Page, stack: Stack): Promise<void> {
  const shown = () => page.getByTestId("event").evaluateAll((events) => events.map((event) => Number(event.dataset.seq)));
  const both = async () => ({ shown: await shown(), all: (await stack.allEvents()).map(({ seq }) => seq).reverse() });
  await until("the newest events on the page", both, {
    holds: ({ shown, all }) => shown.length >= SOME && shown.join() === all.slice(0, shown.length).join(),
  });
}
