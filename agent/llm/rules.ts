// The rules as a provider behind the LLM port: the last of the chain, always there, no model and no network.
import { understand } from "../../intent/understand.ts";
import { ok } from "../../protocol/result.ts";
import type { LlmPort } from "../ports.ts";

export function createRulesLlm(now: () => Date): LlmPort {
  return {
    understand: async (input, context) => {
      const { intentId, text, targetSites, answers } = input;
      const slices = context.slices.map((slice) => slice.slice);
      return ok(understand({ intentId, text, context: input.context, targetSites, answers, sites: context.sites, slices, now: now() }));
    },
  };
}
