// O2 IMS provisioning, REST dialect of openshift-kni/oran-o2ims, version 1: a cluster for a site, asked for, watched and given back.
// It provisions infrastructure, never slices. Deletion is asked for here and seen by `provisioningOf` answering null.
import * as z from "zod";
import { ok, type Result } from "../../protocol/result.ts";
import type { ProvisioningRequest } from "../../protocol/site.ts";
import type { EdgeFailure, ProvisioningReport } from "../ports.ts";
import { callJson, type EdgeAnswer, type EdgeApi, edgeFailure, isSuccess, refusedBy } from "./http.ts";

const REQUESTS = "/o2ims-infrastructureProvisioning/v1/provisioningRequests";
const MAX_MESSAGE = 500; // characters of the O-Cloud's own words

const CREATED_UNSEEN = ""; // no phase: the O-Cloud's controller has not looked at the request yet

/** The part of ProvisioningRequestInfo that is read. Phases are upper case in REST and lower case in the CR. */
const ProvisioningRequestInfo = z.object({
  provisionedResourceSet: z.object({ nodeClusterId: z.string().default("") }).optional(),
  status: z
    .object({
      message: z.string().default(""),
      provisioningPhase: z
        .string()
        .toLowerCase()
        .pipe(z.enum(["pending", "progressing", "fulfilled", "failed", "deleting", CREATED_UNSEEN]))
        .default(CREATED_UNSEEN),
    })
    .optional(),
});

function reportOf(api: EdgeApi, answer: EdgeAnswer): Result<ProvisioningReport, EdgeFailure> {
  if (!isSuccess(answer)) return refusedBy(api, answer);
  const info = ProvisioningRequestInfo.safeParse(answer.body);
  if (!info.success)
    return edgeFailure("invalid", `${api.name}: not a ProvisioningRequestInfo: ${z.prettifyError(info.error).slice(0, 200)}`);
  const { status, provisionedResourceSet } = info.data;
  return ok({
    phase: status?.provisioningPhase || "pending",
    message: (status?.message ?? "").slice(0, MAX_MESSAGE),
    nodeClusterId: provisionedResourceSet?.nodeClusterId || null,
  });
}

const pathOf = (id: string) => `${REQUESTS}/${encodeURIComponent(id)}`;

/** Sent again, it is answered by the request that is there: the O-Cloud refuses a second one of the same id with 409. */
export async function provision(
  api: EdgeApi,
  request: ProvisioningRequest,
  signal: AbortSignal,
): Promise<Result<ProvisioningReport, EdgeFailure>> {
  const answer = await callJson(api, { method: "POST", path: REQUESTS, body: request }, signal);
  if (!answer.ok) return answer;
  if (answer.value.status !== 409) return reportOf(api, answer.value);
  const there = await provisioningOf(api, request.provisioningRequestId, signal);
  if (!there.ok) return there;
  // A conflict about something else than the id, a name for one.
  return there.value === null ? refusedBy(api, answer.value) : ok(there.value);
}

export async function provisioningOf(
  api: EdgeApi,
  id: string,
  signal: AbortSignal,
): Promise<Result<ProvisioningReport | null, EdgeFailure>> {
  const answer = await callJson(api, { path: pathOf(id) }, signal);
  if (!answer.ok) return answer;
  return answer.value.status === 404 ? ok(null) : reportOf(api, answer.value);
}

export async function deprovision(api: EdgeApi, id: string, signal: AbortSignal): Promise<Result<void, EdgeFailure>> {
  const answer = await callJson(api, { method: "DELETE", path: pathOf(id) }, signal);
  if (!answer.ok) return answer;
  return answer.value.status === 404 || isSuccess(answer.value) ? ok(undefined) : refusedBy(api, answer.value);
}
