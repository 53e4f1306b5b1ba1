// A story with something of everything that the page shows, and with it every area of the page: where it is, how it is opened, when it stands.
// What must be true of an area is for the tests to say.
import type { Page } from "playwright-core";
import { AlertPage } from "../../../protocol/alert.ts";
import { AgentPage } from "../../../protocol/api.ts";
import type { Stack } from "../../helpers/stack.ts";
import { until } from "./until.ts";

/** What others say in the story. */
export interface Said {
  aside: string; // within a sentence; no control characters, the API refuses those
  site: string; // of a failure
  comment: string; // with a decision, or with a report of another pipeline
}

export interface Story {
  live: string; // an intent that is completed: slice video-7
  deployment: string; // its deployment
  failed: string; // taken back because of what the site said
  waiting: string; // for an approval
  asked: string; // for an answer
  decision: string; // for a person, nothing could be measured
  alert: string; // about the site that failed
  agent: string;
}

export const STORY = { sites: 5, env: { VERIFY_TIMEOUT_MS: "8000", SYNC_TIMEOUT_MS: "60000", AGENT_SLOTS: "6" } };

/** All at once, by `decider` what a person decides, each at sites of its own: most of it is waiting. edge3 and edge5 stay as bad as they are. */
export async function tell(stack: Stack, { aside, site, comment }: Said, decider = stack.token): Promise<Story> {
  await stack.fault("edge3", { sync: "fail", message: site });
  await stack.fault("edge5", { metrics: "none" });
  const report = { intent_id: "theirs-1", intent_text: `A report ${aside}` };
  await stack.api("POST", "/api/v1/pipeline/start", report);
  await stack.api("POST", "/api/v1/edge/update", { edge: "edge1", status: "busy", metadata: { note: comment } });
  const by = { authorization: `Bearer ${decider}` };
  const sentences = {
    live: stack.deploy(`Deploy eMBB slice named video-7 on edge1 and edge2 with 200Mbps and 20ms latency ${aside}`),
    failed: stack.deploy("Deploy URLLC slice named robots on edge3 with 20Mbps and 5ms latency"),
    waiting: stack.deploy(`Deploy mMTC slice named meters on edge4 with 10Mbps ${aside}`, { approval: "required" }),
    refused: stack.deploy("Deploy eMBB slice named second on edge4 with 10Mbps", { approval: "required" }),
    asked: stack.deploy(`Deploy a fast slice for the stadium ${aside}`),
    decision: stack.deploy("Deploy eMBB slice named blind on edge5 with 50Mbps"),
  };
  const [live, failed, waiting, refused, asked, decision] = await Promise.all(Object.values(sentences));
  if (!(live && failed && waiting && refused && asked && decision)) throw new Error("a sentence has no intent");
  const ended = await Promise.all([live, failed, waiting, refused, asked, decision].map((id) => stack.settled(id, 60_000)));
  const statuses = ended.map(({ status }) => status).join();
  const expected = "completed,rolled_back,awaiting_approval,awaiting_approval,needs_clarification,needs_decision";
  if (statuses !== expected) throw new Error(`the story went ${statuses}: ${JSON.stringify(ended.map(({ failure }) => failure?.message))}`);
  await stack.api("POST", `/api/v1/intents/${refused}/reject`, { reason: comment }, by);
  const alert = await until("the alert about edge3", () => alertAt(stack, "edge3"), { holds: (found) => found !== "" });
  await stack.api("POST", `/api/v1/alerts/${alert}/ack`, { comment }, by);
  const { agents } = AgentPage.parse((await stack.api("GET", "/api/v1/agents")).body);
  return { live, failed, waiting, asked, decision, alert, deployment: ended[0]?.deploymentId ?? "", agent: agents[0]?.agentId ?? "" };
}

async function alertAt(stack: Stack, site: string): Promise<string> {
  const { alerts } = AlertPage.parse((await stack.api("GET", `/api/v1/alerts?site=${site}`)).body);
  return alerts.find(({ kind }) => kind === "site_down")?.alertId ?? "";
}

