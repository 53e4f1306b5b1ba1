// npm run screenshots: pictures of each area in both themes, on a wide screen and on a phone, into docs/screenshots/. It runs a story on a stack of its own.
import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import { launchBrowser, openPage, PHONE, untilLive, WIDE } from "../helpers/browser.ts";
import { type Stack, startStack } from "../helpers/stack.ts";

const FOLDER = path.join(import.meta.dirname, "../../docs/screenshots");
const THEMES = ["light", "dark"] as const;
const SIZES = { 1440: WIDE, 390: PHONE } as const;

interface Story {
  deciding: string; // one that missed its SLO and waits for a decision
  waiting: string; // an intent that waits for approval
  failed: string; // one that missed its SLO and was taken back
  asked: string; // one with a question
  live: string; // a deployment in force
}

/** Something of everything that the page shows. */
async function tell(stack: Stack): Promise<Story> {
  const first = await stack.deploy("Deploy eMBB slice video-7 on edge1 and edge2 with 200 Mbps and 20 ms latency");
  const live = (await stack.settled(first)).deploymentId ?? "";
  await stack.fault("edge3", { slo: { latencyMs: 180 } });
  const failed = await stack.deploy("Deploy URLLC slice robots on edge3 with 20 Mbps, 5 ms latency and 99.999% reliability");
  await stack.settled(failed);
  const deciding = await stack.deploy("Deploy eMBB slice stadium on edge3 with 100 Mbps and 20 ms latency", { policy: "pause" });
  await stack.settled(deciding);
  await stack.clearFaults();
  const waiting = await stack.deploy("在 edge4 部署 mMTC 切片 meters，支援 5000 個裝置，頻寬 10 Mbps", { approval: "required" });
  await stack.settled(waiting);
  const asked = await stack.deploy("Deploy a fast slice for the stadium");
  await stack.settled(asked);
  await stack.settled(await stack.deploy("What is the status of edge1?"));
  return { deciding, waiting, failed, asked, live };
}

function areas({ deciding, waiting, failed, asked, live }: Story): Record<string, string> {
  return {
    intents: "/",
    pipeline: `/intents/${failed}`,
    timeline: `/intents/${failed}?tab=timeline`,
    decision: `/intents/${deciding}`,
    question: `/intents/${asked}`,
    approval: `/intents/${waiting}`,
    approvals: "/approvals",
    monitoring: "/monitoring",
    deployments: "/deployments",
    deployment: `/deployments/${live}`,
    slice: "/slices/video-7",
    sites: "/sites",
    site: "/sites/edge1",
    activity: "/activity",
    integrations: "/integrations",
  };
}

/** Nothing loads any more, and what moves has come to rest. */
async function settled(page: Page): Promise<void> {
  await untilLive(page);
  await page.waitForLoadState("networkidle");
  await page.locator("[data-testid=loading]").first().waitFor({ state: "detached" });
}

const wanted = process.argv.slice(2);
const folder = process.env.SCREENSHOTS ?? FOLDER;
await mkdir(folder, { recursive: true });
if (wanted.length === 0) for (const old of await readdir(folder)) if (old.endsWith(".png")) await rm(path.join(folder, old));

const stack = await startStack({ env: { VERIFY_TIMEOUT_MS: "60000" } });
const browser = await launchBrowser();
try {
  const story = areas(await tell(stack));
  for (const [width, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of THEMES) {
      const { page } = await openPage(browser, stack, { viewport, colorScheme, deviceScaleFactor: 1 });
      for (const [name, address] of Object.entries(story)) {
        if (wanted.length > 0 && !wanted.includes(name)) continue;
        await page.goto(`${stack.url}${address}`);
        await settled(page);
        await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}-${width}.png`), animations: "disabled" });
      }
      await page.context().close();
    }
  }
} finally {
  await browser.close();
  await stack.stop();
}
