// A deployment: one commit that puts (or changes) one slice on its sites, and what became of it.
import * as z from "zod";
import { CommitSha, DeploymentId, IntentId, JobId, SiteId, SliceName, Timestamp } from "./ids.ts";
import { ServiceType, Snssai } from "./intent.ts";
import type { Moves } from "./moves.ts";
import { Evidence } from "./slo.ts";
import { PlanAction, WaveCommit } from "./stage.ts";

export const DeploymentStatus = z.enum(["applying", "live", "failed", "reverting", "reverted", "superseded"]);
export type DeploymentStatus = z.infer<typeof DeploymentStatus>;

export const DEPLOYMENT_MOVES: Moves<DeploymentStatus> = {
  applying: ["live", "failed", "reverting", "reverted", "superseded"], // superseded at once: a removal leaves nothing in force
  live: ["reverting", "superseded"], // superseded also by the removal of the slice
  failed: ["reverting", "live", "superseded"],
  reverting: ["reverted", "live", "applying", "failed"], // live, or still undecided, again: taken back at some of its sites only
  reverted: [],
  superseded: ["live"], // by a newer deployment of the slice; live again when that is taken back
};

export const DeploymentSiteState = z.enum(["pending", "syncing", "synced", "provisioned", "verified", "failed", "reverted"]);
export type DeploymentSiteState = z.infer<typeof DeploymentSiteState>;

export const DeploymentSite = z.object({
  site: SiteId,
  state: DeploymentSiteState,
  commit: CommitSha.nullable(),
  message: z.string(),
  updatedAt: Timestamp,
});
export type DeploymentSite = z.infer<typeof DeploymentSite>;

export const Deployment = z
  .object({
    deploymentId: DeploymentId,
    intentId: IntentId,
    jobId: JobId.nullable(),
    action: PlanAction,
    slice: SliceName,
    serviceType: ServiceType,
    snssai: Snssai,
    status: DeploymentStatus,
    digest: z.string(),
    repositoryUrl: z.string().nullable(),
    branch: z.string().nullable(),
    commit: CommitSha.nullable(), // the newest
    commits: z.array(WaveCommit), // one per wave
    revertCommit: CommitSha.optional(),
    approvedBy: z.string().nullable(),
    sites: z.array(DeploymentSite),
    evidence: z.array(Evidence),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: "Deployment" });
export type Deployment = z.infer<typeof Deployment>;
