// The ports a stage sees. Only agent/index.ts names the concrete adapters behind them.

import type { FormalIntent, Understanding } from "../protocol/intent.ts";
import type { PlanContext, PrepareInput } from "../protocol/job.ts";
import type { Result } from "../protocol/result.ts";
import type { ProvisioningRequest, SiteCheck, SiteConfig } from "../protocol/site.ts";
import type { FileDiff, PushOutput, RenderedFile, SlicePlan, StageFailure, WaveCommit } from "../protocol/stage.ts";

/** Makes an understanding of a sentence. The rules are the last provider and always there. */
export interface LlmPort {
  understand(input: PrepareInput, context: PlanContext, signal: AbortSignal): Promise<Result<Understanding, StageFailure>>;
}

export interface KrmInput {
  intentId: string;
  plan: SlicePlan;
  formal: FormalIntent;
}

/** Renders the package of one slice for every site of the plan. Same input, same bytes, whichever runner is behind it. */
export interface KrmPort {
  readonly runner: "kpt" | "embedded";
  /** Files under `sites/<site>/slices/<slice>/`, sorted by path, validated. Fails as invalid_package with a line per finding. */
  render(input: KrmInput, signal: AbortSignal): Promise<Result<RenderedFile[], StageFailure>>;
}

export interface CommitTrailers {
  intentId: string;
  jobId: string;
  sites: string[];
  approvedBy: string | null;
  wave?: { number: number; of: number }; // of a rollout in waves, from 1
}

/** What a commit makes of a slice: its folders at the sites become exactly the files (none: they go), and others' folders go too. */
export interface SliceChange {
  slice: string;
  sites: string[];
  files: RenderedFile[];
  removes?: { slice: string; site: string }[];
}

export interface PushInput extends Omit<SliceChange, "sites"> {
  subject: string;
  body: string;
  trailers: CommitTrailers; // `sites` are the ones of this commit
}

export interface PushedCommit {
  commit: string;
  parent: string;
  branch: string;
  repositoryUrl: string;
}

export interface RevertInput {
  jobId: string;
  intentId: string;
  slice: string;
  commit: string;
  sites: string[]; // the ones taken back
  allSites: string[]; // the ones the commit touched
  reason: string;
}

/** What should be at a site: each slice by the commit of its deployment; and the commit that the site says is in force. */
export interface DriftQuery {
  site: string;
  inForce: string | null;
  slices: { slice: string; commit: string }[];
}

/** How the branch differs from that at the site. */
export interface TreeDrift {
  site: string;
  changed: { slice: string; commit: string; diff: string }[]; // unified, from the deployment's commit to the branch; empty when there are too many
  missing: string[]; // slices that are gone from the branch
  unmanaged: string[]; // slices on the branch that the query does not name
  follows: boolean | null; // the site's folder at the commit in force is the branch's; null: that commit is not known
  inForce: string[] | null; // the slices that git has at the commit in force
}

/** The GitOps repository. Every method bounds its retries and fails as git_unreachable, git_refused or git_conflict. */
export interface GitPort {
  /** Unified diff of the change against the branch's live tree; files that would go are "removed". */
  diff(change: SliceChange, signal: AbortSignal): Promise<Result<FileDiff[], StageFailure>>;
  /** One commit for all sites, kustomizations regenerated; a commit with this Job-Id (and wave) that is already on the branch is the answer. */
  push(input: PushInput, expected: FileDiff[] | null, signal: AbortSignal): Promise<Result<PushedCommit, StageFailure>>;
  /** A real `git revert`, whole or for some of the commit's sites; a revert of it that is already there is the answer. */
  revert(input: RevertInput, signal: AbortSignal): Promise<Result<{ revertCommit: string }, StageFailure>>;
  /** What reverting these commits at the sites would change now; null when this very job has reverted them already. */
  revertDiff(
    input: Omit<RevertInput, "commit" | "allSites">,
    commits: WaveCommit[],
    signal: AbortSignal,
  ): Promise<Result<FileDiff[] | null, StageFailure>>;
  /** The commits of a job that are on the branch already, by its Job-Id, in order from this wave (from 1) on; null when there is none. */
  published(jobId: string, from: number, signal: AbortSignal): Promise<Result<PushOutput | null, StageFailure>>;
  /** What of these commits a job has taken back on the branch already, by its Job-Id; for each revert the sites. */
  reverts(jobId: string, commits: WaveCommit[], signal: AbortSignal): Promise<Result<WaveCommit[], StageFailure>>;
  /** Compares without touching anything; in the order of the queries. */
  drift(queries: DriftQuery[], signal: AbortSignal): Promise<Result<TreeDrift[], StageFailure>>;
  /** Whether `candidate` is `commit` or a descendant in which the slice's files at the site are unchanged; undefined: cannot be told. */
  carries(candidate: string, commit: string, path: { site: string; slice: string }, signal: AbortSignal): Promise<boolean | undefined>;
}

