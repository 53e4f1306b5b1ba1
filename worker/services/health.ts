// Health per component. Open without a token, so it tells counts and names no secrets.
import { sql } from "drizzle-orm";
import type { Health } from "../../protocol/api.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { Deps } from "../deps.ts";
import { agentsOnline, noteSilentAgents } from "./agents.ts";
import { siteFigures } from "./sites.ts";

type Component = Health["components"]["worker"];

const PROBE_MS = 2_000; // a component that needs longer is down for those who ask

export async function readHealth(deps: Deps): Promise<Health> {
  deps.defer(noteSilentAgents(deps)); // a lone agent has no other whose heartbeat would notice
  const [d1, room, agents, sites] = await Promise.all([
    probe(async () => {
      await deps.db.run(sql`select 1`);
      return { status: "ok", message: "" };
    }),
    probe(async () => {
      const { viewers, agents: sockets } = await deps.room.presence();
      return { status: "ok", message: `${viewers} viewers, ${sockets} agents connected` };
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
  ]);
  const components = { worker: { status: "ok" as const, message: "" }, d1, room, agents, sites };
  const all = Object.values(components).map((component) => component.status);
  const status = d1.status === "down" ? "down" : all.every((value) => value === "ok") ? "ok" : "degraded";
  return { status, protocol: PROTOCOL_VERSION, components };
}

async function probe(check: () => Promise<Component>): Promise<Component> {
  const late = new Promise<Component>((resolve) => setTimeout(() => resolve({ status: "down", message: "no answer in time" }), PROBE_MS));
  return Promise.race([check().catch((): Component => ({ status: "down", message: "fails" })), late]);
}
