// What the waves so far come to: the outputs of a stage, wave on wave, and the verdicts read out of them. Pure.
import { overallVerdict } from "../../intent/verdict.ts";
import type { Evidence } from "../../protocol/slo.ts";
import type { Checkpoint, PushOutput, SiteOutcome, StageFailure, SyncOutput, VerifyOutput } from "../../protocol/stage.ts";
import type { PushedCommit } from "../ports.ts";
import { stageFailure } from "../stages/deps.ts";

export function mergedPush(before: Checkpoint["push"], pushed: PushedCommit, sites: string[]): PushOutput {
  return { ...pushed, waves: [...(before?.waves ?? []), { commit: pushed.commit, sites }] };
}

export function mergedSync(before: Checkpoint["sync"], now: SyncOutput): SyncOutput {
  const asked = now.sites.map((outcome) => outcome.site);
  return { sites: [...(before?.sites ?? []).filter((outcome) => !asked.includes(outcome.site)), ...now.sites] };
}

export function mergedVerify(
  before: Checkpoint["verify"],
  now: Pick<VerifyOutput, "verdict" | "evidence">,
  { sites, bakedWaves }: { sites: string[]; bakedWaves: number },
): VerifyOutput {
  return {
    verdict: now.verdict,
    evidence: [...(before?.evidence ?? []), ...now.evidence],
    sites: [...new Set([...(before?.sites ?? []), ...sites])],
    bakedWaves,
  };
}

/** By this job's own rollback, or by a person while the rollout waited. */
export function takenBackAt({ sync, rollback }: Checkpoint): string[] {
  const byHand = (sync?.sites ?? []).filter((outcome) => outcome.state === "reverted").map((outcome) => outcome.site);
  return [...(rollback?.sites ?? []), ...byHand];
}

/** The job's own rollback has left nothing of what was pushed. */
export function allTakenBack({ push, rollback }: Checkpoint): boolean {
  const pushed = (push?.waves ?? []).flatMap((wave) => wave.sites);
  return pushed.length > 0 && pushed.every((site) => rollback?.sites.includes(site) === true);
}

/** The newest record of each objective at each of the sites. */
export function latestEvidence(verified: Checkpoint["verify"], sites: readonly string[]): Evidence[] {
  const newest = new Map<string, Evidence>();
  for (const record of verified?.evidence ?? []) if (sites.includes(record.site)) newest.set(`${record.site} ${record.objective}`, record);
  return [...newest.values()];
}

/** What is neither passed nor failed. */
export function openEvidence(evidence: readonly Evidence[]): Evidence[] {
  return evidence.filter((record) => record.verdict === "inconclusive" || record.verdict === "error");
}

/** A site after the SLO gate, as the policy wants to see it. */
export function judged(site: string, evidence: readonly Evidence[], commit: string | null): SiteOutcome {
  const bad = evidence.filter((record) => record.site === site && record.verdict === "fail");
  if (overallVerdict(bad.map((record) => record.verdict)) !== "fail")
    return { site, state: "provisioned", commit, message: "no service level missed" };
  const message = `${site}: ${bad.map((record) => record.message).join("; ")}`;
  const failure = stageFailure("verify", { reason: "slo_failed", message, site });
  return { site, state: "failed", commit, message, failure };
}

export function unclear(open: readonly Evidence[]): StageFailure {
  const message = open.map((record) => `${record.site}: ${record.message}`).join("; ");
  return stageFailure("verify", { reason: "slo_inconclusive", message, retryable: true });
}
