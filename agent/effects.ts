// What a run has done outside this machine so far: what a person is told who stops it. Nothing is undone here.
import type { DeploymentSiteState } from "../protocol/deployment.ts";
import type { Checkpoint } from "../protocol/stage.ts";

export interface Effects {
  /** What a stage tells of a site, also before the stage is done. */
  site(news: { site: string; state: DeploymentSiteState }): void;
  /** A revert is on the branch; whether the sites have followed is another matter. */
  reverted(revertCommit: string, sites: readonly string[]): void;
  list(checkpoint: Checkpoint): string[];
}

const SAYS: Partial<Record<DeploymentSiteState, string>> = { synced: "has applied it", provisioned: "runs it" };

export function createEffects(): Effects {
  const states = new Map<string, DeploymentSiteState>();
  const reverts = new Map<string, readonly string[]>();
  return {
    site: ({ site, state }) => void states.set(site, state),
    reverted: (revertCommit, sites) => void reverts.set(revertCommit, sites),
    list({ push, sync, rollback }) {
      const known = new Map([...(sync?.sites ?? []).map(({ site, state }) => [site, state] as const), ...states]);
      const taken = new Map(reverts);
      if (rollback !== undefined && !taken.has(rollback.revertCommit)) taken.set(rollback.revertCommit, rollback.sites);
      return [
        ...(push?.waves ?? []).map(({ commit, sites }) => {
          const where = push?.waves.length === 1 ? "" : ` for ${sites.join(", ")}`;
          return `commit ${commit} is in ${push?.repositoryUrl} on ${push?.branch}${where}`;
        }),
        ...[...known].sort().flatMap(([site, state]) => (SAYS[state] === undefined ? [] : [`${site} ${SAYS[state]}`])),
        ...[...taken].map(([commit, sites]) => `commit ${commit} takes it back at ${sites.join(", ")}`),
      ];
    },
  };
}
