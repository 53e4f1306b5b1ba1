// The remediation ladder as a pure decision: which rung is due for an alert, and what it would do. It carries nothing out.
import type { RemediationStep } from "../protocol/alert.ts";
import type { IntentCommand, RemediationRung } from "../protocol/intent.ts";
import type { PlanContext } from "../protocol/job.ts";
import type { OperationsPolicy } from "../protocol/policy.ts";
import type { ObjectiveName } from "../protocol/slo.ts";
import { leftAt } from "./feasibility.ts";
import { tidy } from "./units.ts";

export type LadderPolicy = OperationsPolicy["remediation"];

/**
 * The rung that is due now; null: none is left, one is under way, or the last one has not had its time yet. What a rung has put out
 * lies above the deployment that the alert is about, and a rollback takes back one at a time: it is due once more for each of them.
 */
export function dueRung(steps: readonly RemediationStep[], now: number, { rungs, stepSeconds }: LadderPolicy): RemediationRung | null {
  if (steps.some((step) => step.state === "started")) return null;
  const acted = steps.filter((step) => step.state !== "skipped"); // to pass over a rung takes no time
  const last = Math.max(...acted.map((step) => Date.parse(step.at)));
  if (acted.length > 0 && now < last + stepSeconds * 1000) return null;
  const next = rungs.find((rung) => !steps.some((step) => step.rung === rung));
  if (next !== undefined) return next;
  const done = (...wanted: RemediationRung[]) => steps.filter((step) => step.state === "done" && wanted.includes(step.rung)).length;
  const takenBack = done("rollback");
  return rungs.includes("rollback") && takenBack > 0 && takenBack <= done("rerender", "scale") ? "rollback" : null;
}

const HOUR_MS = 3_600_000;

/**
 * How long no second rollback of a slice at a site comes by itself: a deployment below that is missed as well is no reason to walk back
 * the whole history. Long enough for a whole ladder. To take back what the ladder itself has put out, for the same alert, is one with it.
 */
export function rollbackPauseMs({ stepSeconds }: Pick<LadderPolicy, "stepSeconds">): number {
  return Math.max(HOUR_MS, 10 * stepSeconds * 1000);
}

export interface RungInput {
  rung: RemediationRung;
  slice: string;
  site: string;
  objective: ObjectiveName;
  context: PlanContext;
  scalePercent: number;
  /** Whether the deployment in force is the first of the slice at this site. */
  first: boolean;
  /** Whether a rollback for another alert has been done here within the pause. */
  rolledBack: boolean;
}

/** What a rung asks for, or why it is passed over. */
export type RungPlan = { kind: "ask"; command: IntentCommand; message: string } | { kind: "skip" | "done"; message: string };

export function planRung(input: RungInput): RungPlan {
  const { rung, slice, site, objective, first } = input;
  switch (rung) {
    case "notify":
      return { kind: "done", message: `${objective} of ${slice} at ${site} is missed` };
    case "rerender":
      return {
        kind: "ask",
        command: { action: "rerender", slice, sites: [site] },
        message: `the files of ${slice} at ${site} are put back`,
      };
    case "scale":
      return planScale(input);
    case "rollback": {
      if (input.rolledBack) return { kind: "skip", message: "rolled back once already; a person decides" };
      const result = first
        ? `it is the first one there, so ${slice} is removed from ${site}`
        : `what was in force at ${site} before is again`;
      return {
        kind: "ask",
        command: { action: "rollback", slice, sites: [site] },
        message: `the latest deployment of ${slice} is taken back; ${result}`,
      };
    }
  }
}

/** Which requirement a missed objective says is too small. Nothing that can be asked for makes latency or availability better. */
const SCALED: Partial<Record<ObjectiveName, "downlinkMbps" | "uplinkMbps">> = {
  throughputMin: "downlinkMbps",
  uplinkThroughputMin: "uplinkMbps",
};

const WORTH_IT = 1.01; // one per cent more at least; less is no reason for a deployment

function planScale({ slice, site, objective, context, scalePercent }: RungInput): RungPlan {
  const resource = SCALED[objective];
  if (resource === undefined) return { kind: "skip", message: `${objective} is missed; more throughput would not change it` };
  const held = context.slices.find((live) => live.slice === slice)?.sites.find((entry) => entry.site === site);
  const left = leftAt(site, { context, exceptSlice: slice });
  if (held === undefined || left === undefined) return { kind: "skip", message: `${slice} holds nothing at ${site}` };
  const has = held[resource];
  const wanted = Math.min(tidy(has * (1 + scalePercent / 100)), left[resource]);
  if (wanted < has * WORTH_IT) return { kind: "skip", message: `${site} has no ${resource} left beyond the ${has} that ${slice} holds` };
  const capped = wanted < tidy(has * (1 + scalePercent / 100)) ? `, all that ${site} has left` : "";
  return {
    kind: "ask",
    command: { action: "scale", slice, sites: [site], requirements: { [resource]: wanted } },
    message: `${resource} of ${slice} at ${site} from ${has} to ${wanted}${capped}`,
  };
}
