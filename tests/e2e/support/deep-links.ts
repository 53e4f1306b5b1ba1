// The address of an object of every kind that a running installation has, with what stands on its page once it shows that very object.
import { AlertPage } from "../../../protocol/alert.ts";
import { AgentPage, SlicePage } from "../../../protocol/api.ts";
import type { Stack } from "../../helpers/stack.ts";
import { until } from "./until.ts";

/** Needs a live slice, and an alert that is there or about to come. */
export async function deepLinks(stack: Stack, intentId: string): Promise<Record<string, string>> {
  const get = async (path: string) => (await stack.api("GET", `/api/v1/${path}`)).body;
  const [slice] = SlicePage.parse(await get("slices")).slices;
  const [agent] = AgentPage.parse(await get("agents")).agents;
  const alerts = async () => AlertPage.parse(await get("alerts")).alerts;
  const [alert] = await until("an alert", alerts, { holds: (found) => found.length > 0 });
  const { site, deploymentId } = slice?.sites[0] ?? {};
  return {
    [`/intents/${intentId}?tab=timeline`]: `main:has([data-testid=pipeline][data-intent-id="${intentId}"]) [data-testid=tab-timeline][aria-selected=true]`,
    [`/deployments/${deploymentId}`]: `[data-testid=deployment][data-deployment-id="${deploymentId}"][data-status=live]`,
    [`/slices/${slice?.slice}`]: "[data-testid=slice-head]",
    [`/sites/${site}`]: "[data-testid=site-detail]",
    [`/agents/${agent?.agentId}`]: "[data-testid=agent-detail]",
    [`/alerts/${alert?.alertId}`]: "[data-testid=alert-detail]",
    "/?status=completed": "[data-testid=intent-row][data-status=completed]",
  };
}