export interface Area {
  path: string;
  shows: string; // a selector that matches when it stands, and not on the area before
  open?: { press: string; shows: string }; // a test id, and what comes of it
}

/** In an order in which no two neighbours stand under the same selector. */
export function areasOf(story: Story): Area[] {
  const tab = (id: string, name: string) => ({
    path: `/intents/${id}?tab=${name}`,
    shows: `[data-testid=tab-${name}][aria-selected=true]`,
  });
  return [
    { path: "/", shows: "[data-testid=intent-row]" },
    { path: "/?text=Deploy%20a%20slice%20on%20edge1", shows: "[data-testid=understood]" },
    { path: `/intents/${story.live}`, shows: `[data-intent-id=${story.live}][data-status=completed]` },
    ...["timeline", "understood", "diff", "evidence", "log"].map((name) => tab(story.live, name)),
    { path: `/intents/${story.failed}`, shows: "[data-testid=failure]" },
    tab(story.failed, "log"),
    { path: `/intents/${story.waiting}`, shows: "[data-testid=approve]" },
    { path: `/intents/${story.asked}`, shows: "[data-testid=clarify-form]" },
    { path: `/intents/${story.decision}`, shows: "[data-testid=decide-resume]" },
    { path: "/approvals", shows: "[data-testid=waiting-row]", open: { press: "waiting-toggle", shows: "[data-testid=digest]" } },
    { path: "/deployments", shows: "[data-testid=slice]" },
    { path: "/deployments?view=deployments", shows: "[data-testid=deployment]" },
    { path: `/deployments/${story.deployment}`, shows: "[data-testid=deployment-head]" },
    { path: `/deployments/${story.deployment}?do=rollback`, shows: "[data-testid=rollback-diff][data-loaded=true]" },
    { path: "/slices/video-7", shows: "[data-testid=slice-head]" },
    {
      path: "/slices/video-7",
      shows: "[data-testid=slice-head]",
      open: { press: "scale", shows: "[data-testid=scale-dialog] [data-testid=scale-sentence]" },
    },
    {
      path: "/slices/video-7",
      shows: "[data-testid=slice-head]",
      open: { press: "terminate", shows: "[data-testid=terminate-dialog] [data-testid=confirm-name]" },
    },
    { path: "/monitoring", shows: "[data-testid=tile]" },
    { path: `/alerts/${story.alert}`, shows: "[data-testid=acknowledged]" },
    { path: "/sites", shows: "[data-testid=site]" },
    { path: "/sites/edge3", shows: "[data-testid=site-component]" },
    { path: `/agents/${story.agent}`, shows: "[data-testid=agent-detail]" },
    { path: "/activity", shows: "[data-testid=event]" },
    { path: "/integrations", shows: "[data-testid=integration]" },
    { path: "/integrations", shows: "[data-testid=integration]", open: { press: "test", shows: "[data-testid=run-test]" } },
    { path: "/more", shows: "main [data-testid=theme]" },
    { path: "/no-such-page", shows: "[data-testid=empty]" },
    { path: "/deployments/dep_unknown", shows: "[data-testid=empty]" },
    { path: "/activity", shows: "[data-testid=event]", open: { press: "palette-open", shows: "[data-testid=palette-option]" } },
  ];
}

/** Goes to the area without loading the page anew. A dialog of the area before is closed first, as a person would. */
export async function enter(page: Page, { path, shows, open }: Area): Promise<void> {
  await leaveDialog(page);
  await page.locator("html").evaluate((html, to) => html.ownerDocument.defaultView.history.pushState(null, "", to), path);
  await page.locator(shows).first().waitFor();
  await untilLoaded(page);
  if (open === undefined) return;
  await page.getByTestId(open.press).first().click();
  await page.locator(open.shows).first().waitFor();
  await untilLoaded(page);
}

async function leaveDialog(page: Page): Promise<void> {
  const dialog = page.locator("[role=dialog]");
  if ((await dialog.count()) === 0) return;
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
}

/** Nothing on the page says that it loads. */
export async function untilLoaded(page: Page): Promise<void> {
  await page.locator("[data-testid=loading]").first().waitFor({ state: "detached" });
}
