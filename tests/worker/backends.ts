// Language models as an agent tells of them in its heartbeats. No assertions here.
import { IntegrationList } from "../../protocol/integration-api.ts";
import type { Integration, IntegrationView } from "../../protocol/llm.ts";
import { call, rows, type World } from "./harness.ts";

export function backend(id: string, patch: Partial<Integration> = {}): Integration {
  return {
    id,
    name: id,
    type: "ollama",
    address: "http://127.0.0.1:11434",
    configured: true,
    status: "healthy",
    connected: true,
    capabilities: ["understand", "chat", "embeddings"],
    models: ["llama3.2", "nomic-embed-text"],
    version: "0.9.0",
    latencyMs: 3,
    lastChecked: "2026-11-21T10:00:00.000Z",
    error: null,
    breaker: { state: "closed", failures: 0, retryAt: null },
    stats: {
      ...{ calls: 2, failures: 1, p50Ms: 40, p95Ms: 90, recentMs: [40, 90], promptTokens: 10, completionTokens: 20 },
      ...{ unknownUsage: 0, costUsd: 0, unknownCost: 2 },
    },
    arm: null,
    ...patch,
  };
}

export function rules(): Integration {
  return backend("rules", { type: "rules", address: "built in", capabilities: ["understand"], models: [], version: null, latencyMs: 0 });
}

export async function listed(world: Pick<World, "read">, path = "/v1/integrations"): Promise<IntegrationView[]> {
  return (await call("GET", path, { token: world.read })).as(IntegrationList).integrations;
}

/** What the feed was told of backends, in order. */
export async function toldOfBackends(): Promise<Record<string, unknown>[]> {
  const found = await rows<{ data: string }>("select data from events where type = 'integration.updated' order by seq");
  return found.map(({ data }) => JSON.parse(data));
}
