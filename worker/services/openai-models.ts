// Which model ids the OpenAI-compatible door has, and what an id means: "auto", "<provider>" or "<provider>/<model>".
import type { Capability, IntegrationView } from "../../protocol/llm.ts";
import type { OpenAiModel } from "../../protocol/openai.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { agentsOnline } from "./agents.ts";
import { listIntegrations } from "./integrations.ts";

const AUTO = "auto"; // whoever the router asks first
const DOOR: readonly Capability[] = ["chat", "embeddings"];

export interface Target {
  only: string | null;
  model: string | null;
  agentIds?: string[]; // those that have it; absent: any may be asked
}

/** Throws NOT_FOUND naming `model`, or NO_AGENT when nobody is there to have any. */
export async function resolveModel(deps: Deps, id: string, capability: Capability): Promise<Target> {
  const able = (await connected(deps)).filter(({ capabilities }) => capabilities.includes(capability));
  if (id === AUTO) {
    const well = able.filter(({ status }) => status === "healthy" || status === "degraded");
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
  const able = (await connected(deps)).filter(
    ({ capabilities, status }) => (status === "healthy" || status === "degraded") && DOOR.some((one) => capabilities.includes(one)),
  );
  const entries = able.flatMap(({ id, models }) => [entry(id, id), ...models.map((model) => entry(`${id}/${model}`, id))]);
  return [...new Map([entry(AUTO, "router"), ...entries].map((model) => [model.id, model])).values()];
}

async function connected(deps: Deps): Promise<IntegrationView[]> {
  return (await listIntegrations(deps)).integrations.filter((integration) => integration.connected);
}

/** Lists may be incomplete: when nobody shows the model, the backend itself decides. */
function withModel(own: readonly IntegrationView[], model: string | null): readonly IntegrationView[] {
  const having = own.filter(({ models }) => model !== null && models.includes(model));
  return having.length > 0 ? having : own;
}

function agentsOf(integrations: readonly IntegrationView[]): string[] {
  return [...new Set(integrations.map((integration) => integration.agent_id))];
}

function entry(id: string, owner: string): OpenAiModel {
  return { id, object: "model", created: 0, owned_by: owner }; // when a model was made, no backend tells
}
