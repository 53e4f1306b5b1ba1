// Edge sites: how they are reached (by reference only, never a secret), what they can carry, what they report.
import * as z from "zod";
import { CommitSha, SiteId, SliceName, TaskId, Timestamp } from "./ids.ts";

export const O2Dialect = z.enum(["oran-o2ims-rest", "oran-o2ims-cr", "nephio-cr", "nephio-shim"]);

/** Where the agent finds a secret on VM-1. The value itself never leaves VM-1. */
export const SecretRef = z.union([z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })]);
export type SecretRef = z.infer<typeof SecretRef>;

export const SiteCapacity = z.strictObject({
  downlinkMbps: z.number().positive(),
  uplinkMbps: z.number().positive(),
  maxDevices: z.number().int().positive(),
});
export type SiteCapacity = z.infer<typeof SiteCapacity>;

// A password in an address would be stored, shown and logged with it; secrets are given by reference.
const httpUrl = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !/^https?:\/\/[^/?#]*@/i.test(url), "must not carry a user or password; use tokenRef");

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day, HH:MM");

/** When nothing new may be put out at a site: once, or every week. Taking back is never frozen. */
export const FreezeWindow = z.union([
  z
    .strictObject({ from: z.iso.datetime(), to: z.iso.datetime(), reason: z.string().max(200).default("") })
    .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ["to"], message: "must be after from" }),
  z.strictObject({
    weekdays: z
      .array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
      .min(1)
      .max(7), // of its start
    start: timeOfDay,
    end: timeOfDay, // not after the start: of the next day
    timeZone: z.string().max(64).refine(isTimeZone, "must be a time zone of the IANA database, e.g. Asia/Taipei").default("UTC"),
    reason: z.string().max(200).default(""),
  }),
]);
export type FreezeWindow = z.infer<typeof FreezeWindow>;

/** A site as the agent's YAML file declares it and the worker registers it. */
export const SiteConfig = z.strictObject({
  id: SiteId,
  aliases: z.array(z.string().min(1).max(64)).max(20).default([]),
  labels: z.record(z.string().max(63), z.string().max(63)).default({}),
  kube: z.strictObject({
    url: httpUrl,
    sync: z.enum(["configsync", "flux"]).default("configsync"),
    name: z.string().min(1).max(253).default("root-sync"),
    tokenRef: SecretRef.optional(),
  }),
  o2ims: z.strictObject({ url: httpUrl, dialect: O2Dialect.default("oran-o2ims-rest"), tokenRef: SecretRef.optional() }),
  prometheus: z.strictObject({ url: httpUrl, tokenRef: SecretRef.optional() }),
  capacity: SiteCapacity,
  freeze: z.array(FreezeWindow).max(20).default([]),
});
export type SiteConfig = z.infer<typeof SiteConfig>;

/** What the API may say of a site that an agent's file declares; the addresses stay the file's. */
export const SiteOverrides = z.strictObject({
  aliases: SiteConfig.shape.aliases.unwrap().optional(),
  labels: SiteConfig.shape.labels.unwrap().optional(),
  capacity: SiteCapacity.optional(),
  freeze: SiteConfig.shape.freeze.unwrap().optional(),
});
export type SiteOverrides = z.infer<typeof SiteOverrides>;

export const SiteStatus = z.enum(["unknown", "healthy", "degraded", "unreachable"]);
export type SiteStatus = z.infer<typeof SiteStatus>;

/** One address or credential reference of a site, tried from VM-1. Messages never carry a secret. */
export const SiteCheck = z.object({
  name: z.enum(["kube", "kube.credential", "o2ims", "o2ims.credential", "prometheus", "prometheus.credential"]),
  ok: z.boolean(),
  message: z.string().max(500),
});
export type SiteCheck = z.infer<typeof SiteCheck>;

/** `slice_files`: the branch differs from the deployment's commit; `unmanaged_slice`: nobody deployed it through here;
 * `missing_slice`: it is gone from the branch; `resources`: the site runs something else than git says; `behind`: it does not follow. */
