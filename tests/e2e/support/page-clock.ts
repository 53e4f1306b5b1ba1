// The clock of a page in the hand of a test, and what the page asks for meanwhile: hours pass in seconds, the page's own timers do what they would do.
import type { Locator, Page } from "playwright-core";
import { until } from "./until.ts";

/**
 * Pushes the clock on second by second, with a moment of ours for each, so that requests have their answers as they go. Answers the states that
 * the header showed on the way.
 */
export async function pass(page: Page, seconds: number): Promise<Set<string | null>> {
  const states: (string | null)[] = [];
  const second = async () => {
    await page.clock.runFor(1_000);
    states.push(await page.getByTestId("connection").getAttribute("data-state"));
    return states.length;
  };
  await until(`${seconds} s on the page's clock`, second, { holds: (passed) => passed >= seconds });
  return new Set(states);
}

/** The same until the page shows this. */
export async function passUntil(page: Page, wanted: Locator): Promise<void> {
  const second = async () => {
    await page.clock.runFor(1_000);
    return wanted.isVisible();
  };
  await until("what is to be shown in the end", second, { holds: Boolean });
}

/** Nothing that waits for a time comes, until the clock is pushed on or resumed. */
export async function stopClock(page: Page): Promise<void> {
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000));
}

/** What the page asks the worker for from now on, as `POST /api/v1/ticket`. A load of a document is `document`. */
export function requestsOf(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (request.isNavigationRequest()) asked.push("document");
    else if (pathname.startsWith("/api/") || pathname === "/health") asked.push(`${request.method()} ${pathname}`);
  });
  return asked;
}
