// intent.prepare: parse, plan, render. No effect outside this machine; ends in a package, a question or a refusal.
import type { PrepareInput } from "../../protocol/job.ts";
import type { JobOutcome } from "../../protocol/report.ts";
import { REJECTING_REASONS, type StageFailure } from "../../protocol/stage.ts";
import type { FlowContext } from "../job-runner.ts";
import { stageFailure } from "../stages/deps.ts";
import { parse } from "../stages/parse.ts";
import { plan } from "../stages/plan.ts";
import { render } from "../stages/render.ts";

export async function prepareFlow(context: FlowContext, input: PrepareInput): Promise<JobOutcome> {
  const { deps, report, signal, job } = context;
  if (job.context === null) throw new Error("a preparation without the world it plans for");
  const stageInput = { input, context: job.context, signal };
  if (context.checkpoint.parse === undefined) {
    context.begin("parse");
    await report.started("parse");
    const parsed = await parse(deps, stageInput);
    if (!parsed.ok) return ended(parsed.error);
    await context.done({ stage: "parse", output: parsed.value });
  }
  const understanding = context.checkpoint.parse?.understanding;
  if (understanding === undefined) throw new Error("no understanding after parse");
  if (understanding.status === "clarification_needed") return { kind: "needs_clarification", clarifications: understanding.clarifications };
  if (understanding.status === "rejected") {
    const message = understanding.warnings[0] ?? "this is not a request about the network";
    return { kind: "rejected", failure: stageFailure("parse", { reason: "out_of_scope", message }) };
  }
  if (understanding.intent.action === "status") return { kind: "answer_due" };
  if (context.checkpoint.plan === undefined) {
    context.begin("plan");
    const planned = plan(stageInput, understanding);
    if (!planned.ok) return ended(planned.error);
    await context.done({ stage: "plan", output: planned.value });
  }
  if (context.checkpoint.render === undefined && context.checkpoint.plan !== undefined) {
    context.begin("render");
    await report.started("render");
    const rendered = await render(deps, { ...stageInput, jobId: job.lease.jobId }, context.checkpoint.plan);
    if (!rendered.ok) return ended(rendered.error);
    await context.done({ stage: "render", output: rendered.value });
  }
  return { kind: "prepared" };
}

/** Infeasible, conflict and out of scope are refusals; everything else is a failure. */
function ended(failure: StageFailure): JobOutcome {
  return REJECTING_REASONS.includes(failure.reason) ? { kind: "rejected", failure } : { kind: "failed", failure };
}
