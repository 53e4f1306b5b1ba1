// The lab's sites as an agent would be told about them: ids, aliases, addresses, capacity. No secrets exist here.
import type { SiteCapacity, SiteConfig } from "../protocol/site.ts";

/** Every simulated site carries the same: a small edge cluster with a 10 Gbit/s user plane. */
const CAPACITY: SiteCapacity = { downlinkMbps: 10_000, uplinkMbps: 5_000, maxDevices: 1_000_000 };

const ALIASES: Record<string, string[]> = { edge1: ["VM-2"], edge2: ["VM-4"] };

export function labSiteIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `edge${index + 1}`);
}

/** `labUrl` without a trailing slash; the addresses are the base paths that the lab serves. */
export function labSiteConfigs(labUrl: string, count: number): SiteConfig[] {
  return labSiteIds(count).map((id) => ({
    id,
    aliases: ALIASES[id] ?? [],
    labels: { simulated: "true" },
    kube: { url: `${labUrl}/sites/${id}/kube`, sync: "configsync", name: "root-sync" },
    o2ims: { url: `${labUrl}/sites/${id}/o2ims`, dialect: "oran-o2ims-rest" },
    prometheus: { url: `${labUrl}/sites/${id}/prometheus` },
    capacity: { ...CAPACITY },
    freeze: [],
  }));
}
