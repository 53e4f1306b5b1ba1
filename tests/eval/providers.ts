// From a provider's name to what is evaluated: the rules, or a backend of this machine's agent, alone and without its cache.
import { existsSync } from "node:fs";
import { loadAgentConfig } from "../../agent/config.ts";
import { resolveSecret } from "../../agent/edge/secret.ts";
import { OperatorError, parseAgentEnv } from "../../agent/env.ts";
import { buildSpecs } from "../../agent/llm/build.ts";
import { createLlmService, type LlmService } from "../../agent/llm/service.ts";
import { createLog, createSecretMask } from "../../agent/log.ts";
import type { KnownSite } from "../../intent/sites.ts";
import { newId } from "../../protocol/ids.ts";
import type { Understanding } from "../../protocol/intent.ts";
import { LAST_RESORT } from "../../protocol/llm.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { BadInput } from "./corpus.ts";
import { type Answer, type Evaluated, rulesProvider } from "./provider.ts";

const PATIENCE = { totalMs: 110_000, eachMs: 100_000 }; // a large model on a small machine is slow, not wrong
const NO_WORKER = "http://127.0.0.1"; // the evaluation speaks to none, and the agent's environment wants one

async function serviceFrom(source: NodeJS.ProcessEnv): Promise<LlmService> {
  const env = parseAgentEnv({ WORKER_URL: NO_WORKER, ...source });
  const isNamed = (source["AGENT_CONFIG"] ?? "").trim() !== "";
  const config = isNamed || existsSync(env.AGENT_CONFIG) ? (await loadAgentConfig(env.AGENT_CONFIG)).llm : undefined;
  const secrets = createSecretMask();
  const log = createLog({ level: "silent", secrets });
  const now = () => new Date();
  const specs = buildSpecs({ env, config, source, secret: (ref) => resolveSecret(ref, source), log, now });
  return createLlmService({ specs, dataDir: null, now, log, bounds: { call: PATIENCE } });
}

/** What this backend said. Sentences that the rules refuse as attacks reach no backend: that refusal is part of every backend's answer. */
function answerBy(id: string, understanding: Understanding): Result<Answer, string> {
  const { served } = understanding.metadata;
  if (served === undefined) return err("nobody says who answered");
  const mine = served.attempts.findLast(({ provider }) => provider === id);
  if (mine !== undefined && served.provider !== id) return err(mine.message === "" ? mine.outcome : `${mine.outcome}: ${mine.message}`);
  return ok({ understanding, usage: served.usage, cost: served.cost });
}

async function openBackend(service: LlmService, id: string, sites: readonly KnownSite[]): Promise<Result<Evaluated, BadInput>> {
  const signal = new AbortController().signal; // every call has its own bound
  await service.discover(signal);
  const all = service.integrations();
  const wanted = all.find((one) => one.id === id);
  if (wanted === undefined) return err([`no such provider: ${id}; there are ${all.map((one) => one.id).join(", ")}`]);
  if (!wanted.capabilities.includes("understand")) return err([`${id} cannot understand sentences`]);
  if (wanted.status === "offline" || wanted.status === "error") return err([`${id} is not there: ${wanted.error ?? wanted.status}`]);
  service.use({ order: [id], disconnected: all.map((one) => one.id).filter((other) => other !== id && other !== LAST_RESORT), shares: [] });
  const known = sites.map((site) => ({ id: site.id, aliases: [...site.aliases] }));
  await service.warm(known);
  return ok({
    id,
    async understand(text) {
      const call = { intentId: newId("int"), text, context: {}, targetSites: [], answers: null, sites: known, slices: [] };
      return answerBy(id, await service.understandCall(call, signal));
    },
    close: () => service.close(),
  });
}

/** `source`: the environment that the agent would have. */
export async function openProvider(
  id: string,
  sites: readonly KnownSite[],
  source: NodeJS.ProcessEnv,
): Promise<Result<Evaluated, BadInput>> {
  if (id === LAST_RESORT) return ok(rulesProvider(sites, () => new Date()));
  try {
    const service = await serviceFrom(source);
    const backend = await openBackend(service, id, sites);
    if (!backend.ok) await service.close();
    return backend;
  } catch (error) {
    if (error instanceof OperatorError) return err([error.message]);
    throw error;
  }
}