/** Why a site could not be asked. */
export interface EdgeFailure {
  kind: "unreachable" | "timeout" | "refused" | "invalid";
  message: string;
}

/** What the site itself says of its sync: Config Sync's RootSync, by the predicate of its own e2e tests. */
export interface SyncReport {
  phase: "synced" | "syncing" | "failed";
  commit: string | null; // the commit in force (lastSyncedCommit), also while a newer one is being applied
  attempted: string | null; // the commit that a failure is about, where the site says it
  message: string;
}

/** Health of the resources of one slice (ResourceGroup). `absent` when the site has none of them. */
export interface ResourceReport {
  phase: "healthy" | "progressing" | "failed" | "absent";
  message: string;
}

export interface InventoryReport {
  present: boolean;
  healthy: boolean;
  message: string;
}

/** One instant query with its sample count; value null when the result is empty, NaN when the backend says NaN. */
export interface Measurement {
  value: number | null;
  samples: number;
}

/** O-RAN O2 IMS provisioning: phases as oran-o2ims names them, whatever dialect the site speaks. */
export interface ProvisioningReport {
  phase: "pending" | "progressing" | "fulfilled" | "failed" | "deleting";
  message: string;
  nodeClusterId: string | null;
}

/** One edge site, seen through its own APIs. Every call is bounded by its own timeout and by the signal. */
export interface EdgeSite {
  readonly id: string;
  syncReport(signal: AbortSignal): Promise<Result<SyncReport, EdgeFailure>>;
  resources(slice: string, signal: AbortSignal): Promise<Result<ResourceReport, EdgeFailure>>;
  deploymentManager(signal: AbortSignal): Promise<Result<InventoryReport, EdgeFailure>>;
  measure(query: string, countQuery: string, signal: AbortSignal): Promise<Result<Measurement, EdgeFailure>>;
  /** The same for all slices of the site at once, by the label `slice`. */
  measureSlices(query: string, countQuery: string, signal: AbortSignal): Promise<Result<Map<string, Measurement>, EdgeFailure>>;
  /** Every slice of which the site has resources, also those that nobody asked for. */
  slices(signal: AbortSignal): Promise<Result<Map<string, ResourceReport>, EdgeFailure>>;
  /** Asks for a cluster. The id is the caller's: a request that is there already is the answer, never a second one. */
  provision(request: ProvisioningRequest, signal: AbortSignal): Promise<Result<ProvisioningReport, EdgeFailure>>;
  /** Null when the O-Cloud does not know the request. */
  provisioning(id: string, signal: AbortSignal): Promise<Result<ProvisioningReport | null, EdgeFailure>>;
  /** Asks for its removal; one that is gone already is fine. Whether it is gone tells `provisioning`. */
  deprovision(id: string, signal: AbortSignal): Promise<Result<void, EdgeFailure>>;
  /** What a person is told who adds the site: each address and credential, tried once. */
  check(signal: AbortSignal): Promise<SiteCheck[]>;
}

export interface EdgePort {
  site(id: string): EdgeSite | undefined;
  /** The sites that are served now; an adapter whose configuration is as before stays the same one. */
  use(sites: readonly SiteConfig[]): void;
  /** An adapter for a site that is not served (yet). */
  probe(site: SiteConfig): EdgeSite;
}
