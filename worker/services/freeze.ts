// When work on frozen sites may begin.
import { frozenUntil } from "../../intent/freeze.ts";
import type { FreezeWindow } from "../../protocol/site.ts";
import type { SlicePlan } from "../../protocol/stage.ts";
import type { Deps } from "../deps.ts";

export interface Frozen {
  freeze: Record<string, FreezeWindow[]>; // of the plan's sites
}

/** When the first wave may begin; undefined: now. A rollback never waits. */
export function beginsAt(deps: Deps, world: Frozen, plan: SlicePlan): number | undefined {
  const ends = (plan.waves[0] ?? plan.sites).map((site) => frozenUntil(world.freeze[site] ?? [], new Date(deps.now()))?.getTime() ?? 0);
  const latest = Math.max(0, ...ends);
  return latest === 0 ? undefined : latest;
}
