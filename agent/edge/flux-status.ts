// What Flux's objects mean, as pure functions: which commit is in force, and the states of the resources that a Kustomization applied.
// Shapes: gitrepositories.source.toolkit.fluxcd.io v1 and kustomizations.kustomize.toolkit.fluxcd.io v1; unknown fields are left alone.
import * as z from "zod";
import type { SyncReport } from "../ports.ts";
import { MAX_MESSAGE, type ResourceState, type SiteResources } from "./resource-health.ts";
import { type AttemptReport, fullCommit } from "./site-sync.ts";

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(""),
  message: z.string().default(""),
  observedGeneration: z.number().optional(),
});
type Condition = z.infer<typeof Condition>;

const metadata = z.object({ generation: z.number().default(0) });
const reported = { observedGeneration: z.number().default(-1), conditions: z.array(Condition).default([]) };

export const GitRepository = z.object({
  metadata,
  status: z.object({ ...reported, artifact: z.object({ revision: z.string() }).optional() }).optional(),
});
export type GitRepository = z.infer<typeof GitRepository>;

export const Kustomization = z.object({
  metadata,
  spec: z.object({ wait: z.boolean().default(false), suspend: z.boolean().default(false) }),
  status: z
    .object({
      ...reported,
      lastAppliedRevision: z.string().optional(),
      lastAttemptedRevision: z.string().optional(),
      inventory: z.object({ entries: z.array(z.object({ id: z.string() })).default([]) }).optional(),
    })
    .optional(),
});
export type Kustomization = z.infer<typeof Kustomization>;

interface FluxObject {
  metadata: { generation: number };
  status?: { observedGeneration: number; conditions: Condition[] } | undefined;
}

const HEALTH_CHECK_FAILED = "HealthCheckFailed"; // applied, and not healthy: the revision is in force without ever becoming lastApplied

/** `main@sha1:<commit>`, as Flux writes a revision. */
export function commitOf(revision: string | undefined): string | null {
  return fullCommit(/^(?:[^@]*@)?sha1:([0-9a-f]+)$/.exec(revision ?? "")?.[1]);
}

/** The Ready condition when it is about the present configuration. Flux moves an object's own observedGeneration only on success. */
function readyOf(object: FluxObject): Condition | undefined {
  const ready = object.status?.conditions.find((condition) => condition.type === "Ready");
  const seen = ready?.observedGeneration ?? object.status?.observedGeneration;
  return seen === object.metadata.generation ? ready : undefined;
}

function textOf({ reason, message }: Condition): string {
  return [reason, message].filter((part) => part !== "").join(": ");
}

/**
 * A revision whose health check fails is reported as synced, because its resources are what runs: which slice is ill, and that
 * another one is not, is told by the states. Every other Ready=False is a failure.
 */
export function readFlux(source: GitRepository, kustomization: Kustomization): AttemptReport {
  const { lastAppliedRevision, lastAttemptedRevision } = kustomization.status ?? {};
  const ready = readyOf(kustomization);
  const unhealthy = ready?.status === "False" && ready.reason === HEALTH_CHECK_FAILED;
  const inForce = unhealthy ? lastAttemptedRevision : lastAppliedRevision;
  const fetched = source.status?.artifact?.revision;
  const report = (phase: SyncReport["phase"], message: string) => ({
    phase,
    commit: commitOf(inForce),
    attempted: commitOf(fetched),
    message: message.slice(0, MAX_MESSAGE),
  });
  const sourceReady = readyOf(source);
  if (sourceReady?.status === "False") return report("failed", textOf(sourceReady));
  if (sourceReady?.status !== "True" || source.status?.observedGeneration !== source.metadata.generation)
    return report("syncing", "Flux has not yet fetched with the GitRepository's latest configuration");
  if (ready?.status === "False" && !unhealthy) return report("failed", textOf(ready));
  if (kustomization.spec.suspend) return report("syncing", "the Kustomization is suspended");
  if (ready === undefined) return report("syncing", "Flux has not seen the Kustomization's latest configuration");
  if (ready.status === "Unknown") return report("syncing", textOf(ready));
  if (commitOf(fetched) === null) return report("syncing", "Flux has fetched no commit yet");
  if (inForce !== fetched) return report("syncing", "the fetched revision is not applied yet");
  if (unhealthy) return report("synced", `applied; ${textOf(ready)}`);
  if (kustomization.status?.observedGeneration !== kustomization.metadata.generation)
    return report("syncing", "Flux has not applied the Kustomization's latest configuration");
  return report("synced", textOf(ready));
}

/** The objects that a Ready message names, as `Kind/namespace/name` with their state: "… status: 'Failed'", "… dry-run failed". */
function namedIn(message: string): Map<string, { status: string; why: string | undefined }> {
  const named = new Map<string, { status: string; why: string | undefined }>();
  const pattern = /([A-Z]\w*(?:\/[a-z0-9][-a-z0-9.:]*){1,2}) (?:status: '(\w+)'(?:: ([^,\]]*))?|(dry-run failed[^;]*))/g;
  for (const [, object = "", status, why, refusal] of message.matchAll(pattern))
    named.set(object, { status: status ?? "Failed", why: why ?? refusal?.trim() });
  return named;
}

/** An inventory id is `<namespace>_<name>_<group>_<kind>`. */
function entryOf(id: string): Omit<ResourceState, "status"> | null {
  const [, namespace, name, group, kind] = /^([^_]*)_(.+)_([^_]*)_([^_]+)$/.exec(id) ?? [];
  return namespace === undefined || name === undefined || group === undefined || kind === undefined
    ? null
    : { namespace, name, group, kind };
}

/** Needs `spec.wait`: without it Ready says that things were applied, not that they are well. */
export function readInventory(kustomization: Kustomization): SiteResources {
  const ready = readyOf(kustomization);
  const named = ready?.status === "False" ? namedIn(ready.message) : new Map();
  const states: ResourceState[] = [];
  for (const { id } of kustomization.status?.inventory?.entries ?? []) {
    const entry = entryOf(id);
    if (entry === null) continue;
    const path = [entry.kind, entry.namespace, entry.name].filter((part) => part !== "").join("/");
    states.push({ ...entry, ...(named.get(path) ?? { status: "Current" }) });
  }
  return { states, unsure: whyUnsure(ready) };
}

function whyUnsure(ready: Condition | undefined): string | null {
  if (ready === undefined) return "Flux has not seen the Kustomization's latest configuration";
  if (ready.status === "True") return null;
  // A check that ran to its end names all that is not well; one that stopped at the first failure did not look at the rest.
  if (ready.reason === HEALTH_CHECK_FAILED && ready.message.includes("timeout waiting for")) return null;
  return ready.reason === HEALTH_CHECK_FAILED ? `Flux's health check ended early: ${ready.message}` : textOf(ready);
}
