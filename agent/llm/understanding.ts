// A sentence along the models to its understanding: cache, models in their order, and the rules when none of them answers.
import { DRAFT_SCHEMA, type Draft, parseDraft, understandDraft } from "../../intent/draft.ts";
import { assemble, readSentence, type Sentence, type UnderstandInput } from "../../intent/understand.ts";
import { type Correction, MAX_EXAMPLES } from "../../protocol/correction.ts";
import type { Understanding } from "../../protocol/intent.ts";
import { type Cost, LAST_RESORT, MAX_ATTEMPTS, type ProviderAttempt, type Served, type TokenUsage } from "../../protocol/llm.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import { type CachedAnswer, cacheKey, type UnderstandingCache } from "./cache.ts";
import { pickModel } from "./http/answer.ts";
import { type Candidate, choose, drawArm, isConnected, withArmFirst } from "./order.ts";
import type { PlainSentence, ProviderFailure, StructuredAnswer } from "./port.ts";
import { PROMPT_VERSION, questionData, systemPrompt, userPrompt } from "./prompt/v1.ts";
import type { Team } from "./team.ts";
import { isExpected, isTold, passedOver, walk } from "./walk.ts";
import { within } from "./within.ts";

export interface UnderstandBounds {
  totalMs: number;
  eachMs: number; // of one backend, unless its configuration says otherwise
}

export interface UnderstandHow {
  bounds: UnderstandBounds;
  priority: number;
  signal: AbortSignal;
  only?: string | null; // this backend is tried, also when it is disconnected, and what is known already does not count
}

export interface Understander {
  understand(input: UnderstandInput, how: UnderstandHow): Promise<Understanding>;
  learn(corrections: readonly Correction[]): void;
  /** What will be asked of these sites, for processes that start before the first question. */
  prompt(sites: UnderstandInput["sites"]): { system: string; schema: Record<string, unknown> };
}

export interface UnderstanderDeps {
  team: Team;
  cache: UnderstandingCache;
  now: () => Date;
  onLookup: (hit: boolean) => void;
}

const NO_TOKENS: TokenUsage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };
const NOTHING_SPENT: { usage: TokenUsage; cost: Cost } = { usage: NO_TOKENS, cost: { usd: 0, source: "provider" } };

type Drafted = StructuredAnswer & { draft: Draft };

interface Found {
  served: Served;
  draft: Draft | null; // null: by the rules
  cached: boolean;
  missed: boolean;
  prompted: boolean;
}

interface Known {
  candidate: Candidate;
  answer: CachedAnswer;
  before: ProviderAttempt[];
  missed: boolean;
}

/** The model as far as it is known before it answers: a part of the question, so that another one is not answered for. */
function modelOf({ member }: Candidate): string {
  return member.spec.model ?? (member.spec.provider.kind === "claude-cli" ? "default" : (pickModel(member.models(), "chat") ?? "default"));
}

interface Asking {
  prompt: { system: string; data: string; priority: number };
  sentence: PlainSentence; // for those that take no prompt
}

function keyFor(candidate: Candidate, prompt: { digest: string; data: string }, sentence: PlainSentence): string {
  const question = isPrompted(candidate) ? [PROMPT_VERSION, prompt.digest, prompt.data] : ["unprompted", sentence];
  const { id, spec } = candidate.member;
  return cacheKey([...question, id, spec.provider.address, modelOf(candidate)]);
}

function isPrompted({ member }: Candidate): boolean {
  return member.spec.provider.ask !== undefined;
}

