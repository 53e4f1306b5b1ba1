// The plan stage as a pure function: one slice on known sites with capacity left and no clash with what is live, or why not.
import { type Action, type ServiceType, type Snssai, SST, type Understanding } from "../protocol/intent.ts";
import type { PlanContext } from "../protocol/job.ts";
import { err, ok, type Result } from "../protocol/result.ts";
import type { FailureReason, PlanOutput, StageFailure } from "../protocol/stage.ts";
import { effectiveRequirements } from "./defaults.ts";
import { checkFeasibility } from "./feasibility.ts";
import { chooseFiveQi, LOWEST_FEASIBLE_LATENCY_MS } from "./five-qi.ts";
import { buildServiceProfile, formalIntent } from "./formal.ts";
import { freeSd, freeSliceName, labelOf } from "./naming.ts";
import { objectivesFor } from "./objectives.ts";

export interface PlanInput {
  understanding: Understanding;
  text: string;
  intentId: string;
  priority: number;
  context: PlanContext;
  now: Date;
}

/** Only deploy is carried out by intents; each other action has its own way in. */
const OTHER_WAYS: Record<Exclude<Action, "deploy">, string> = {
  rollback: "Rollback is not carried out from a sentence; use POST /api/v1/deployments/{id}/rollback or the rollback button.",
  scale: "Scaling a live slice is not carried out yet; roll the deployment back and deploy the slice with the new requirements.",
  terminate: "Terminating is not carried out from a sentence; use POST /api/v1/deployments/{id}/rollback or the rollback button.",
  status: "Status is answered directly; use GET /api/v1/intents, GET /api/v1/deployments or GET /api/v1/sites.",
  unsupported: "This is not a request that this system can carry out.",
};

function failure(reason: FailureReason, message: string, site?: string): { ok: false; error: StageFailure } {
  return err({ stage: "plan", reason, message, retryable: false, ...(site === undefined ? {} : { site }) });
}

function checkTarget(input: PlanInput): Result<{ serviceType: ServiceType; sites: string[] }, StageFailure> {
  const { intent, clarifications } = input.understanding;
  if (intent.action !== "deploy") return failure("out_of_scope", OTHER_WAYS[intent.action]);
  if (intent.intentType === null || intent.targetSites.length === 0 || clarifications.length > 0) {
    const open = clarifications.map((clarification) => clarification.question).join(" ");
    return failure("infeasible", `The request is not complete. ${open}`.trim());
  }
  const registered = new Set(input.context.sites.map((site) => site.id));
  const unknown = intent.targetSites.find((site) => !registered.has(site));
  if (unknown !== undefined) {
    return failure("infeasible", `${unknown} is not a registered site; registered are: ${[...registered].join(", ") || "none"}.`, unknown);
  }
  return ok({ serviceType: intent.intentType, sites: [...new Set(intent.targetSites)] });
}

function chooseName(input: PlanInput, serviceType: ServiceType): Result<{ slice: string; warnings: string[] }, StageFailure> {
  const live = input.context.slices;
  const wanted = input.understanding.intent.slice;
  const label = wanted === undefined ? undefined : labelOf(wanted);
  if (label !== undefined) {
    const holder = live.find((slice) => slice.slice === label);
    if (holder === undefined) return ok({ slice: label, warnings: [] });
    return failure("conflict", `Slice ${label} is live already on ${holder.sites.join(", ")}; choose another name or roll it back first.`);
  }
  const slice = freeSliceName(serviceType, input.intentId, live);
  const warnings = wanted === undefined ? [] : [`"${wanted}" is not a valid slice name (a DNS label); the slice is called ${slice}.`];
  return ok({ slice, warnings });
}

function chooseSnssai(input: PlanInput, serviceType: ServiceType): Result<Snssai, StageFailure> {
  const live = input.context.slices;
  const asked = input.understanding.intent.constraints.snssai;
  if (asked !== undefined) {
    const holder = live.find((slice) => slice.snssai.sst === asked.sst && slice.snssai.sd.toLowerCase() === asked.sd);
    if (holder === undefined) return ok(asked);
    return failure("conflict", `S-NSSAI ${asked.sst}-${asked.sd} is in use by slice ${holder.slice} on ${holder.sites.join(", ")}.`);
  }
  const sst = SST[serviceType];
  const sd = freeSd(input.intentId, sst, live);
  if (sd === undefined) return failure("infeasible", `Every SD of SST ${sst} is in use.`);
  return ok({ sst, sd });
}

/** Plans a deploy. Fails as out_of_scope, infeasible or conflict; a failure of the plan is never worth a retry. */
export function planSlice(input: PlanInput): Result<PlanOutput, StageFailure> {
  const target = checkTarget(input);
  if (!target.ok) return target;
  const { serviceType, sites } = target.value;
  const { requirements } = input.understanding.intent;
  const demand = effectiveRequirements(serviceType, requirements);

  const fiveQi = chooseFiveQi(serviceType, demand.latencyMs);
  if (fiveQi === undefined) {
    const lowest = LOWEST_FEASIBLE_LATENCY_MS;
    return failure(
      "infeasible",
      `No standard 5QI has a packet delay budget of ${demand.latencyMs} ms or less; the nearest feasible latency is ${lowest} ms.`,
    );
  }
  const fits = checkFeasibility({ demand, sites, context: input.context });
  if (!fits.ok) return failure("infeasible", fits.error.message, fits.error.site);

  const name = chooseName(input, serviceType);
  if (!name.ok) return name;
  const snssai = chooseSnssai(input, serviceType);
  if (!snssai.ok) return snssai;

  const { slice, warnings } = name.value;
  const profile = buildServiceProfile({ intentId: input.intentId, serviceType, requirements, snssai: snssai.value });
  const plan = {
    slice,
    serviceType,
    snssai: snssai.value,
    fiveQi,
    profile,
    sites,
    objectives: objectivesFor(serviceType, requirements),
  };
  const { intentId, text, priority, now } = input;
  const formal = formalIntent({ intentId, text, serviceType, slice, sites, profile, priority, now });
  return ok({ plan, formal, warnings: [...input.understanding.warnings, ...warnings] });
}
