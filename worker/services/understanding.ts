// What sentences mean: an agent is asked when one is connected, with its language models; else, and on any failure, the rules here
// answer. So there is always an answer. Nothing is stored or changed.
import { understand } from "../../intent/understand.ts";
import { type UnderstandBatchAnswer, UnderstandRequest } from "../../protocol/api.ts";
import { type CallFailure, UNDERSTAND_TIMEOUT_MS, type UnderstandCall } from "../../protocol/call.ts";
import { fieldIssues } from "../../protocol/errors.ts";
import type { Understanding } from "../../protocol/intent.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { Deps } from "../deps.ts";
import { AppError, errorBody } from "../errors.ts";
import { askAgent } from "./call.ts";
import { knownSites, resolveAmong } from "./sites.ts";
import { liveSlices } from "./slices.ts";

const PARALLEL = 8; // of a batch; an agent takes 32 calls, and others want some
const BATCH_MS = 60_000; // then what is left of a batch is not sent to an agent any more

export interface WhatIsKnown {
  sites: Awaited<ReturnType<typeof knownSites>>;
  slices: string[]; // names of the live ones
}

export async function whatIsKnown(deps: Deps): Promise<WhatIsKnown> {
  const [sites, live] = await Promise.all([knownSites(deps), liveSlices(deps)]);
  return { sites, slices: live.map(({ slice }) => slice) };
}

interface Understood {
  understanding: Understanding;
  agentId: string | null; // null: the rules of the worker
}

interface Way {
  known: WhatIsKnown;
  signal: AbortSignal;
  timeoutMs?: number;
}

/** Throws UNKNOWN_SITE for a given site that is none. */
export async function understandOne(deps: Deps, { text, context, target_sites }: UnderstandRequest, way: Way): Promise<Understood> {
  const targetSites = resolveAmong(way.known.sites, target_sites ?? [], "target_sites");
  const input = { intentId: deps.newId("int", deps.now()), text, context, targetSites, answers: null, ...way.known };
  const asked = await askToUnderstand(deps, input, way);
  if (asked.ok) return asked.value;
  const understanding = understand({ ...input, now: new Date(deps.now()) });
  const { metadata, warnings } = understanding;
  const why = asked.error.code === "NO_AGENT" ? [] : [`The agent has not answered (${asked.error.message}); the worker's own rules have.`];
  return { understanding: { ...understanding, warnings: [...warnings, ...why], metadata: { ...metadata, fallback: true } }, agentId: null };
}

async function askToUnderstand(
  deps: Deps,
  input: UnderstandCall,
  { signal, timeoutMs = UNDERSTAND_TIMEOUT_MS }: Way,
): Promise<Result<Understood, CallFailure>> {
  if (timeoutMs <= 0) return err({ code: "TIMEOUT", message: "the time of the whole batch is over", attempts: [] });
  const asked = await askAgent(deps, { request: { kind: "understand", input }, timeoutMs, signal });
  if (!asked.ok) return asked;
  const { result, agentId } = asked.value;
  if (result.kind !== "understand") throw new Error("another kind of answer");
  return ok({ understanding: result.understanding, agentId });
}

interface Batch {
  entries: readonly unknown[];
  requestId: string;
  signal: AbortSignal;
}

/** Each entry on its own, in order: one that cannot be read has an error in its place. */
export async function understandBatch(deps: Deps, { entries, requestId, signal }: Batch): Promise<UnderstandBatchAnswer> {
  const known = await whatIsKnown(deps);
  const deadline = deps.now() + BATCH_MS;
  const results: UnderstandBatchAnswer["results"] = [];
  const queue = entries.entries();
  async function work(): Promise<void> {
    for (const [index, entry] of queue) {
      const timeoutMs = Math.min(UNDERSTAND_TIMEOUT_MS, deadline - deps.now());
      results[index] = await understandEntry(deps, entry, { known, signal, timeoutMs }).catch((error: unknown) => {
        if (error instanceof AppError) return errorBody(error, requestId);
        throw error;
      });
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, work));
  const successful = results.filter((result) => "status" in result && result.status === "success").length;
  return { total: entries.length, successful, results };
}

async function understandEntry(deps: Deps, entry: unknown, way: Way): Promise<Understanding> {
  const request = UnderstandRequest.safeParse(entry);
  if (request.success) return (await understandOne(deps, request.data, way)).understanding;
  const details = fieldIssues(request.error);
  throw new AppError("VALIDATION", details.map(({ field, message }) => `${field}: ${message}`).join("; "), { details });
}
