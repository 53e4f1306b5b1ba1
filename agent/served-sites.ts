// The sites this agent serves: those of its file, and those the control centre gave it. The file wins where both name a site.
import { isDeepStrictEqual } from "node:util";
import type { SiteConfig } from "../protocol/site.ts";
import type { EdgePort } from "./ports.ts";

export interface ServedSites {
  /** With every heartbeat: all sites that were added through the API and given to this agent. */
  given(configs: readonly SiteConfig[]): void;
  ids(): string[];
}

interface ServedSitesDeps {
  edge: Pick<EdgePort, "use">;
  declared: readonly SiteConfig[];
  onChange(ids: string[]): void;
}

export function createServedSites({ edge, declared, onChange }: ServedSitesDeps): ServedSites {
  const own = new Set(declared.map((site) => site.id));
  let all = [...declared];
  return {
    given(configs) {
      const next = [...declared, ...configs.filter((site) => !own.has(site.id))];
      if (isDeepStrictEqual(next, all)) return;
      all = next;
      edge.use(all);
      onChange(all.map((site) => site.id));
    },
    ids: () => all.map((site) => site.id),
  };
}
