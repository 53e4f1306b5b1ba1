// From configuration to backends: what the file names, and what is found on PATH and at well-known addresses. The only file here that names adapters.
import path from "node:path";
import type { SecretRef } from "../../protocol/site.ts";
import type { AgentEnv } from "../env.ts";
import type { Log } from "../log.ts";
import { createClaudeProvider } from "./claude/provider.ts";
import type { LlmConfig, ProviderConfig } from "./config.ts";
import { createHttpProvider } from "./http/build.ts";
import { discoverable } from "./http/discover.ts";
import type { MemberSpec } from "./member.ts";
import { createLlmService, type LlmObserver, type LlmService } from "./service.ts";
import { createSocketProvider } from "./socket/provider.ts";

export interface BuildInput {
  env: Pick<AgentEnv, "AGENT_DATA_DIR" | "CLAUDE_BIN" | "OLLAMA_HOST" | "LLM_DISCOVERY">;
  config: LlmConfig | undefined;
  source: NodeJS.ProcessEnv; // of which the Claude CLI gets an allow-list
  secret: (ref: SecretRef) => Promise<string | undefined>;
  log: Log;
  now: () => Date;
  observer?: LlmObserver;
}

function claudeSpec({ env, config, source }: BuildInput): MemberSpec[] {
  const { claude } = config ?? {};
  const configured = claude !== undefined || (source["CLAUDE_BIN"] ?? "").trim() !== "";
  if (claude?.enabled === false || (!configured && env.LLM_DISCOVERY === "off")) return [];
  const { model = null, poolSize = 1, timeoutMs } = claude ?? {};
  const provider = createClaudeProvider({
    ...{ file: env.CLAUDE_BIN, env: source, dir: path.resolve(env.AGENT_DATA_DIR), model, poolSize, configured },
    ...(timeoutMs === undefined ? {} : { bounds: { promptMs: timeoutMs } }),
  });
  return [{ provider, model, warm: provider.warm, ...(timeoutMs === undefined ? {} : { timeoutMs }) }];
}

function configuredSpec(provider: ProviderConfig, secret: BuildInput["secret"]): MemberSpec {
  const { id, name, timeoutMs } = provider;
  const { model, prices } = provider.type === "headless" ? {} : provider;
  const common = { id, name, model, prices, configured: true, ...(timeoutMs === undefined ? {} : { bounds: { totalMs: timeoutMs } }) };
  const about = { model: model ?? null, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  if (provider.type === "unix-socket") return { provider: createSocketProvider({ ...common, path: provider.path }), ...about };
  const { type: kind, url, apiKeyRef } = provider;
  const { embeddingModel: embedModel } = provider.type === "headless" ? {} : provider;
  const place = provider.type === "llamafarm" ? { namespace: provider.namespace, project: provider.project } : {};
  const key = apiKeyRef === undefined ? {} : { secret: () => secret(apiKeyRef) };
  return { provider: createHttpProvider({ ...common, ...place, ...key, kind, url, embedModel }), ...about };
}

/** At an address that the file names already, or under a name that it gives to another, nothing is looked for. */
function foundSpecs({ env, config }: BuildInput): MemberSpec[] {
  if (env.LLM_DISCOVERY === "off") return [];
  const named = config?.providers ?? [];
  const origins = named.flatMap((provider) => ("url" in provider ? [new URL(provider.url).origin] : []));
  return discoverable({ ollamaHost: env.OLLAMA_HOST })
    .filter(({ id, url }) => !named.some((provider) => provider.id === id) && !origins.includes(new URL(url).origin))
    .map(({ id, kind, url }) => ({ provider: createHttpProvider({ id, kind, url, configured: false }), model: null }));
}

export function buildSpecs(input: BuildInput): MemberSpec[] {
  const named = (input.config?.providers ?? []).map((provider) => configuredSpec(provider, input.secret));
  return [...claudeSpec(input), ...named, ...foundSpecs(input)];
}

export async function buildLlm(input: BuildInput): Promise<LlmService> {
  const { env, log, now, observer } = input;
  const specs = buildSpecs(input);
  return createLlmService({ specs, dataDir: path.resolve(env.AGENT_DATA_DIR), now, log, ...(observer === undefined ? {} : { observer }) });
}
