// Vectors of texts along the backends that can make them. Nothing is streamed, so any of them may answer as a whole.
import type { CallFailure, CallRequest } from "../../protocol/call.ts";
import type { Served } from "../../protocol/llm.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import { choose } from "./order.ts";
import type { EmbedAnswer, ProviderFailure } from "./port.ts";
import type { Team } from "./team.ts";
import { failureOf, walk } from "./walk.ts";
import { within } from "./within.ts";

export type EmbedCall = Omit<Extract<CallRequest, { kind: "embed" }>, "kind">;

export interface EmbedOutcome {
  vectors: number[][]; // in the order of the input
  served: Served;
}

export interface EmbedDeps {
  team: Team;
  now: () => Date;
  bounds: { totalMs: number; eachMs: number };
}

export async function embed(deps: EmbedDeps, call: EmbedCall, signal: AbortSignal): Promise<Result<EmbedOutcome, CallFailure>> {
  const { team, bounds } = deps;
  await team.looked(signal);
  const deadline = performance.now() + bounds.totalMs;
  const { candidates, known } = choose(team.members, team.routing(), { capability: "embeddings", model: call.model, only: call.only });
  if (!known) {
    const message = `no connected backend has ${JSON.stringify(call.only ?? call.model)}`.slice(0, 500);
    return err({ code: "UNKNOWN_MODEL", message, attempts: [] });
  }
  const way = { candidates, purpose: "embed", early: call.only !== null, signal, now: () => deps.now().getTime(), deadline } as const;
  const reached = await walk<EmbedAnswer>({
    ...way,
    ask: ({ member, model }, limit) => {
      const { provider, timeoutMs } = member.spec;
      const ms = Math.min(limit.ms, timeoutMs ?? bounds.eachMs);
      return within({ ...limit, ms, name: provider.name }, async (stop): Promise<Result<EmbedAnswer, ProviderFailure>> => {
        const answer = await provider.embed?.(call.input, model, stop);
        if (answer === undefined) return err({ kind: "refused", message: `${provider.name} makes no embeddings` });
        const whole = !answer.ok || answer.value.vectors.length === call.input.length;
        return whole ? answer : err({ kind: "invalid", message: `${provider.name} did not give one vector for each text` });
      });
    },
  });
  if (!reached.ok) return err(failureOf(way, reached.error));
  const { candidate, value, attempt, before } = reached.value;
  const { vectors, usage, cost } = value;
  const attempts = [...before, attempt.answered({ usage, cost })];
  return ok({ vectors, served: { provider: candidate.member.id, model: value.model.slice(0, 200), attempts, usage, cost, arm: null } });
}
