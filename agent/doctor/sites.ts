// The edge sites of the agent's file, each asked through its own adapters.
import type { SiteCheck, SiteConfig } from "../../protocol/site.ts";
import type { EdgeSite } from "../ports.ts";
import { type Check, type Finding, fail, ok } from "./check.ts";

export type Probe = (site: SiteConfig) => Pick<EdgeSite, "check">;

const FIXES: Record<SiteCheck["name"], string> = {
  kube: "check kube.url of the site in AGENT_CONFIG and the way to it",
  "kube.credential": "check what kube.tokenRef names, and its rights at the site",
  o2ims: "check o2ims.url and o2ims.dialect of the site and the way to it",
  "o2ims.credential": "check what o2ims.tokenRef names, and its rights",
  prometheus: "check prometheus.url of the site and the way to it",
  "prometheus.credential": "check what prometheus.tokenRef names, and its rights",
};

export function siteChecks(sites: readonly SiteConfig[], probe: Probe): Check[] {
  return sites.map((site) => ({
    what: `site ${site.id}`,
    run: async (signal) => findingsOf(site.id, await probe(site).check(signal)),
  }));
}

/** One line for a site that is well, one for each thing that is not. */
function findingsOf(id: string, checks: readonly SiteCheck[]): Finding[] {
  const what = `site ${id}`;
  const bad = checks.filter((check) => !check.ok);
  if (bad.length === 0) return [ok(what, checks.map(({ name }) => name).join(", "))];
  return bad.map(({ name, message }) => fail(what, `${name}: ${message}`, FIXES[name]));
}
