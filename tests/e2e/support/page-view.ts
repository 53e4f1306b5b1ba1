// What a page of the Control Center shows of the installation, and the same as REST tells it. The page is walked by its links: nothing is loaded anew.
import { isDeepStrictEqual } from "node:util";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { DeploymentPage, IntentPage, SitePage } from "../../../protocol/api.ts";
import { untilLive } from "../../helpers/browser.ts";
import type { Stack } from "../../helpers/stack.ts";
import { until } from "./until.ts";

/** High enough that a list of a test has all its rows in sight: those out of sight do not exist. */
export const HIGH = { width: 1440, height: 2200 };

const SOME = 20; // events that a page must show at least

type Rows = string[];

/** A claim of the page and what REST says of the same; `shown` reads the page as it is now. */
interface Claim {
  what: string;
  shown: () => Promise<Rows>;
  told: () => Promise<Rows>;
}

/** The rows of the history, newest first. */
export function intentRows(page: Page): Promise<Rows> {
  return page.getByTestId("intent-row").evaluateAll((rows) => rows.map(({ dataset: { intentId, status } }) => `${intentId} ${status}`));
}

async function deploymentRows(page: Page): Promise<Rows> {
  return page.getByTestId("deployment").evaluateAll((rows) =>
    rows.map((row) => {
      const sites = [...row.querySelectorAll("[data-site]")].map(({ dataset: { site, state } }) => `${site} ${state}`);
      return [row.dataset.deploymentId, row.dataset.status, ...sites].join(" ");
    }),
  );
}

async function siteRows(page: Page): Promise<Rows> {
  return page.getByTestId("site").evaluateAll((cards) => cards.map(({ dataset: { site, state } }) => `${site} ${state}`));
}

/** The numbers of the events, newest first, as far as they are in sight. */
async function eventRows(page: Page): Promise<Rows> {
  return page.getByTestId("event").evaluateAll((rows) => rows.map(({ dataset: { seq, type } }) => `${seq} ${type}`));
}

async function get(stack: Stack, path: string): Promise<unknown> {
  const answer = await stack.api("GET", path);
  expect(answer.status).toBe(200);
  return answer.body;
}

async function toldIntents(stack: Stack): Promise<Rows> {
  const { intents } = IntentPage.parse(await get(stack, "/api/v1/intents?limit=100"));
  return intents.map(({ intentId, status }) => `${intentId} ${status}`);
}

async function toldDeployments(stack: Stack): Promise<Rows> {
  const { deployments } = DeploymentPage.parse(await get(stack, "/api/v1/deployments?limit=100"));
  return deployments.map(({ deploymentId, status, sites }) =>
    [deploymentId, status, ...sites.map(({ site, state }) => `${site} ${state}`)].join(" "),
  );
}

async function toldSites(stack: Stack): Promise<Rows> {
  const { sites } = SitePage.parse(await get(stack, "/api/v1/sites"));
  return sites.map(({ id, status }) => `${id} ${status}`);
}

async function toldEvents(stack: Stack): Promise<Rows> {
  return (await stack.allEvents()).map(({ seq, type }) => `${seq} ${type}`).reverse();
}

/** By the link in the navigation, as a person would: the page must not be loaded again. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.getByRole("navigation", { name: "Areas" }).locator(`a[href="${path}"]`).click();
}

async function agree({ what, shown, told }: Claim): Promise<void> {
  const both = async () => ({ shown: await shown(), told: await told() });
  const same = (seen: { shown: Rows; told: Rows }) => seen.told.length > 0 && isDeepStrictEqual(seen.shown, seen.told);
  await until(`the page to show the ${what} of REST`, both, { holds: same });
}

/** The first page as it stands, before any list is asked for again. */
export async function expectConsistent(page: Page, stack: Stack): Promise<void> {
  await untilLive(page);
  await agree({ what: "intents", shown: () => intentRows(page), told: () => toldIntents(stack) });
}

/** The first page likewise; then the other areas, and back. */
export async function expectAllConsistent(page: Page, stack: Stack): Promise<void> {
  await expectConsistent(page, stack);
  await goTo(page, "/deployments");
  await page.getByTestId("view-deployments").click();
  await agree({ what: "deployments", shown: () => deploymentRows(page), told: () => toldDeployments(stack) });
  await goTo(page, "/sites");
  await agree({ what: "sites", shown: () => siteRows(page), told: () => toldSites(stack) });
  await goTo(page, "/activity");
  let rows = SOME;
  const shown = async () => {
    const seen = await eventRows(page);
    rows = Math.max(SOME, seen.length);
    return seen;
  };
  const told = async () => (await toldEvents(stack)).slice(0, rows);
  await agree({ what: "newest events", shown, told });
  await goTo(page, "/");
  await untilLive(page);
}
