// What a stage may use: ports, a clock, and bounds. No stage names a concrete adapter or talks to the worker.

import type { DeploymentSiteState } from "../../protocol/deployment.ts";
import type { PlanContext } from "../../protocol/job.ts";
import type { RenderedFile, StageFailure, StageName } from "../../protocol/stage.ts";
import type { EdgePort, EdgeSite, GitPort, KrmPort, LlmPort } from "../ports.ts";

export interface StageDeps {
  llm: LlmPort;
  krm: KrmPort;
  git: GitPort;
  edge: EdgePort;
  digest(files: RenderedFile[]): string;
  now(): Date;
  syncTimeoutMs: number; // until a site must have followed a commit
  verifyTimeoutMs: number; // until there must be enough samples to judge
}

export interface StageInput<T> {
  input: T;
  context: PlanContext;
  signal: AbortSignal;
}

/** How a stage tells of one site while it goes on. */
export type TellSite = (news: { site: string; state: DeploymentSiteState; commit: string | null; message: string }) => Promise<void>;

export function stageFailure(stage: StageName, failure: Omit<StageFailure, "stage" | "retryable"> & { retryable?: boolean }): StageFailure {
  return { stage, retryable: false, ...failure };
}

/** The adapter of a site, or the failure that this agent does not serve it. */
export function edgeSite(deps: StageDeps, id: string): EdgeSite {
  const site = deps.edge.site(id);
  if (site === undefined) throw new Error(`no adapter for site ${id}; the worker must not hand out its jobs to this agent`);
  return site;
}
