// What is asserted of many runs alike: the commits of an intent, its terminal events, and a tree that is as it was.
import { expect } from "vitest";
import { DeploymentPage, RollbackAccepted } from "../../../protocol/api.ts";
import type { DurableEvent, EventType } from "../../../protocol/event.ts";
import type { Stack } from "../../helpers/stack.ts";
import { until } from "./until.ts";

const TERMINAL: readonly EventType[] = ["intent.completed", "intent.failed", "intent.rejected", "intent.cancelled", "intent.rolled_back"];

export const FULL_COMMIT = /^[0-9a-f]{40}$/;

/** The terminal events of an intent, in order. */
export function terminalEvents(events: DurableEvent[]): EventType[] {
  return events.map((event) => event.type).filter((type) => TERMINAL.includes(type));
}

/** The intent's commits in short, oldest first: `push edge1,edge2` or `revert edge2`. */
export async function commitsOf(stack: Stack, intentId: string): Promise<string[]> {
  const commits = (await stack.repository.commits()).filter((commit) => commit.trailers["Intent-Id"] === intentId);
  const known = new Set(commits.map((commit) => commit.commit));
  return commits.map(({ trailers }) => {
    const reverts = trailers["Reverts-Commit"];
    if (reverts !== undefined) expect(known).toContain(reverts);
    return `${reverts === undefined ? "push" : "revert"} ${trailers.Sites}`;
  });
}

/** Waits until every site (or each named one) runs the newest commit of the branch and nothing else is under way. */
export async function sitesAtTip(stack: Stack, names?: string[]): Promise<void> {
  const wanted = async () => {
    const tip = await stack.repository.tip();
    const sites = (await stack.labSites()).filter((site) => names === undefined || names.includes(site.id));
    return sites.filter((site) => site.commit !== tip || site.phase !== "synced").map((site) => `${site.id} ${site.phase} ${site.commit}`);
  };
  await until("the sites at the newest commit", wanted, { holds: (behind) => behind.length === 0 });
}

/** Takes back, as a person would, whatever deployments are left in the tree, so that the next test begins with an empty one. */
export async function takeBackAll(stack: Stack): Promise<void> {
  await stack.clearFaults();
  await stack.repository.removeHooks();
  const { body } = await stack.api("GET", "/api/v1/deployments?limit=200");
  const left = DeploymentPage.parse(body).deployments.filter(
    ({ status, commit }) => commit !== null && status !== "reverted" && status !== "superseded",
  );
  await Promise.all(left.map(({ deploymentId }) => rollBack(stack, deploymentId)));
  expect(await stack.repository.slices()).toEqual([]);
}

/** Whole, or at one site; waits for its end and answers the job's id. */
export async function rollBack(stack: Stack, deploymentId: string, site?: string): Promise<string> {
  const answer = await stack.api("POST", `/api/v1/deployments/${deploymentId}/rollback`, site === undefined ? {} : { site });
  expect(answer).toMatchObject({ status: 202, body: { deploymentId } });
  await until(`the rollback of ${deploymentId}`, () => stack.deployment(deploymentId), { holds: ({ status }) => status !== "reverting" });
  return RollbackAccepted.parse(answer.body).jobId;
}
