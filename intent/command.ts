// An understanding without a sentence: an action that came as data. What is left to know about the slice is looked up in the context.
import type { IntentCommand, Understanding } from "../protocol/intent.ts";
import type { LiveSlice } from "../protocol/job.ts";
import { DEFAULT_PRIORITY } from "./defaults.ts";
import { completeProfile } from "./understand.ts";

export interface CommandInput {
  command: IntentCommand;
  intentId: string;
  text: string;
  priority?: number;
  slices: readonly LiveSlice[];
  now: Date;
}

export function understandCommand({ command, intentId, text, priority, slices, now }: CommandInput): Understanding {
  const live = slices.find((slice) => slice.slice === command.slice);
  const requirements = "requirements" in command ? command.requirements : {};
  const intentType = command.action === "deploy" ? command.serviceType : (live?.serviceType ?? null);
  const given = { source: "context" } as const;
  const provenance: Understanding["provenance"] = { action: given, intentType: given, targetSites: given, priority: { source: "default" } };
  if (command.slice !== undefined) provenance["slice"] = given;
  for (const field of Object.keys(requirements)) provenance[`requirements.${field}`] = given;
  return {
    status: "success",
    intent: {
      intentId,
      action: command.action === "rerender" ? "scale" : command.action,
      intentType,
      description: text,
      targetSites: command.sites,
      ...(command.slice === undefined ? {} : { slice: command.slice }),
      requirements,
      ...completeProfile(intentType, requirements, provenance),
      lifecycle: "draft",
      priority: priority ?? DEFAULT_PRIORITY,
      constraints: {},
    },
    clarifications: [],
    warnings: [],
    provenance,
    metadata: { processedAt: now.toISOString(), provider: "command", fallback: false, cached: false, durationMs: 0 },
  };
}
