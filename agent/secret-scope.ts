// Which secrets of this machine a site may name. The agent's own file may name any; whoever adds a site through the API is not its
// administrator, and must not be able to have any file or variable of it sent to an address of their own.
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { SecretRef } from "../protocol/site.ts";
import type { AgentConfig } from "./config.ts";

const OPEN_VARIABLE = /^SITE_[A-Z0-9_]+$/;

interface Scope {
  config: AgentConfig;
  secretsDir: string; // absolute; files beneath it are for sites that are added through the API
}

export function mayUse(ref: SecretRef, { config, secretsDir }: Scope): boolean {
  const declared = [config.repository, ...config.sites.flatMap(({ kube, o2ims, prometheus }) => [kube, o2ims, prometheus])];
  const refs = declared.map((place) => ("tokenRef" in place ? place.tokenRef : "passwordRef" in place ? place.passwordRef : undefined));
  if (refs.some((known) => isDeepStrictEqual(known, ref))) return true;
  return "env" in ref ? OPEN_VARIABLE.test(ref.env) : path.resolve(ref.file).startsWith(`${secretsDir}${path.sep}`);
}
