// What an agent says of live slices: rounds of measurements, judged by the real rule, and the alerts that come of them.
import { expect } from "vitest";
import { siteQueries } from "../../intent/objectives.ts";
import { judge } from "../../intent/verdict.ts";
import { type MeasuredSlice, MeasurementsResponse, WatchlistResponse } from "../../protocol/agent.ts";
import { type Alert, AlertPage, type AlertStatus } from "../../protocol/alert.ts";
import { EventPage } from "../../protocol/api.ts";
import type { DurableEvent } from "../../protocol/event.ts";
import { newId } from "../../protocol/ids.ts";
import type { OperationsPolicy } from "../../protocol/policy.ts";
import type { ObjectiveName } from "../../protocol/slo.ts";
import { type Answer, call, type TestAgent, type World } from "./harness.ts";

export async function watchlistOf(agent: TestAgent): Promise<WatchlistResponse> {
  return (await call("POST", "/agent/v1/watchlist", { token: agent.credential, body: { instanceId: agent.instanceId } })).as(
    WatchlistResponse,
  );
}

/** How an objective does; what is not named meets its threshold exactly. "out": it could not be measured. */
export type Doing = Partial<Record<ObjectiveName, number | "out">>;

/** One look at every slice that is to be measured now, all of them doing the same. */
export async function look(agent: TestAgent, doing: Doing = {}): Promise<MeasuredSlice[]> {
  const at = new Date().toISOString();
  const { slices } = await watchlistOf(agent);
  return slices
    .filter(({ busy, objectives }) => !busy && objectives.length > 0)
    .map(({ slice, site, deploymentId, objectives }) => ({
      ...{ slice, site, deploymentId, at },
      evidence: objectives.map((objective) => {
        const { name, threshold, comparator, unit } = objective;
        const said = doing[name] ?? threshold;
        const value = said === "out" ? null : said;
        const samples = said === "out" ? 0 : 6;
        const { query } = siteQueries(objective, site);
        const verdict = judge(objective, said === "out" ? { error: "Prometheus did not answer" } : { value: said, samples });
        return { site, objective: name, query, value, samples, threshold, comparator, unit, measuredAt: at, ...verdict };
      }),
    }));
}

export async function send(agent: TestAgent, measured: MeasuredSlice[], round = newId("evt")): Promise<Answer> {
  return call("POST", "/agent/v1/measurements", { token: agent.credential, body: { instanceId: agent.instanceId, round, measured } });
}

/** So many rounds, one after the other; returns how many slices the last one counted. */
export async function rounds(agent: TestAgent, times: number, doing: Doing = {}): Promise<number> {
  let accepted = 0;
  for (let round = 0; round < times; round += 1) accepted = (await send(agent, await look(agent, doing))).as(MeasurementsResponse).accepted;
  return accepted;
}

export async function alertsOf(world: Pick<World, "read">, status?: AlertStatus): Promise<Alert[]> {
  const query = status === undefined ? "" : `?status=${status}`;
  return (await call("GET", `/api/v1/alerts${query}`, { token: world.read })).as(AlertPage).alerts;
}

/** The only alert that fires. */
export async function theAlert(world: Pick<World, "read">): Promise<Alert> {
  const [alert, ...others] = await alertsOf(world, "firing");
  if (alert === undefined || others.length > 0) throw new Error(`${others.length + (alert === undefined ? 0 : 1)} alerts fire`);
  return alert;
}

export async function alertEvents(world: Pick<World, "read">): Promise<DurableEvent[]> {
  const { events } = (await call("GET", "/api/v1/events?limit=1000", { token: world.read })).as(EventPage);
  return events.filter(({ type }) => type.startsWith("alert."));
}

/** Sets the policy; what is not given is the default. */
export async function setPolicy(
  world: Pick<World, "admin">,
  body: { [K in keyof OperationsPolicy]?: Partial<OperationsPolicy[K]> },
): Promise<void> {
  expect((await call("PUT", "/api/v1/policy", { token: world.admin, body })).status).toBe(200);
}

/** The steps of the only firing alert, once they are as expected; what is deferred is done after the answer. */
export async function stepsBecome(world: Pick<World, "read">, steps: string[]): Promise<Alert> {
  await expect.poll(async () => (await theAlert(world)).remediation.map(({ rung, state }) => `${rung} ${state}`)).toEqual(steps);
  return theAlert(world);
}
