// What pages tell of edge sites beyond the record: how much of each is used, which are looked for, what asks for attention. Pure; no words.
import type { Drift, FreezeWindow, Site, SiteStatus } from "../../protocol/site.ts";
import { SiteStatus as SiteStatuses } from "../../protocol/site.ts";
import type { FileDiff } from "../../protocol/stage.ts";
import { byName } from "./natural.ts";
import type { Tone } from "./tones.ts";

export interface Usage {
  what: "downlink" | "uplink" | "devices";
  used: number;
  capacity: number;
  percent: number; // may exceed 100: the capacity can be lowered under what is deployed
  level: "free" | "tight" | "full" | "over";
}

const TIGHT_PERCENT = 75;
const FULL_PERCENT = 100;

export const LEVEL_TONES: Record<Usage["level"], Tone> = { free: "done", tight: "wait", full: "wait", over: "failed" };

function levelOf(percent: number): Usage["level"] {
  if (percent > FULL_PERCENT) return "over";
  if (percent === FULL_PERCENT) return "full";
  return percent >= TIGHT_PERCENT ? "tight" : "free";
}

function usage(what: Usage["what"], used: number, capacity: number): Usage {
  const percent = (100 * used) / capacity;
  return { what, used, capacity, percent, level: levelOf(percent) };
}

export function usageOf({ used, capacity }: Pick<Site, "used" | "capacity">): Usage[] {
  return [
    usage("downlink", used.downlinkMbps, capacity.downlinkMbps),
    usage("uplink", used.uplinkMbps, capacity.uplinkMbps),
    usage("devices", used.maxDevices, capacity.maxDevices),
  ];
}

export interface SiteFilter {
  text: string;
  status: SiteStatus | null;
}

export function siteFilterOf(params: URLSearchParams): SiteFilter {
  const status = SiteStatuses.safeParse(params.get("status"));
  return { text: params.get("q") ?? "", status: status.success ? status.data : null };
}

/** By id. The text is looked for in the id, the aliases, the labels and the slices; every word of it has to be somewhere. */
export function sitesShown(sites: readonly Site[], { text, status }: SiteFilter): Site[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (site: Site) => {
    const labels = Object.entries(site.labels).map(([name, value]) => `${name}=${value}`);
    const all = [site.id, ...site.aliases, ...labels, ...site.slices].join("\n").toLowerCase();
    return words.every((word) => all.includes(word));
  };
  return sites.filter((site) => (status === null || site.status === status) && matches(site)).sort((a, b) => byName(a.id, b.id));
}

/** How many sites there are of each status, for the filter. */
export function statusCounts(sites: readonly Site[]): ReadonlyMap<SiteStatus, number> {
  const counts = new Map<SiteStatus, number>();
  for (const { status } of sites) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

type WeeklyWindow = Extract<FreezeWindow, { weekdays: unknown }>;

export function isWeekly(window: FreezeWindow): window is WeeklyWindow {
  return "weekdays" in window;
}

/** The files of a drift's text as git wrote it; a text without heads of files is one file, named by the slice. */
export function driftFiles({ diff, slice }: Pick<Drift, "diff" | "slice">): FileDiff[] {
  if (diff === "") return [];
  const parts = diff.split(/^(?=diff --git )/m).filter((part) => part.trim() !== "");
  return parts.map((patch): FileDiff => {
    const path = /^diff --git a\/(.+) b\//.exec(patch)?.[1] ?? slice ?? "";
    return { path, change: changeOf(patch), patch };
  });
}

function changeOf(patch: string): FileDiff["change"] {
  if (/^new file mode /m.test(patch)) return "added";
  return /^deleted file mode /m.test(patch) ? "removed" : "modified";
}
