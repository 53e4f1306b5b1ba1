// The page for everybody: what axe checks of WCAG 2.2 AA, the keyboard alone, a layout that stands still, and Traditional Chinese, on every area.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPage, PHONE, WIDE } from "../helpers/browser.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { type Area, areasOf, enter, STORY, type Story, tell, untilLoaded } from "./support/areas.ts";
import { englishLeft } from "./support/english-left.ts";

const SAID = { aside: "for the stadium", site: "admission webhook denied the request: quota exceeded", comment: "not before Monday" };
const SIZES = [WIDE, PHONE];
const CALM = { reducedMotion: "reduce" } as const; // nothing is looked at half way from one colour to another

let stack: Stack;
let browser: Browser;
let story: Story;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(STORY), launchBrowser()]);
  story = await tell(stack, SAID);
}, 500_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const nameOf = ({ path, open }: Area) => `${path} ${open?.press ?? ""}`.trim();

// By its text: a script element is what the page's policy forbids.
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ALL: RunOptions = { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] };
/** For the other scheme: it is the same page in other colours. */
const COLOURS: RunOptions = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] }, resultTypes: ["violations"] };

/** Of a diff the first file of a site: the others are made the same way, and axe takes seconds for each. */
const CONTEXT = { exclude: [["[data-testid=diff-file] ~ [data-testid=diff-file]"]] };

