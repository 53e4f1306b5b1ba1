// What a sync tool's adapter gives, Config Sync's or Flux's, and the one bounded read both are made of.
import * as z from "zod";
import { ok, type Result } from "../../protocol/result.ts";
import type { EdgeFailure, SyncReport } from "../ports.ts";
import { callJson, type EdgeApi, edgeFailure, isSuccess, refusedBy } from "./http.ts";
import type { SiteResources } from "./resource-health.ts";

/** `attempted` is the commit that the phase is about: with `failed` it tells this commit's failure from that of an earlier one. */
export interface AttemptReport extends SyncReport {
  attempted: string | null;
}

export interface SiteSync {
  syncReport(signal: AbortSignal): Promise<Result<AttemptReport, EdgeFailure>>;
  /** All resources that the tool looks after at the site, of every slice. */
  siteResources(signal: AbortSignal): Promise<Result<SiteResources, EdgeFailure>>;
}

const FULL_COMMIT = /^[0-9a-f]{40}$/;

export function fullCommit(text: string | undefined): string | null {
  return text !== undefined && FULL_COMMIT.test(text) ? text : null;
}

/** The object at the path, parsed; null when it is not there and `absent` says that this is an answer. */
export async function readObject<T>(
  api: EdgeApi,
  object: { path: string; kind: string; schema: z.ZodType<T>; absent?: boolean },
  signal: AbortSignal,
): Promise<Result<T | null, EdgeFailure>> {
  const answer = await callJson(api, { path: object.path }, signal);
  if (!answer.ok) return answer;
  if (answer.value.status === 404 && object.absent === true) return ok(null);
  if (!isSuccess(answer.value)) return refusedBy(api, answer.value);
  const parsed = object.schema.safeParse(answer.value.body);
  if (!parsed.success) return edgeFailure("invalid", `${api.name}: not a ${object.kind}: ${z.prettifyError(parsed.error).slice(0, 200)}`);
  return ok(parsed.data);
}
