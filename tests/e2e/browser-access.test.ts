// The page for everybody: what axe checks of WCAG 2.2 AA, the keyboard alone, a layout that stands still, and Traditional Chinese.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, type Opened, openPage, openTab, PHONE, untilLive, WIDE } from "../helpers/browser.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { type Area, areasOf, enter, STORY, type Story, tell, untilLoaded } from "./support/areas.ts";
import { englishLeft } from "./support/english-left.ts";

const SAID = { aside: "for the stadium", site: "admission webhook denied the request: quota exceeded", comment: "not before Monday" };
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
const RULES: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
  preload: false,
  iframes: false,
};

/** Of a diff the first file of a site: the others are made the same way, and axe takes seconds for each. */
const PAGE = { exclude: [["[data-testid=diff-file] ~ [data-testid=diff-file]"]] };
const DIALOG = { include: [["[role=dialog]"]] }; // what is under it was looked at before it opened

async function violations(page: Page): Promise<string[]> {
  const where = (await page.locator("[role=dialog]").count()) > 0 ? DIALOG : PAGE;
  const found: AxeResults["violations"] = await page
    .locator("html")
    .evaluate(async (html, [context, how]) => (await html.ownerDocument.defaultView.axe.run(context, how)).violations, [
      where,
      RULES,
    ] as const);
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 120)} (${node.failureSummary?.split("\n")[1]?.trim()})`),
  );
}

const LOOKS = [
  { viewport: WIDE, colorScheme: "light", locale: "zh-TW" },
  { viewport: PHONE, colorScheme: "dark", locale: "en" },
] as const;

interface Walked {
  wrong: string[]; // for axe, and what went wrong in the page
  english: string[]; // of the Chinese page
}

async function walk(look: (typeof LOOKS)[number]): Promise<Walked> {
  const { viewport, colorScheme, locale } = look;
  const { page, faults } = await openPage(browser, stack, { ...look, ...CALM });
  await page.locator(`html[data-${colorScheme}][lang=${locale}]`).waitFor({ state: "attached" });
  await page.evaluate(AXE);
  const wrong: string[] = [];
  const english: string[] = [];
  const check = async (name: string) => {
    for (const what of await violations(page)) wrong.push(`${viewport.width} ${colorScheme} ${name} ${what}`);
    if (locale === "zh-TW") for (const text of await englishLeft(page)) english.push(`${name}: ${text}`);
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
  return { wrong: [...wrong, ...faults], english };
}

/** Both at once and once only: each takes every area. */
let walked: Promise<Walked[]> | undefined;
function walks(): Promise<Walked[]> {
  walked ??= Promise.all(LOOKS.map(walk));
  return walked;
}

test("axe finds nothing on any area, on a wide screen in light and on a phone in dark", async () => {
  expect((await walks()).flatMap(({ wrong }) => wrong)).toEqual([]);
});

test("in Traditional Chinese no area has an English word of ours, nor a key", async () => {
  expect((await walks()).flatMap(({ english }) => english)).toEqual([]);
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

test("nothing moves by itself while one of the main areas loads, nor on the way to it", async () => {
  const context = await browser.newContext({ viewport: WIDE, ...CALM });
  await context.addInitScript({ content: WATCH_SHIFTS });
  const { page } = await openTab(context, stack);
  await untilLoaded(page);
  const moved = await shiftsOf(page, "first load");
  const here = areasOf(story).filter(({ path }) => [`/intents/${story.live}`, "/monitoring", "/sites"].includes(path));
  for (const area of here) {
    await enter(page, area);
    moved.push(...(await shiftsOf(page, `the way to ${area.path}`)));
    await page.reload();
    await untilLive(page);
    await page.locator(area.shows).first().waitFor();
    await untilLoaded(page);
    moved.push(...(await shiftsOf(page, `load of ${area.path}`)));
  }
  await context.close();
  expect(here).toHaveLength(3);
  expect(moved).toEqual([]);
});

/** On a page whose palette is on its way until `deliver` is called. */
async function openWithoutPalette(): Promise<Opened & { deliver(): void }> {
  const context = await browser.newContext({ viewport: WIDE, ...CALM });
  let deliver = () => {};
  const asked = new Promise<void>((resolve) => {
    deliver = resolve;
  });
  await context.route(/\/palette-[^/]*\.js$/, async (route) => {
    await asked;
    await route.continue();
  });
  return { ...(await openTab(context, stack)), deliver };
}

test.concurrent("what is typed before the palette is loaded goes into it; closed, it gives the focus back", async () => {
  const ways = ["intent-input", "palette-open"].map(async (from) => {
    const { page, faults, deliver } = await openWithoutPalette();
    await page.getByTestId(from).focus();
    await page.keyboard.press(from === "palette-open" ? "Enter" : "Control+k");
    await page.locator("input.visually-hidden:focus").waitFor();
    await page.keyboard.type("edge");
    deliver();
    await page.locator("[data-testid=palette-input]:focus").waitFor();
    expect(await page.getByTestId("palette-input").inputValue()).toBe("edge");
    for (const again of [true, false]) {
      await page.keyboard.press("Control+k"); // within it: it is open already
      await page.keyboard.press("Escape");
      await page.getByTestId("palette").waitFor({ state: "detached" });
      await page.locator(`[data-testid=${from}]:focus`).waitFor({ timeout: 5_000 });
      if (again) await page.keyboard.press("Control+k");
      if (again) await page.locator("[data-testid=palette-input]:focus").waitFor();
    }
    await page.context().close();
    expect(faults).toEqual([]);
  });
  await Promise.all(ways);
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

test.concurrent("the keyboard alone sends an intent, looks into its stages, approves, and rolls back; the focus is never lost", async () => {
  const { page, faults } = await openPage(browser, stack, CALM);
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
  await page.context().close();
  expect(faults).toEqual([]);
});
