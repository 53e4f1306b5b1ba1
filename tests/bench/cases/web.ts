// The page in a real browser: what its first load weighs, and what a stream of events costs it with ten thousand intents behind it.
import { gzipSync } from "node:zlib";
import type { Browser, CDPSession, Page, WebSocketRoute } from "playwright-core";
import * as z from "zod";
import { EventPage } from "../../../protocol/api.ts";
import type { DurableEvent } from "../../../protocol/event.ts";
import { launchBrowser, openPage } from "../../helpers/browser.ts";
import { MUCH } from "../../helpers/seed.ts";
import type { Stack } from "../../helpers/stack.ts";
import type { Figure } from "../stats.ts";
import { seed } from "./scale.ts";

const PER_SECOND = 1_000; // events
const FRAME_MS = 50;
const SECONDS = 10;
const ROWS_SCROLLED = 10_000;
const SCROLL_STEPS = 400; // bounded: a list that does not grow ends the case with what it has

async function withBrowser<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await launchBrowser();
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** Our own and vendor JavaScript until the first page is live and at rest, as gzip would send it. */
export async function firstLoad(stack: Stack): Promise<Figure[]> {
  return withBrowser(async (browser) => {
    const { page: warm } = await openPage(browser, stack);
    const page = await warm.context().newPage(); // signed in, but nothing is cached: each context has a cache of its own
    const scripts: Promise<Buffer>[] = [];
    page.on("response", (response) => {
      if (response.request().resourceType() === "script") scripts.push(response.body());
    });
    await warm.context().addInitScript(SHIFTS);
    const storage = await warm.evaluate("JSON.stringify(sessionStorage)");
    await page.addInitScript(`for (const [key, value] of Object.entries(${storage})) sessionStorage.setItem(key, value);`);
    const start = performance.now();
    await page.goto(stack.url);
    await page.locator("[data-testid=connection][data-state=live]").waitFor();
    const liveMs = performance.now() - start;
    await page.waitForLoadState("networkidle");
    const bytes = (await Promise.all(scripts)).map((body) => gzipSync(body).length);
    const total = bytes.reduce((sum, size) => sum + size, 0);
    const shift = z.number().parse(await page.evaluate("window.layoutShift"));
    return [
      { what: "first load, JavaScript after gzip", figure: `${(total / 1000).toFixed(1)} kB in ${bytes.length} files`, target: "< 250 kB" },
      { what: "first load until the feed is live", figure: `${liveMs.toFixed(0)} ms`, target: "-" },
      { what: "first load, cumulative layout shift", figure: shift.toFixed(4), target: "0" },
    ];
  });
}

/** Sums what moved without the viewer having done anything (Layout Instability API). */
const SHIFTS = `window.layoutShift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.layoutShift += entry.value;
}).observe({ type: "layout-shift", buffered: true });`;

const WATCH = `window.longTasks = []; window.frames = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.longTasks.push(entry.duration); }).observe({ type: "longtask" });
(function frame() { window.frames += 1; requestAnimationFrame(frame); })();`;

const Watched = z.object({ longTasks: z.array(z.number()), frames: z.number() });

interface Spent {
  scriptMs: number; // per second of the stream
  taskMs: number;
  longest: number; // ms
  framesPerSecond: number;
}

/** Events of the seeded intents go into the real socket beside what the room sends; REST stays real. */
export async function stream(stack: Stack): Promise<Figure[]> {
  seed(stack.dataDir);
  return withBrowser(async (browser) => {
    const { page, faults } = await openPage(browser, stack);
    let socket: WebSocketRoute | undefined;
    await page.routeWebSocket(/\/parties\//, (route) => {
      route.connectToServer();
      socket = route;
    });
    await page.addInitScript(WATCH);
    await page.reload();
    await page.locator("[data-testid=connection][data-state=live]").waitFor();
    const rows = await scrollHistory(page);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable");
    const idle = await spent({ page, cdp }, () => page.waitForTimeout(SECONDS * 1000));
    const { head } = EventPage.parse((await stack.api("GET", "/api/v1/events?after=0&limit=1")).body);
    const busy = await spent({ page, cdp }, () => send((frame) => socket?.send(frame), head));
    const applied = await page.locator("[data-testid=connection][data-state=live]").count();
    if (faults.length > 0 || applied === 0) throw new Error(`the page did not keep up: ${faults.join("; ") || "not live"}`);
    const figure = ({ scriptMs, taskMs, longest, framesPerSecond }: Spent) =>
      `script ${scriptMs.toFixed(0)} ms/s, all ${taskMs.toFixed(0)} ms/s, longest task ${longest.toFixed(0)} ms, ${framesPerSecond.toFixed(0)} frames/s`;
    return [
      { what: `page with ${rows} intents in its list, idle`, figure: figure(idle), target: "-" },
      { what: `the same at ${PER_SECOND} events/s for ${SECONDS} s`, figure: figure(busy), target: "smooth" },
    ];
  });
}

async function spent({ page, cdp }: { page: Page; cdp: CDPSession }, work: () => Promise<void>): Promise<Spent> {
  const metric = async (name: string) =>
    (await cdp.send("Performance.getMetrics")).metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  await page.evaluate("window.longTasks = []; window.frames = 0;");
  const [script, task, start] = [await metric("ScriptDuration"), await metric("TaskDuration"), performance.now()];
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { longTasks, frames } = Watched.parse(await page.evaluate("({ longTasks: window.longTasks, frames: window.frames })"));
  return {
    scriptMs: (((await metric("ScriptDuration")) - script) * 1000) / seconds,
    taskMs: (((await metric("TaskDuration")) - task) * 1000) / seconds,
    longest: Math.max(0, ...longTasks),
    framesPerSecond: frames / seconds,
  };
}

/** Loads the whole history by scrolling to its end; how many rows it then has. */
async function scrollHistory(page: Page): Promise<number> {
  const list = page.getByTestId("history").locator("li").first();
  await list.waitFor();
  let size = 0;
  for (let step = 0; step < SCROLL_STEPS && size < ROWS_SCROLLED; step += 1) {
    await page.evaluate("window.scrollTo(0, document.body.scrollHeight)");
    await page.waitForTimeout(50);
    size = Number(await page.getByTestId("history").locator("li").first().getAttribute("aria-setsize"));
  }
  await page.evaluate("window.scrollTo(0, 0)");
  return size;
}

async function send(frame: (text: string) => void, head: number): Promise<void> {
  const perFrame = (PER_SECOND * FRAME_MS) / 1000;
  const start = performance.now();
  for (let sent = 0; sent < PER_SECOND * SECONDS; sent += perFrame) {
    const wait = start + (sent / PER_SECOND) * 1000 - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    frame(JSON.stringify({ type: "events", events: Array.from({ length: perFrame }, (_none, index) => eventAt(head + 1 + sent + index)) }));
  }
}

/** Of a stored intent: what a site says while it deploys. */
function eventAt(seq: number): DurableEvent {
  const number = (seq * 7919) % MUCH.intents; // all over the list
  const padded = (count: number) => String(count).padStart(26, "0");
  return {
    seq,
    id: `evt_${padded(10_000_000 + seq)}`,
    type: "edge.deploying",
    intentId: `int_${padded(number)}`,
    jobId: null,
    site: `edge${(number % MUCH.sites) + 1}`,
    stage: "edge_deploying",
    at: new Date().toISOString(),
    data: { deploymentId: `dep_${padded(number)}`, state: "syncing", commit: null, message: `step ${seq}` },
  };
}