async function violations(page: Page, options: RunOptions): Promise<string[]> {
  const found: AxeResults["violations"] = await page
    .locator("html")
    .evaluate(async (html, [where, how]) => (await html.ownerDocument.defaultView.axe.run(where, how)).violations, [
      CONTEXT,
      options,
    ] as const);
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 120)} (${node.failureSummary?.split("\n")[1]?.trim()})`),
  );
}

const LOOKS = SIZES.flatMap((viewport) => [
  { viewport, colorScheme: "light", options: ALL } as const,
  { viewport, colorScheme: "dark", options: COLOURS } as const,
]);

test("axe finds nothing on any area, in light and dark, on a wide screen and on a phone", { timeout: 300_000 }, async () => {
  const all = LOOKS.map(async ({ viewport, colorScheme, options }) => {
    const { page, faults } = await openPage(browser, stack, { viewport, colorScheme, ...CALM });
    await page.locator(`html[data-${colorScheme}]`).waitFor({ state: "attached" });
    await page.evaluate(AXE);
    const found: string[] = [];
    const check = async (name: string) => {
      for (const what of await violations(page, options)) found.push(`${viewport.width} ${colorScheme} ${name} ${what}`);
    };
    for (const area of areasOf(story)) {
      await enter(page, area);
      await check(nameOf(area));
    }
    await page.locator("html").evaluate((html) => html.ownerDocument.defaultView.sessionStorage.clear());
    await page.goto(stack.url);
    await page.getByTestId("sign-in").waitFor();
    await page.evaluate(AXE);
    await check("sign-in");
    await page.context().close();
    return [...found, ...faults];
  });
  expect((await Promise.all(all)).flat()).toEqual([]);
});

/** Runs before the page does, and notes everything that moves without anybody having pressed something. */
const WATCH_SHIFTS = `
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      const moved = sources.map(({ node }) => (node?.outerHTML ?? node?.textContent ?? "").slice(0, 100));
      if (!hadRecentInput) window.shifts.push({ value, moved: moved.join(" | ") });
    }
  }).observe({ type: "layout-shift", buffered: true });`;

interface Shift {
  value: number;
  moved: string;
}

const MAX_SHIFT = 0.1; // what counts as good; how high a list will be is not known before it is loaded

async function shiftsOf(page: Page, at: string): Promise<string[]> {
  const shifts: Shift[] = await page.locator("html").evaluate((html) => html.ownerDocument.defaultView.shifts.splice(0));
  const sum = shifts.reduce((total, { value }) => total + value, 0);
  return sum <= MAX_SHIFT
    ? []
    : [`${at}: ${sum.toFixed(4)}: ${shifts.map(({ value, moved }) => `${value.toFixed(4)} ${moved}`).join("; ")}`];
}

test("nothing moves by itself while the page loads, nor on the way through its areas", { timeout: 300_000 }, async () => {
  const all = SIZES.map(async (viewport) => {
    const { page } = await openPage(browser, stack, { viewport, ...CALM });
    await page.addInitScript({ content: WATCH_SHIFTS });
    const moved: string[] = [];
    for (const path of ["/", `/intents/${story.live}`, "/deployments", "/monitoring"]) {
      await page.goto(`${stack.url}${path}`);
      await page.waitForLoadState("networkidle");
      await untilLoaded(page);
      moved.push(...(await shiftsOf(page, `load of ${path} at ${viewport.width}`)));
    }
    for (const area of areasOf(story).filter(({ path, open }) => open === undefined && !path.includes("?text="))) {
      await enter(page, area);
      moved.push(...(await shiftsOf(page, `${nameOf(area)} at ${viewport.width}`)));
    }
    await page.context().close();
    return moved;
  });
  expect((await Promise.all(all)).flat()).toEqual([]);
});

test("in Traditional Chinese no area has an English word of ours, nor a key", { timeout: 120_000 }, async () => {
  const { page, faults } = await openPage(browser, stack, { locale: "zh-TW" });
  expect(await page.locator("html").getAttribute("lang")).toBe("zh-TW");
  const left: string[] = [];
  for (const area of areasOf(story)) {
    await enter(page, area);
    left.push(...(await englishLeft(page)).map((text) => `${nameOf(area)}: ${text}`));
  }
  expect(left).toEqual([]);
  expect(faults).toEqual([]);
});

/** Presses Tab until it is there; whatever has the focus on the way, something has it. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.first().waitFor();
  for (let presses = 0; presses < 150; presses += 1) {
    if (await target.first().evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`150 times Tab does not lead to ${target}`);
}

async function expectFocus(page: Page, where: string): Promise<void> {
  expect(await page.locator("body :focus").count(), where).toBe(1);
}

test("the keyboard alone sends an intent, looks into its stages, approves, and rolls back; the focus is never lost", async () => {
  const { page, faults } = await openPage(browser, stack);
  page.setDefaultTimeout(30_000);
  await page.locator("[data-testid=intent-row]").first().waitFor();
  await page.keyboard.press("/");
  await page.locator("[data-testid=intent-input]:focus").waitFor();
  await page.keyboard.type("Deploy eMBB slice named by-keys on edge2 with 20Mbps and 40ms latency");
  await page.keyboard.press("Control+Enter");
  await page.getByTestId("intent-row").filter({ hasText: "by-keys" }).waitFor();
  await expectFocus(page, "after sending");

  await tabTo(page, page.locator(`a[href="/intents/${story.waiting}"]`));
  await page.keyboard.press("Enter");
  await page.getByTestId("approve").waitFor();
  await expectFocus(page, "on the page of the intent");
  await tabTo(page, page.locator("[data-node][data-stage=input_received]"));
  await page.keyboard.press("ArrowRight");
  await page.locator("[data-node][data-stage=llm_processing]:focus").waitFor();
  await page.keyboard.press("Enter");
  await page.locator("[data-stage=llm_processing][aria-pressed=true]:focus").waitFor();

  await page.keyboard.press("Control+Home");
  await page.locator("#content").focus(); // as the link past the areas does
  await tabTo(page, page.getByTestId("approve"));
  await page.keyboard.press("Enter");
  await page.locator("[data-testid=pipeline]:not([data-status=awaiting_approval])").waitFor();
  await page.getByTestId("approve").waitFor({ state: "detached" });
  await expectFocus(page, "after the approval");
  await page.locator("[data-testid=pipeline][data-status=completed]").waitFor();
  await expectFocus(page, "when it is completed");

  await page.locator("#content").focus();
  await tabTo(page, page.getByTestId("rollback"));
  await page.keyboard.press("Enter");
  await page.locator("[data-testid=rollback-diff][data-loaded=true]").waitFor();
  expect(await page.locator("[role=dialog] :focus, [role=dialog]:focus").count()).toBe(1);
  await tabTo(page, page.getByTestId("rollback-confirm"));
  await page.keyboard.press("Enter");
  await page.getByTestId("rollback-dialog").waitFor({ state: "detached" });
  await expectFocus(page, "after the rollback was ordered");
  await page.locator("[data-testid=deployment][data-status=reverted]").first().waitFor();
  await expectFocus(page, "when it is rolled back");
  expect(faults).toEqual([]);
});
