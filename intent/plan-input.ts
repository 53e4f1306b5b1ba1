// What every plan starts from, how a plan is refused, and the parts that all plans have.
import type { Requirements, Rollout, ServiceType, Snssai, Understanding } from "../protocol/intent.ts";
import type { LiveSlice, PlanContext } from "../protocol/job.ts";
import { err, ok, type Result } from "../protocol/result.ts";
import type { FailureReason, PlanAction, PlanOutput, RejectionReason, SlicePlan, StageFailure } from "../protocol/stage.ts";
import { effectiveRequirements } from "./defaults.ts";
import { checkFeasibility, type FeasibilityInput } from "./feasibility.ts";
import { chooseFiveQi, LOWEST_FEASIBLE_LATENCY_MS } from "./five-qi.ts";
import { buildServiceProfile, formalIntent } from "./formal.ts";
import { objectivesFor } from "./objectives.ts";
import { proposePreemption } from "./preemption.ts";
import { wavesOf } from "./rollout.ts";

export interface PlanInput {
  understanding: Understanding;
  text: string;
  intentId: string;
  priority: number; // when the text states none
  rollout: Rollout | null;
  preempt: boolean; // slices of lower priority may be proposed to make room
  rerender: boolean; // a scale to what is there already: the files as they belong
  context: PlanContext;
  now: Date;
}

const REASON: Record<RejectionReason, FailureReason> = {
  unsupported_expectations: "infeasible",
  unsupported_information_model: "infeasible",
  out_of_scope: "out_of_scope",
  INFEASIBLE: "infeasible",
  INTENT_CONFLICT: "conflict",
};

export function refuse(rejection: RejectionReason, message: string, more: Partial<StageFailure> = {}): StageFailure {
  return { stage: "plan", reason: REASON[rejection], message, retryable: false, rejection, ...more };
}

/** What the text states, else what the request says. */
export function priorityOf({ understanding, priority }: PlanInput): number {
  return understanding.provenance["priority"]?.source === "text" ? understanding.intent.priority : priority;
}

/** The first name that is no registered site. */
export function unknownSite(sites: readonly string[], context: PlanContext): StageFailure | undefined {
  const registered = context.sites.map((site) => site.id);
  const site = sites.find((id) => !registered.includes(id));
  if (site === undefined) return undefined;
  const message = `${site} is not a registered site; registered are: ${registered.join(", ") || "none"}.`;
  return refuse("INFEASIBLE", message, { site });
}

interface Wanted {
  serviceType: ServiceType;
  requirements: Requirements;
  sites: readonly string[];
  exceptSlice?: string;
}

/** The 5QI and, when there is no other way and it is allowed, who makes room. */
export function fit(input: PlanInput, wanted: Wanted): Result<{ fiveQi: number; preempts: SlicePlan["preempts"] }, StageFailure> {
  const demand = effectiveRequirements(wanted.serviceType, wanted.requirements);
  const fiveQi = chooseFiveQi(wanted.serviceType, demand.latencyMs);
  if (fiveQi === undefined) {
    const lowest = LOWEST_FEASIBLE_LATENCY_MS;
    const message = `No standard 5QI has a packet delay budget of ${demand.latencyMs} ms or less; the nearest feasible latency is ${lowest} ms.`;
    return err(refuse("unsupported_expectations", message, { counterOffer: { latencyMs: lowest } }));
  }
  const question: FeasibilityInput = {
    demand,
    sites: wanted.sites,
    context: input.context,
    ...(wanted.exceptSlice === undefined ? {} : { exceptSlice: wanted.exceptSlice }),
  };
  const fits = checkFeasibility(question);
  if (fits.ok) return ok({ fiveQi, preempts: [] });
  const proposal = proposePreemption(question, priorityOf(input));
  if (proposal !== undefined && input.preempt) return ok({ fiveQi, preempts: proposal });
  const { message, site, counterOffer, details } = fits.error;
  const room = proposal === undefined ? "" : `; ${roomBy(proposal, input.context.slices)}`;
  return err(refuse("INFEASIBLE", `${message}${room}`, { site, details, ...(counterOffer === undefined ? {} : { counterOffer }) }));
}

function roomBy(proposal: SlicePlan["preempts"], slices: readonly LiveSlice[]): string {
  const who = proposal.map(
    ({ slice, site }) => `${slice} (priority ${slices.find((one) => one.slice === slice)?.priority ?? "?"}) at ${site}`,
  );
  return `removing ${who.join(" and ")} would make room: send it again with preempt, and approve it`;
}

interface Parts {
  action: PlanAction;
  slice: string;
  serviceType: ServiceType;
  snssai: Snssai;
  requirements: Requirements;
  sites: readonly string[];
  priority: number;
  fiveQi: number;
  replaces: SlicePlan["replaces"];
  preempts?: SlicePlan["preempts"];
  takesBack?: string;
  renderedFor?: string;
  warnings?: string[];
}

/** Puts a plan and its formal intent together. Fails when the rollout does not fit the sites. */
export function assemble(input: PlanInput, parts: Parts): Result<PlanOutput, StageFailure> {
  const { action, slice, serviceType, snssai, requirements, priority, fiveQi, replaces } = parts;
  const sites = [...parts.sites];
  const renderedFor = parts.renderedFor ?? input.intentId;
  const waves = wavesOf(sites, input.rollout);
  if (!waves.ok) return err(refuse("unsupported_information_model", waves.error));
  const profile = buildServiceProfile({ intentId: renderedFor, serviceType, requirements, snssai });
  const plan: SlicePlan = {
    ...{ action, slice, serviceType, snssai, requirements, priority, fiveQi, replaces, sites, profile, renderedFor },
    waves: waves.value,
    bakeSeconds: waves.value.length > 1 ? (input.rollout?.bakeSeconds ?? 0) : 0,
    preempts: parts.preempts ?? [],
    takesBack: parts.takesBack ?? null,
    objectives: objectivesFor(serviceType, requirements),
  };
  const { intentId, text, now } = input;
  const formal = formalIntent({ intentId, text, serviceType, slice, sites, profile, priority, now });
  return ok({ plan, formal, warnings: [...input.understanding.warnings, ...(parts.warnings ?? [])] });
}
