// Health per component. Open without a token, so it tells counts and names no secrets.
import { sql } from "drizzle-orm";
import type { Health } from "../../protocol/api.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { Deps } from "../deps.ts";
import { agentsOnline, noteSilentAgents } from "./agents.ts";
import { briefsOf } from "./integrations.ts";
import { siteFigures } from "./sites.ts";

type Component = Health["components"]["worker"];

const PROBE_MS = 2_000; // a component that needs longer is down for those who ask

export async function readHealth(deps: Deps): Promise<Health> {
  deps.defer(noteSilentAgents(deps)); // a lone agent has no other whose heartbeat would notice
  const [d1, room, agents, sites, llm] = await Promise.all([
    probe(async () => {
      await deps.db.run(sql`select 1`);
      return { status: "ok", message: "" };
    }),
    probe(async () => {
      const { viewers, agents: sockets } = await deps.room.presence();
      return { status: "ok", message: `${counted(viewers, "viewer")}, ${counted(sockets, "agent")} connected` };
    }),
    probe(async () => {
      const online = await agentsOnline(deps);
      return online > 0 ? { status: "ok", message: `${online} online` } : { status: "degraded", message: "no agent online; work waits" };
    }),
    probe(async () => {
      const { total, degraded } = await siteFigures(deps);
      if (total === 0) return { status: "degraded", message: "no site registered" };
      return degraded.length === 0
        ? { status: "ok", message: `${total} registered` }
        : { status: "degraded", message: `degraded: ${degraded.join(", ")}` };
    }),
    probe(() => modelHealth(deps)),
  ]);
  const models = llm.status === "down" ? { ...llm, status: "degraded" as const } : llm; // the rules need no database
  const components = { worker: { status: "ok" as const, message: "" }, d1, room, agents, sites, llm: models };
  const all = Object.values(components).map((component) => component.status);
  const status = d1.status === "down" ? "down" : all.every((value) => value === "ok") ? "ok" : "degraded";
  return { status, protocol: PROTOCOL_VERSION, components };
}

/** From what the agents have told: no backend is asked, so that one that hangs delays nobody. One that was only looked for is not missed. */
async function modelHealth(deps: Deps): Promise<Component> {
  const told = (await briefsOf(deps)).filter(({ connected, type }) => connected && type !== "rules");
  const well = new Set(told.filter(({ status }) => status === "healthy" || status === "degraded").map(({ id }) => id));
  const missing = told.filter(({ id, configured }) => configured && !well.has(id));
  const answers = well.size === 0 ? "the rules answer" : `${[...well].join(", ")} and the rules answer`;
  const ill = [...new Set(missing.map(({ id, status }) => `${id} ${status}`))];
  return ill.length === 0 ? { status: "ok", message: answers } : { status: "degraded", message: `${answers}; ${ill.join(", ")}` };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

async function probe(check: () => Promise<Component>): Promise<Component> {
  const late = new Promise<Component>((resolve) => setTimeout(() => resolve({ status: "down", message: "no answer in time" }), PROBE_MS));
  return Promise.race([check().catch((): Component => ({ status: "down", message: "fails" })), late]);
}