export function createUnderstander({ team, cache, now, onLookup }: UnderstanderDeps): Understander {
  let corrections: readonly Correction[] = [];
  let latest = { of: "", system: "", digest: "" };

  /** Made and hashed once for the same sites and corrections: it is long, and a hit of the cache is to take less than a millisecond. */
  function lasting(sites: UnderstandInput["sites"]): { system: string; digest: string } {
    const of = JSON.stringify([sites.map(({ id, aliases }) => [id, aliases]), corrections.map(({ id }) => id)]);
    if (latest.of !== of) {
      const system = systemPrompt({ sites, corrections });
      latest = { of, system, digest: cacheKey([system]) };
    }
    return latest;
  }

  async function ask(candidate: Candidate, { prompt, sentence }: Asking, limit: { ms: number; signal: AbortSignal }) {
    const { provider } = candidate.member.spec;
    return within<Drafted>({ ...limit, name: provider.name }, async (signal): Promise<Result<Drafted, ProviderFailure>> => {
      const question = { system: prompt.system, user: userPrompt(prompt.data), schema: DRAFT_SCHEMA, priority: prompt.priority };
      const asked = provider.ask === undefined ? provider.read?.(sentence, signal) : provider.ask(question, signal);
      if (asked === undefined) return err({ kind: "refused", message: `${provider.name} understands no sentences` });
      const answer = await asked;
      if (!answer.ok) return answer;
      const draft = parseDraft(answer.value.value);
      if (!draft.ok) return err({ kind: "invalid", message: `${provider.name} answered what is no understanding: ${draft.error}` });
      return ok({ ...answer.value, draft: draft.value });
    });
  }

  /** The first candidate whose answer is known already, when none before it can be asked. */
  function known(candidates: readonly Candidate[], keyOf: (candidate: Candidate) => string): Known | null {
    const before: ProviderAttempt[] = [];
    let missed = false;
    for (const candidate of candidates) {
      const { member } = candidate;
      const answer = cache.get(keyOf(candidate));
      if (answer !== undefined) return { candidate, answer, before, missed };
      const why = member.away() ?? member.resting();
      if (why === null) return null; // this one is asked
      missed ||= isExpected(member);
      if (isTold(member, why)) before.push(passedOver(member, why));
    }
    return null;
  }

  async function byModels(
    input: UnderstandInput,
    { bounds, priority, signal, only = null }: UnderstandHow,
    arm: string | null,
  ): Promise<Found> {
    const began = performance.now();
    await team.looked(signal);
    const { candidates: usual } = choose(team.members, team.routing(), { capability: "understand", model: null, only });
    const candidates = arm === LAST_RESORT ? [] : withArmFirst(usual, arm);
    const prompt = { ...lasting(input.sites), data: questionData({ ...input, slices: input.slices ?? [] }), priority };
    const sentence = { text: input.text, context: input.context, targetSites: input.targetSites };
    // Made before anybody is asked: which models a backend has may be another list by the time it has answered.
    const keys = new Map(candidates.map((candidate) => [candidate.member.id, keyFor(candidate, prompt, sentence)]));
    const keyOf = ({ member }: Candidate) => keys.get(member.id) ?? "";
    const hit = only === null ? known(candidates, keyOf) : null;
    if (candidates.length > 0 && only === null) onLookup(hit !== null);
    if (hit !== null) {
      const { candidate, answer, before, missed } = hit;
      const provider = candidate.member.id;
      const last: ProviderAttempt = { provider, outcome: "answered", message: "known already", durationMs: performance.now() - began };
      const served = { provider, model: answer.model, attempts: [...before.slice(1 - MAX_ATTEMPTS), last], ...NOTHING_SPENT, arm };
      return { served, draft: answer.draft, cached: true, missed, prompted: isPrompted(candidate) };
    }
    const reached = await walk<Drafted>({
      ...{ candidates, purpose: "understand", early: false, signal, now: () => now().getTime(), deadline: began + bounds.totalMs },
      ask: (candidate, { ms, signal: stop }) =>
        ask(candidate, { prompt, sentence }, { ms: Math.min(ms, candidate.member.spec.timeoutMs ?? bounds.eachMs), signal: stop }),
    });
    if (!reached.ok) return rulesAnswer(reached.error.attempts, { arm, missed: reached.error.missed });
    const { candidate, value, attempt, before, missed } = reached.value;
    const { draft, model, usage, cost } = value;
    const last = attempt.answered({ usage, cost });
    cache.set(keyOf(candidate), { draft, model: model.slice(0, 200) });
    const served = { provider: candidate.member.id, model: model.slice(0, 200), attempts: [...before, last], usage, cost, arm };
    return { served, draft, cached: false, missed, prompted: isPrompted(candidate) };
  }

  function rulesAnswer(attempts: ProviderAttempt[], { arm, missed }: { arm: string | null; missed: boolean }): Found {
    const mine: ProviderAttempt = { provider: LAST_RESORT, outcome: "answered", message: "", durationMs: 0 };
    const served: Served = {
      provider: LAST_RESORT,
      model: null,
      attempts: [...attempts.slice(1 - MAX_ATTEMPTS), mine],
      ...NOTHING_SPENT,
      arm,
    };
    return { served, draft: null, cached: false, missed, prompted: false };
  }

  function finish(input: UnderstandInput, rules: Sentence, { served, draft, cached, missed, prompted }: Found): Understanding {
    const began = performance.now();
    const understanding = draft === null ? assemble(input, rules) : understandDraft(input, draft, rules);
    if (draft === null) {
      const took = performance.now() - began;
      for (const attempt of served.attempts) if (attempt.provider === LAST_RESORT) attempt.durationMs = took;
      team.byRules(took, NOTHING_SPENT);
    }
    const { metadata } = understanding;
    const version = prompted ? { promptVersion: PROMPT_VERSION } : {};
    return { ...understanding, metadata: { ...metadata, provider: served.provider, fallback: missed, cached, ...version, served } };
  }

  return {
    async understand(input, how) {
      const rules = readSentence(input);
      const drawn = how.only == null ? drawArm(input.intentId, team.routing()) : null;
      const there =
        drawn !== null && isConnected(drawn, team.routing()) && [LAST_RESORT, ...team.members.map(({ id }) => id)].includes(drawn);
      const attack = rules.reading.action.refusal === "attack"; // never reaches a model
      const arm = there && !attack ? drawn : null;
      const found = attack ? rulesAnswer([], { arm, missed: false }) : await byModels(input, how, arm);
      const understanding = finish(input, rules, found);
      if (arm !== null && !found.cached) team.drawn(arm, found.served);
      return understanding;
    },
    learn(next) {
      const newest = next.toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, MAX_EXAMPLES);
      // What the rules take for an attack is not shown to a model, whoever corrected it.
      corrections = newest.filter(({ text }) => readSentence({ ...NO_CONTEXT, text, now: now() }).reading.action.refusal !== "attack");
    },
    prompt: (sites) => ({ system: lasting(sites).system, schema: DRAFT_SCHEMA }),
  };
}

const NO_CONTEXT = { intentId: "", context: {}, targetSites: [], answers: null, sites: [] };
