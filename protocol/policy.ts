// The operations policy of an installation: what needs a person, how live slices are watched, what is done about them.
import * as z from "zod";
import { RemediationRung } from "./intent.ts";
import { PlanAction } from "./stage.ts";

/** A site with this label is a production site: whatever is put out there needs an approval, whatever the request says. */
export const PRODUCTION_LABEL = { key: "environment", values: ["production", "prod"] } as const;

/** In any case: a capital letter must not switch the safeguard off. */
export function isProduction(labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).some(
    ([key, value]) => key.toLowerCase() === PRODUCTION_LABEL.key && PRODUCTION_LABEL.values.some((one) => one === value.toLowerCase()),
  );
}

export const OperationsPolicy = z
  .strictObject({
    approval: z
      .strictObject({
        actions: z.array(PlanAction).max(4).default([]), // these always need one
        labels: z.record(z.string().max(63), z.string().max(63)).default({}), // and so do sites with one of these labels
        fourEyes: z.boolean().default(false), // who asked may not approve
      })
      .prefault({}),
    assurance: z
      .strictObject({
        enabled: z.boolean().default(true),
        intervalSeconds: z.number().int().min(1).max(3_600).default(15),
        window: z.number().int().min(1).max(100).default(4), // the last measurements that are looked at
        triggerAfter: z.number().int().min(1).max(100).default(3), // misses among them raise the alert
        resolveAfter: z.number().int().min(1).max(100).default(3), // passes in a row end it
        outageAfter: z.number().int().min(1).max(100).default(4), // measurements in a row that tell nothing
      })
      .refine(({ triggerAfter, window }) => triggerAfter <= window, { path: ["triggerAfter"], message: "must not exceed the window" })
      .prefault({}),
    remediation: z
      .strictObject({
        rungs: z
          .array(RemediationRung)
          .max(4)
          .refine((rungs) => new Set(rungs).size === rungs.length, "each rung once")
          .default(["notify"]),
        stepSeconds: z.number().int().min(0).max(86_400).default(60), // after each rung, before the next
        scalePercent: z.number().min(1).max(100).default(25), // how much more throughput a scale asks for
      })
      .prefault({}),
  })
  .meta({ id: "OperationsPolicy" });
export type OperationsPolicy = z.infer<typeof OperationsPolicy>;
