// parse: a sentence, or a command in data → an understanding. The provider chain is behind the port; its last member, the rules, always answers.
// What a person corrected wins over all of them.
import { understandCommand } from "../../intent/command.ts";
import { applyCorrected } from "../../intent/corrected.ts";
import type { PrepareInput } from "../../protocol/job.ts";
import { ok, type Result } from "../../protocol/result.ts";
import type { ParseOutput, StageFailure } from "../../protocol/stage.ts";
import type { StageDeps, StageInput } from "./deps.ts";

export async function parse(
  deps: StageDeps,
  { input, context, signal }: StageInput<PrepareInput>,
): Promise<Result<ParseOutput, StageFailure>> {
  if (input.command !== null) {
    const { command, intentId, text, priority } = input;
    return ok({ understanding: understandCommand({ command, intentId, text, priority, slices: context.slices, now: deps.now() }) });
  }
  const understanding = await deps.llm.understand(input, context, signal);
  if (!understanding.ok || input.corrected === null) return understanding.ok ? ok({ understanding: understanding.value }) : understanding;
  const sites = context.sites.map(({ id }) => id);
  return ok({ understanding: applyCorrected(understanding.value, input.corrected, sites) });
}
