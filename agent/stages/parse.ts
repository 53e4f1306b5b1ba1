// parse: a sentence → an understanding. The provider chain is behind the port; its last member, the rules, always answers.
import type { PrepareInput } from "../../protocol/job.ts";
import { ok, type Result } from "../../protocol/result.ts";
import type { ParseOutput, StageFailure } from "../../protocol/stage.ts";
import type { StageDeps, StageInput } from "./deps.ts";

export async function parse(
  deps: StageDeps,
  { input, context, signal }: StageInput<PrepareInput>,
): Promise<Result<ParseOutput, StageFailure>> {
  const understanding = await deps.llm.understand(input, context, signal);
  return understanding.ok ? ok({ understanding: understanding.value }) : understanding;
}
