// A browser for tests and pictures of the page: launched once, signed in, and listened to for anything that a page must not do.
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findChromium } from "./chromium.ts";
import type { Stack } from "./stack.ts";

export const WIDE = { width: 1440, height: 1000 };
export const PHONE = { width: 390, height: 844 };

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(), args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
}

/** What went wrong in a page: exceptions, and errors on the console (a violation of the content security policy is one). */
export function faultsOf(page: Page): string[] {
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    // A refused or unreachable call is the page's to show, and tests provoke it.
    if (
      message.type() === "error" &&
      !message.text().startsWith("Failed to load resource") &&
      !message.text().includes("WebSocket connection")
    )
      faults.push(`console: ${message.text()}`);
  });
  return faults;
}

export interface Opened {
  page: Page;
  faults: string[];
}

export interface TabOptions {
  path?: string | undefined;
  through?: string | undefined; // another way to the worker, `http://host:port`
  token?: string | undefined; // in place of the admin's
}

/** Signed in by the link that `npm start` prints, at `path`, with the feed live. */
export async function openPage(browser: Browser, stack: Stack, options: BrowserContextOptions & TabOptions = {}): Promise<Opened> {
  const { path, through, token, ...context } = options;
  return openTab(await browser.newContext({ viewport: WIDE, ...context }), stack, { path, through, token });
}

/** One more tab of the same person. */
export async function openTab(context: BrowserContext, stack: Stack, options: TabOptions = {}): Promise<Opened> {
  const { path = "/", through = stack.url, token } = options;
  const page = await context.newPage();
  const faults = faultsOf(page);
  const link = /Sign in\s+http:\/\/[^/]+(\/\S*)/.exec(stack.output())?.[1];
  if (link === undefined) throw new Error("no sign-in link was printed");
  await page.goto(`${through}${token === undefined ? link : `/#token=${token}`}`);
  await untilLive(page);
  if (path !== "/") {
    await page.goto(`${through}${path}`);
    await untilLive(page);
  }
  return { page, faults };
}

export async function untilLive(page: Page): Promise<void> {
  await page.locator("[data-testid=connection][data-state=live]").waitFor();
}
