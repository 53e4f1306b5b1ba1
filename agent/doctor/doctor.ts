// `agent doctor`: looks at everything an agent needs before it is trusted with work, and says what to put right. Changes nothing.
import type { SecretRef, SiteConfig } from "../../protocol/site.ts";
import { type AgentConfig, loadAgentConfig } from "../config.ts";
import { AgentEnv, OperatorError, parseAgentEnv } from "../env.ts";
import type { SecretMask } from "../log.ts";
import type { EdgeSite } from "../ports.ts";
import { type Check, type Finding, fail, ok, runChecks } from "./check.ts";
import { dataDirCheck } from "./data-dir.ts";
import { credentialCheck, networkCheck } from "./network.ts";
import { repositoryCheck } from "./repository.ts";
import { siteChecks } from "./sites.ts";
import { toolChecks } from "./tools.ts";

export interface DoctorInput {
  source: NodeJS.ProcessEnv;
  version: string;
  secrets: SecretMask;
  secret(ref: SecretRef): Promise<string | undefined>;
  probe(site: SiteConfig): Pick<EdgeSite, "check">;
}

/** A wrong environment or file is a finding too: what can be checked without it still is. */
export async function examine(input: DoctorInput): Promise<Finding[]> {
  const { source, version, secrets } = input;
  const found: Finding[] = [];
  const checks: Check[] = [];
  const env = attempt(() => parseAgentEnv(source));
  if (env instanceof OperatorError) found.push(fail("environment", env.message, "set the variables; .env.example lists them all"));
  const claudeBin = source.CLAUDE_BIN?.trim() || AgentEnv.shape.CLAUDE_BIN.parse(undefined);
  const kptBin = source.KPT_BIN?.trim() || AgentEnv.shape.KPT_BIN.parse(undefined);
  checks.push(...toolChecks({ env: source, claudeBin, kptBin }));
  if (!(env instanceof OperatorError)) {
    const workerUrl = env.WORKER_URL;
    checks.push(networkCheck({ workerUrl, source }));
    checks.push(credentialCheck({ workerUrl, version, file: env.AGENT_CREDENTIAL_FILE, onSecret: secrets.register }));
    checks.push(dataDirCheck(env.AGENT_DATA_DIR));
    const config = await loadAgentConfig(env.AGENT_CONFIG).catch(operatorError);
    if (config instanceof OperatorError) found.push(fail("configuration", config.message, "deploy/agent.example.yaml shows a right one"));
    else {
      found.push(ok("configuration", `${env.AGENT_CONFIG}, ${config.sites.length} sites`));
      checks.push(...checksOf(config, input));
    }
  }
  const all = [...found, ...(await runChecks(checks))];
  return all.map((finding) => ({ ...finding, detail: secrets.mask(finding.detail) }));
}

function checksOf({ repository, sites }: AgentConfig, { source, secret, probe }: DoctorInput): Check[] {
  const { username = "git", passwordRef } = repository;
  const credential =
    passwordRef === undefined
      ? undefined
      : async () => {
          const password = await secret(passwordRef);
          return password === undefined ? undefined : { username, password };
        };
  return [repositoryCheck({ repository, credential, searchPath: source.PATH ?? "" }), ...siteChecks(sites, probe)];
}

function attempt<T>(act: () => T): T | OperatorError {
  try {
    return act();
  } catch (error) {
    return operatorError(error);
  }
}

function operatorError(error: unknown): OperatorError {
  if (error instanceof OperatorError) return error;
  throw error;
}
