// One fact of a job → statements and events. Stages and sites here; how a job ends is in outcomes.ts.
import { and, eq } from "drizzle-orm";
import { deploymentSites, evidence, sites } from "../../drizzle/schema.ts";
import type { EventData, EventType } from "../../protocol/event.ts";
import type { Fact, ReportedFact, StageOutput } from "../../protocol/report.ts";
import { type About, type FactContext, setDeployment } from "./fact-context.ts";
import { restore } from "./in-force.ts";
import { saveCheckpoint } from "./jobs.ts";
import { applyOutcome } from "./outcomes.ts";

export function applyFact(context: FactContext, { id, at, fact }: ReportedFact): void {
  const about = { id, at: Date.parse(at), jobId: context.job.id };
  switch (fact.type) {
    case "stage.started":
      return started(context, fact, about);
    case "stage.completed":
      return completed(context, fact.result, about);
    case "site.state":
      return siteState(context, fact, about);
    case "job.finished":
      return applyOutcome(context, fact.outcome, about);
  }
}

type FactOf<T extends Fact["type"]> = Extract<Fact, { type: T }>;

/** A stage that starts again after a crash is shown once. */
function once<T extends EventType>(context: FactContext, type: T, { data, about }: { data: EventData<T>; about: About }): void {
  if (!context.announced.has(type)) context.draft.event(type, data, about);
}

function started(context: FactContext, fact: FactOf<"stage.started">, about: About): void {
  const { draft, job, checkpoint, deployment } = context;
  const input = job.input;
  switch (fact.stage) {
    case "parse":
      if (draft.row.status === "received") draft.moveTo("parsing");
      return once(context, "intent.parsing", { data: {}, about });
    case "render":
      if (checkpoint.plan === undefined) return;
      return once(context, "krm.generating", { data: { plan: checkpoint.plan.plan, warnings: checkpoint.plan.warnings }, about });
    case "push":
      if (input.kind !== "intent.apply") return;
      return once(context, "gitops.pushing", {
        data: { deploymentId: input.deploymentId, slice: input.plan.slice, sites: input.plan.sites },
        about,
      });
    case "verify": {
      if (deployment === null) return;
      const data = { deploymentId: deployment.id, sites: fact.sites ?? [] };
      const inWaves = input.kind === "intent.apply" && input.plan.waves.length > 1; // then the gate is met more than once
      if (inWaves) return draft.event("slo.validating", data, about);
      return once(context, "slo.validating", { data, about });
    }
    case "rollback": {
      if (deployment === null) return;
      // A part that is taken back while the rest goes on leaves the deployment what it is.
      const partly = input.kind === "intent.apply" && (fact.sites ?? []).length < input.plan.sites.length;
      if (!partly) setDeployment(context, { status: "reverting" });
      const data = { deploymentId: deployment.id, sites: fact.sites ?? [], reason: fact.reason ?? "" };
      return once(context, "rollback.initiated", { data, about });
    }
    case "plan":
    case "sync":
      return; // plan has no stage in the monitor; sync speaks per site
  }
}

function completed(context: FactContext, result: StageOutput, about: About): void {
  const { deps, unit, job, draft, deployment } = context;
  const measuredBefore = context.checkpoint.verify?.evidence.length ?? 0;
  saveCheckpoint(unit, deps, { job, stage: result.stage, output: result.output });
  context.checkpoint = { ...context.checkpoint, [result.stage]: result.output };
  switch (result.stage) {
    case "parse": {
      const { understanding } = result.output;
      const { action, intentType } = understanding.intent;
      draft.set({ understanding, action, serviceType: intentType });
      if (understanding.status !== "success") return; // the outcome that follows says what is missing or wrong
      draft.moveTo("parsed");
      return draft.event("intent.parsed", { understanding }, about);
    }
    case "plan": {
      const { plan, formal } = result.output;
      return draft.set({
        plan,
        formal,
        sites: plan.sites,
        slice: plan.slice,
        serviceType: plan.serviceType,
        ...(plan.action === "deploy" ? { priority: plan.priority } : {}),
      });
    }
    case "render": {
      const { diff, digest, runner } = result.output;
      draft.set({ diff, digest });
      return draft.event("krm.generated", { digest, runner, diff: diff.map(({ path, change }) => ({ path, change })) }, about);
    }
    case "push": {
      if (deployment === null) return;
      const { commit, repositoryUrl, branch, waves } = result.output;
      setDeployment(context, { commit, commits: waves, repositoryUrl, branch });
      const to = waves.at(-1)?.sites ?? [];
      return draft.event("gitops.pushed", { deploymentId: deployment.id, commit, repositoryUrl, branch, sites: to }, about);
    }
    case "sync":
      return; // each site has spoken for itself
    case "verify": {
      if (deployment === null) return;
      const { verdict, evidence: all } = result.output; // of all waves so far; what an earlier one left is stored
      const fresh = all.slice(measuredBefore);
      for (const record of fresh) unit.add(deps.db.insert(evidence).values({ deploymentId: deployment.id, record }));
      return draft.event("slo.validated", { deploymentId: deployment.id, verdict, evidence: fresh }, about);
    }
    case "rollback": {
      if (deployment === null) return;
      const { revertCommit, sites: taken, unconfirmed } = result.output;
      setDeployment(context, { revertCommit });
      restore(unit, deps, { deploymentId: deployment.id, plan: deployment.plan, sites: taken });
      draft.event("rollback.completed", { deploymentId: deployment.id, revertCommit, sites: taken, unconfirmed }, about);
    }
  }
}

function siteState(context: FactContext, fact: FactOf<"site.state">, about: About): void {
  const { deps, unit, draft, deployment } = context;
  if (deployment === null) return;
  const { site, state, commit, message } = fact;
  const now = deps.now();
  unit.add(
    deps.db
      .update(deploymentSites)
      .set({ state, commit, message, updatedAt: now })
      .where(and(eq(deploymentSites.deploymentId, deployment.id), eq(deploymentSites.site, site))),
  );
  const seen = state === "synced" || state === "provisioned" || state === "reverted";
  if (seen && commit !== null)
    unit.add(
      deps.db.update(sites).set({ commit, lastSync: now, status: "healthy", message: "", updatedAt: now }).where(eq(sites.id, site)),
    );
  if (state === "failed") unit.add(deps.db.update(sites).set({ status: "degraded", message, updatedAt: now }).where(eq(sites.id, site)));
  const data = { deploymentId: deployment.id, state, commit, message };
  if (state === "syncing" || state === "synced") draft.event("edge.deploying", data, { ...about, site });
  else if (state === "provisioned") draft.event("edge.deployed", data, { ...about, site });
  else if (state === "failed") draft.event("edge.failed", data, { ...about, site });
}
