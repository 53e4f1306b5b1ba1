// Edge sites: how they are reached (by reference only, never a secret), what they can carry, what they report.
import * as z from "zod";
import { CommitSha, SiteId, Timestamp } from "./ids.ts";

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

const httpUrl = z.url({ protocol: /^https?$/ });

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
});
export type SiteConfig = z.infer<typeof SiteConfig>;

export const SiteStatus = z.enum(["unknown", "healthy", "degraded", "unreachable"]);
export type SiteStatus = z.infer<typeof SiteStatus>;

/** A site as the API shows it. */
export const Site = z
  .object({
    id: SiteId,
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
