// What sentences mean: an agent is asked when one is connected, with its language models; else, and on any failure, the rules here
// answer. So there is always an answer. Nothing is stored or changed.
import { understand } from "../../intent/understand.ts";
import { type UnderstandBatchAnswer, UnderstandRequest } from "../../protocol/api.ts";
import {
  type CallFailure,
  type CallFailureCode,
  MAX_KNOWN_SITES,
  MAX_KNOWN_SLICES,
  UNDERSTAND_TIMEOUT_MS,
  type UnderstandCall,
} from "../../protocol/call.ts";
import { fieldIssues } from "../../protocol/errors.ts";
import type { Understanding } from "../../protocol/intent.ts";
import { LAST_RESORT, MAX_ATTEMPTS } from "../../protocol/llm.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { Deps } from "../deps.ts";
import { AppError, errorBody } from "../errors.ts";
import { askAgent } from "./call.ts";
import { knownSites, resolveAmong } from "./sites.ts";
import { liveNames } from "./slices.ts";

const PARALLEL = 8; // of a batch; an agent takes 32 calls, and others want some
const BATCH_MS = 60_000; // then what is left of a batch is not sent to an agent any more

export interface WhatIsKnown {
  sites: Awaited<ReturnType<typeof knownSites>>;
  slices: string[]; // names of the live ones
}

export async function whatIsKnown(deps: Deps): Promise<WhatIsKnown> {
  const [sites, slices] = await Promise.all([knownSites(deps), liveNames(deps)]);
  return { sites, slices };
}

interface Understood {
  understanding: Understanding;
  agentId: string | null; // null: the rules of the worker
}

interface Way {
  known: WhatIsKnown;
  signal: AbortSignal;
  /** False: no language model may be asked, as the caller may not spend what one costs. */
  models: boolean;
  timeoutMs?: number;
}

/** Throws UNKNOWN_SITE for a given site that is none. */
export async function understandOne(deps: Deps, request: UnderstandRequest, way: Way): Promise<Understood> {
  return (await ask(deps, request, way)).understood;
}

/** `failure`: why the rules have answered; null when an agent has, or none was to be asked. */
async function ask(
  deps: Deps,
  { text, context, target_sites }: UnderstandRequest,
  way: Way,
): Promise<{ understood: Understood; failure: CallFailure | null }> {
  const began = deps.now();
  const targetSites = resolveAmong(way.known.sites, target_sites ?? [], "target_sites");
  const input = { intentId: deps.newId("int", began), text, context, targetSites, answers: null, ...way.known };
  const asked = way.models ? await askToUnderstand(deps, input, way) : null;
  if (asked?.ok) return { understood: asked.value, failure: null };
  const own = understand({ ...input, now: new Date(deps.now()) });
  const failure = asked?.error ?? null;
  return { understood: { understanding: instead(own, failure, deps.now() - began), agentId: null }, failure };
}

/** The rules' own answer, with what was tried before it and how long all of it took. */
function instead(own: Understanding, failure: CallFailure | null, durationMs: number): Understanding {
  const metadata = { ...own.metadata, fallback: true };
  if (failure === null || failure.code === "NO_AGENT") return { ...own, metadata };
  const rules = { provider: LAST_RESORT, outcome: "answered" as const, message: "", durationMs: own.metadata.durationMs };
  const served = {
    provider: LAST_RESORT,
    model: null,
    attempts: [...failure.attempts.slice(0, MAX_ATTEMPTS - 1), rules],
    usage: null,
    cost: { usd: 0, source: "provider" as const },
    arm: null,
  };
  const why = `The agent has not answered (${failure.message}); the worker's own rules have.`;
  return { ...own, warnings: [...own.warnings, why], metadata: { ...metadata, durationMs, served } };
}

async function askToUnderstand(
  deps: Deps,
  input: UnderstandCall,
  { signal, timeoutMs = UNDERSTAND_TIMEOUT_MS }: Way,
): Promise<Result<Understood, CallFailure>> {
  if (timeoutMs <= 0) return err({ code: "TIMEOUT", message: "the time of the whole batch is over", attempts: [] });
  if (input.sites.length > MAX_KNOWN_SITES || input.slices.length > MAX_KNOWN_SLICES)
    return err({ code: "TOO_LARGE", message: "there are more sites and slices than a question can name", attempts: [] });
  const asked = await askAgent(deps, { request: { kind: "understand", input, only: null }, timeoutMs, signal });
  if (!asked.ok) return asked;
  const { result, agentId } = asked.value;
  if (result.kind !== "understand") throw new Error("another kind of answer");
  return ok({ understanding: result.understanding, agentId });
}

interface Batch {
  entries: readonly unknown[];
  requestId: string;
  signal: AbortSignal;
  models: boolean;
}

/** After one of these the next sentence would fail as this one did, and only later. */
const HOPELESS: readonly CallFailureCode[] = ["TIMEOUT", "LOST", "NO_AGENT"];

/** Each entry on its own, in order: one that cannot be read has an error in its place. */
export async function understandBatch(deps: Deps, { entries, requestId, signal, models }: Batch): Promise<UnderstandBatchAnswer> {
  const known = await whatIsKnown(deps);
  const deadline = deps.now() + BATCH_MS;
  const results: UnderstandBatchAnswer["results"] = [];
  const queue = entries.entries();
  let asking = models;
  async function one(entry: unknown): Promise<Understanding> {
    const timeoutMs = Math.min(UNDERSTAND_TIMEOUT_MS, deadline - deps.now());
    const { understood, failure } = await ask(deps, parseEntry(entry), { known, signal, models: asking, timeoutMs });
    if (failure !== null && HOPELESS.includes(failure.code)) asking = false;
    return understood.understanding;
  }
  async function work(): Promise<void> {
    for (const [index, entry] of queue)
      results[index] = await one(entry).catch((error: unknown) => {
        if (error instanceof AppError) return errorBody(error, requestId);
        throw error;
      });
  }
  await Promise.all(Array.from({ length: PARALLEL }, work));
  const successful = results.filter((result) => "status" in result && result.status === "success").length;
  return { total: entries.length, successful, results };
}

function parseEntry(entry: unknown): UnderstandRequest {
  const request = UnderstandRequest.safeParse(entry);
  if (request.success) return request.data;
  const details = fieldIssues(request.error);
  throw new AppError("VALIDATION", details.map(({ field, message }) => `${field}: ${message}`).join("; "), { details });
}
