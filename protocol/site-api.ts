// HTTP bodies about sites: adding, changing, clusters, tasks. Not the site itself; that is site.ts.
import * as z from "zod";
import { SiteId, TaskId } from "./ids.ts";
import { ProvisioningRequest, SiteCheck, SiteConfig, SiteOverrides, SiteTaskView } from "./site.ts";

const AgentRef = z.string().min(1).max(63); // id or name

/** POST /api/v1/sites. No agent named: the only one that is online. */
export const CreateSiteRequest = SiteConfig.extend({ agent: AgentRef.optional() }).meta({ id: "CreateSite" });
export type CreateSiteRequest = z.infer<typeof CreateSiteRequest>;

/** PATCH /api/v1/sites/{id}. What is given replaces what was there, whole; the last four fields also of a site of an agent's file. */
export const PatchSiteRequest = z
  .strictObject({
    kube: SiteConfig.shape.kube.optional(),
    o2ims: SiteConfig.shape.o2ims.optional(),
    prometheus: SiteConfig.shape.prometheus.optional(),
    agent: AgentRef.optional(),
    ...SiteOverrides.shape,
  })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), "must name what to change")
  .meta({ id: "PatchSite" });
export type PatchSiteRequest = z.infer<typeof PatchSiteRequest>;

/** `taskId`: the check that has to pass first; null when there is nothing to check. `checks` are empty until it has ended. */
export const SiteAccepted = z
  .object({ site: SiteId, taskId: TaskId.nullable(), ready: z.boolean(), checks: z.array(SiteCheck) })
  .meta({ id: "SiteAccepted" });
export type SiteAccepted = z.infer<typeof SiteAccepted>;

/** POST /api/v1/sites/{id}/cluster, as O-RAN O2 IMS names it. */
export const ClusterRequest = ProvisioningRequest.pick({ templateName: true, templateVersion: true, templateParameters: true })
  .strict()
  .meta({ id: "Cluster" });
export type ClusterRequest = z.infer<typeof ClusterRequest>;

export const SiteTaskAccepted = z.object({ site: SiteId, taskId: TaskId }).meta({ id: "SiteTaskAccepted" });
export type SiteTaskAccepted = z.infer<typeof SiteTaskAccepted>;

export const SiteTaskPage = z.object({ tasks: z.array(SiteTaskView) }).meta({ id: "SiteTaskPage" });
