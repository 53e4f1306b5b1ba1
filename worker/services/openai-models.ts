// Which model ids the OpenAI-compatible door has, and what an id means: "auto", "<provider>" or "<provider>/<model>".
import { and, eq, gt, sql } from "drizzle-orm";
import type * as z from "zod";
import { agents, integrations } from "../../drizzle/schema.ts";
import { type Capability, Integration } from "../../protocol/llm.ts";
import type { OpenAiModel } from "../../protocol/openai.ts";
import { ASSIGNABLE_MS } from "../../protocol/timings.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { agentsOnline } from "./agents.ts";
import { listIntegrations } from "./integrations.ts";
import { readRouting } from "./routing.ts";

const AUTO = "auto"; // whoever the router asks first
const DOOR: readonly Capability[] = ["chat", "embeddings"];

export interface Target {
  only: string | null;
  model: string | null;
  agentIds?: string[]; // those that have it; absent: any may be asked
}

/** Throws NOT_FOUND naming `model`, or NO_AGENT when nobody is online to have any. */
export async function resolveModel(deps: Deps, id: string, capability: Capability): Promise<Target> {
  const able = (await askable(deps)).filter(({ capabilities }) => capabilities.includes(capability));
  if (id === AUTO) {
    const well = able.filter(isWell);
    return { only: null, model: null, ...(well.length === 0 ? {} : { agentIds: agentsOf(well) }) };
  }
  const slash = id.indexOf("/");
  const [provider, model] = slash < 0 ? [id, null] : [id.slice(0, slash), id.slice(slash + 1)];
  const own = able.filter((one) => one.id === provider);
  if (own.length > 0 && model !== "") return { only: provider, model, agentIds: agentsOf(withModel(own, model)) };
  const byModel = able.filter(({ models }) => models.includes(id)); // a model's bare name, as other gateways take it
  if (byModel.length > 0) return { only: null, model: id, agentIds: agentsOf(byModel) };
  if ((await agentsOnline(deps)) === 0) throw new AppError("NO_AGENT", "no agent is online that could answer");
  const message = `no connected backend has ${JSON.stringify(id)} for ${capability}`;
  throw new AppError("NOT_FOUND", message, { details: [{ field: "model", message }] });
}

/** What can be asked now. */
export async function listModels(deps: Deps): Promise<OpenAiModel[]> {
  const { integrations } = await listIntegrations(deps);
  const able = integrations.filter((one) => one.connected && isWell(one) && DOOR.some((door) => one.capabilities.includes(door)));
  const entries = able.flatMap(({ id, models }) => [entry(id, id), ...models.map((model) => entry(`${id}/${model}`, id))]);
  return [...new Map([entry(AUTO, "router"), ...entries].map((model) => [model.id, model])).values()];
}

/** What is needed of a report here: all of it is long, and it is read for every question. */
const Brief = Integration.pick({ id: true, status: true, capabilities: true, models: true });
const BRIEF = sql<string>`json_object('id', json_extract(report, '$.id'), 'status', json_extract(report, '$.status'),
  'capabilities', json_extract(report, '$.capabilities'), 'models', json_extract(report, '$.models'))`;

type Askable = z.infer<typeof Brief> & { agentId: string };

/** The backends of the agents that are online, but for those that were switched off. */
async function askable(deps: Deps): Promise<Askable[]> {
  const online = and(eq(agents.online, true), gt(agents.lastHeartbeat, deps.now() - ASSIGNABLE_MS));
  const [rows, { disconnected }] = await Promise.all([
    deps.db
      .select({ agentId: integrations.agentId, brief: BRIEF })
      .from(integrations)
      .innerJoin(agents, eq(agents.id, integrations.agentId))
      .where(online)
      .orderBy(agents.id, integrations.id),
    readRouting(deps),
  ]);
  const all = rows.map(({ agentId, brief }) => ({ ...Brief.parse(JSON.parse(brief)), agentId }));
  return all.filter(({ id }) => !disconnected.includes(id));
}

function isWell({ status }: Pick<Integration, "status">): boolean {
  return status === "healthy" || status === "degraded";
}

/** Lists may be incomplete: when nobody shows the model, the backend itself decides. */
function withModel(own: readonly Askable[], model: string | null): readonly Askable[] {
  const having = own.filter(({ models }) => model !== null && models.includes(model));
  return having.length > 0 ? having : own;
}

function agentsOf(backends: readonly Askable[]): string[] {
  return [...new Set(backends.map(({ agentId }) => agentId))];
}

function entry(id: string, owner: string): OpenAiModel {
  return { id, object: "model", created: 0, owned_by: owner }; // when a model was made, no backend tells
}
