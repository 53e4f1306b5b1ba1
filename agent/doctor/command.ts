// `agent doctor`: looks, prints, and gives the exit code. What is looked at is doctor.ts's.
import type { SecretRef } from "../../protocol/site.ts";
import { createEdgePort } from "../edge/edge.ts";
import { resolveSecret } from "../edge/secret.ts";
import { createSecretMask } from "../log.ts";
import { examine } from "./doctor.ts";
import { exitCodeOf, renderJson, renderTable } from "./table.ts";

const EDGE_CALL_TIMEOUT_MS = 2_500; // as of a running agent

export async function doctor(source: NodeJS.ProcessEnv, { version, json }: { version: string; json: boolean }): Promise<number> {
  const secrets = createSecretMask();
  const secret = async (ref: SecretRef) => {
    const value = await resolveSecret(ref, source);
    if (value !== undefined) secrets.register(value);
    return value;
  };
  const edge = createEdgePort({ sites: [], secret, timeoutMs: EDGE_CALL_TIMEOUT_MS });
  const findings = await examine({ source, version, secrets, secret, probe: edge.probe });
  const color = process.stdout.isTTY === true && (source.NO_COLOR ?? "") === "";
  const text = json ? renderJson(findings) : renderTable(findings, color);
  await new Promise<unknown>((resolve) => process.stdout.write(text, resolve));
  return exitCodeOf(findings);
}