export const Drift = z.object({
  kind: z.enum(["slice_files", "unmanaged_slice", "missing_slice", "resources", "behind"]),
  slice: SliceName.nullable(),
  message: z.string().max(500),
  diff: z.string().max(20_000), // unified; empty where files are not what differs
});
export type Drift = z.infer<typeof Drift>;

/** O-RAN O2 IMS ProvisioningRequestData: what a site's cluster is made from. */
export const ProvisioningRequest = z.strictObject({
  provisioningRequestId: z.uuid(),
  name: z.string().min(1).max(253),
  description: z.string().max(500),
  templateName: z.string().min(1).max(253),
  templateVersion: z.string().min(1).max(63),
  templateParameters: z.record(z.string(), z.unknown()),
});
export type ProvisioningRequest = z.infer<typeof ProvisioningRequest>;

/** Work about a site itself, not about a slice: repeated until it is reported as ended, idempotent by its id. */
export const SiteTaskInput = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("check"), config: SiteConfig }),
  z.object({ kind: z.literal("provision"), request: ProvisioningRequest }),
  z.object({ kind: z.literal("deprovision"), provisioningRequestId: z.uuid() }),
]);
export type SiteTaskInput = z.infer<typeof SiteTaskInput>;

export const SiteTaskState = z.enum(["open", "succeeded", "failed"]);
export type SiteTaskState = z.infer<typeof SiteTaskState>;

export const SiteTask = z.object({ taskId: TaskId, site: SiteId, input: SiteTaskInput, deadline: Timestamp });
export type SiteTask = z.infer<typeof SiteTask>;

/** How far a task is. `checks` of a check, `phase` and `nodeClusterId` of a provisioning. */
export const SiteTaskReport = z.object({
  taskId: TaskId,
  state: SiteTaskState,
  message: z.string().max(500),
  phase: z.enum(["pending", "progressing", "fulfilled", "failed", "deleting", "deleted"]).optional(),
  nodeClusterId: z.string().max(200).nullable().optional(),
  checks: z.array(SiteCheck).max(10).optional(),
});
export type SiteTaskReport = z.infer<typeof SiteTaskReport>;

export const SiteTaskView = z
  .object({
    taskId: TaskId,
    site: SiteId,
    kind: z.enum(["check", "provision", "deprovision"]),
    state: SiteTaskState,
    message: z.string(),
    phase: z.string().nullable(),
    nodeClusterId: z.string().nullable(),
    checks: z.array(SiteCheck),
    askedBy: z.string(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: "SiteTask" });
export type SiteTaskView = z.infer<typeof SiteTaskView>;

/** Each way to a site by itself, as the health loop saw it last. */
export const SiteComponents = z.object({ sync: SiteStatus, o2ims: SiteStatus, metrics: SiteStatus });
export type SiteComponents = z.infer<typeof SiteComponents>;

/** A site as the API shows it. */
export const Site = z
  .object({
    id: SiteId,
    source: z.enum(["agent", "api"]), // declared in an agent's file, or added through the API
    agentId: z.string().nullable(), // that serves it
    ready: z.boolean(), // false: added, and its checks have not passed
    production: z.boolean(), // its label says so: approval is always required
    frozenUntil: Timestamp.nullable(),
    freeze: z.array(FreezeWindow),
    components: SiteComponents,
    drift: z.array(Drift),
    checks: z.array(SiteCheck),
    aliases: z.array(z.string()),
    labels: z.record(z.string(), z.string()),
    sync: z.enum(["configsync", "flux"]),
    o2Dialect: O2Dialect,
    capacity: SiteCapacity,
    used: z.object({ downlinkMbps: z.number(), uplinkMbps: z.number(), maxDevices: z.number() }),
    slices: z.array(z.string()),
    status: SiteStatus,
    message: z.string(),
    commit: CommitSha.nullable(),
    lastSync: Timestamp.nullable(),
  })
  .meta({ id: "Site" });
export type Site = z.infer<typeof Site>;
