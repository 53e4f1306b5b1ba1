// Identifiers: prefixed, sortable by time, made in one place; and the name rule for whatever reaches a path or a ref.
import * as z from "zod";

// Web Crypto, the same in workerd, Node and browsers; declared here because this folder has no platform's types.
declare const crypto: { getRandomValues(array: Uint8Array): Uint8Array };

const ID_PREFIXES = ["int", "job", "dep", "evt", "agt", "usr", "tok", "inst", "lease", "alr", "tsk", "cor", "call"] as const;
type IdPrefix = (typeof ID_PREFIXES)[number];

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford base 32, lower case: valid in DNS labels
const TIME_CHARS = 10; // 50 bits of milliseconds, good until the year 10889
const RANDOM_CHARS = 16; // 80 bits

function encodeTime(ms: number): string {
  let out = "";
  for (let rest = ms, i = 0; i < TIME_CHARS; i += 1, rest = Math.floor(rest / 32)) out = (ALPHABET[rest % 32] ?? "0") + out;
  return out;
}

/** `newId("int")` → `int_01k…`: 10 characters of time, 16 of randomness. Sorts by creation time to the millisecond. */
export function newId<P extends IdPrefix>(prefix: P, now: number = Date.now()): `${P}_${string}` {
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_CHARS));
  let tail = "";
  for (const byte of random) tail += ALPHABET[byte % 32] ?? "0";
  return `${prefix}_${encodeTime(now)}${tail}`;
}

function idSchema(prefix: IdPrefix) {
  return z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{26}$`), `must be an id of the form ${prefix}_…`);
}

export const IntentId = idSchema("int");
export const JobId = idSchema("job");
export const DeploymentId = idSchema("dep");
export const EventId = idSchema("evt");
export const AgentId = idSchema("agt");
export const InstanceId = idSchema("inst");
export const LeaseId = idSchema("lease");
export const AlertId = idSchema("alr");
export const TaskId = idSchema("tsk");
export const CorrectionId = idSchema("cor");
export const CallId = idSchema("call");

const DNS_LABEL_MAX = 63; // RFC 1123

/** A name that reaches a path, a branch or a Kubernetes object: an RFC 1123 label, nothing else. */
export const DnsLabel = z
  .string()
  .max(DNS_LABEL_MAX)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "must be a DNS label: lower-case letters, digits and inner hyphens");

export const SiteId = DnsLabel;
export const SliceName = DnsLabel;
export const CommitSha = z.string().regex(/^[0-9a-f]{40}$/, "must be a full commit id");
export const Timestamp = z.iso.datetime();
