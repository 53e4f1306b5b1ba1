// Addresses, VLANs and UE pools of a slice at a site: computed, never allocated, so a render needs no state.
// Two slices of one site meet only when their S-NSSAIs are equal modulo the space; consecutive SDs never meet.
import type { SliceIntent } from "../slice-intent.ts";
import { fnv1a } from "./hash.ts";

export type Family = "ipv4" | "ipv6";

const PLANES: readonly string[] = ["n3", "n4", "n6"]; // order fixes the VLAN of each: do not change
const HOSTS: Record<string, number> = { upf: 2, smf: 3 }; // .1 is the gateway
const SUBNET_BITS = 15; // a /14 per plane holds 2^15 subnets of /29
const VLAN_FIRST = 2; // 1 is the default VLAN of most switches
const VLAN_COUNT = 4093; // 2..4094; prime, so that strides do not fold onto each other
const POOL_V4_MAX_BITS = 8; // UE pools come out of 10.0.0.0/8
const POOL_V6_MAX_BITS = 40; // and out of a random-looking unique local prefix, RFC 4193
const HOST_V6_BITS = 64; // every UE gets a /64 (TS 23.501 5.8.2.2)

/** One number per slice: SD and the low bits of SST, so equal SDs of different types stay apart. */
function sliceNumber(intent: SliceIntent): number {
  return Number.parseInt(intent.snssai.sd, 16) * 4 + (intent.snssai.sst % 4);
}

function plane(name: string): number {
  return PLANES.indexOf(name);
}

/** VLAN id 2..4094, its own per plane: N3 and N6 may share a physical port. */
export function vlanOf(intent: SliceIntent, name: string): number {
  return VLAN_FIRST + ((sliceNumber(intent) * PLANES.length + Math.max(0, plane(name))) % VLAN_COUNT);
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}

/** `fd` + 40 bits; the site and the purpose make the prefix. Trailing zero groups fold into `::`. */
function uniqueLocal(seed: string, subnet: number, bits: number): string {
  const global = (BigInt(fnv1a(seed)) << 8n) | BigInt(fnv1a(`${seed}/low`) & 255);
  const prefix = (0xfdn << 56n) | (global << 16n) | BigInt(subnet);
  const masked = (prefix >> BigInt(64 - bits)) << BigInt(64 - bits);
  const groups = [48n, 32n, 16n, 0n].map((shift) => ((masked >> shift) & 0xffffn).toString(16));
  while (groups.at(-1) === "0") groups.pop();
  return `${groups.join(":")}::`;
}

export interface InterfaceAddress {
  address: string;
  gateway: string;
}

/** The address of a network function on a plane: both ends of N4 sit in one subnet. Undefined for a plane we do not know. */
export function interfaceAddress(
  intent: SliceIntent,
  at: { plane: string; component: string; family: Family },
): InterfaceAddress | undefined {
  const index = plane(at.plane);
  const host = HOSTS[at.component];
  if (index < 0 || host === undefined) return undefined;
  const slot = (fnv1a(intent.site) + sliceNumber(intent)) % 2 ** SUBNET_BITS;
  if (at.family === "ipv6") {
    const prefix = uniqueLocal(`${intent.site}/${at.plane}`, slot, HOST_V6_BITS);
    return { address: `${prefix}${host}/64`, gateway: `${prefix}1` };
  }
  const base = (172 << 24) + ((16 + index * 4) << 16) + slot * 8;
  return { address: `${dotted(base + host)}/29`, gateway: dotted(base + 1) };
}

/** The prefix length that holds `sessions` addresses, at most as long as the template's; undefined when no pool is that large. */
export function poolPrefixLength(family: Family, sessions: number, templateLength: number): number | undefined {
  const bits = Math.ceil(Math.log2(Math.max(1, sessions) + (family === "ipv4" ? 2 : 0)));
  const length = Math.min(templateLength, (family === "ipv4" ? 32 : HOST_V6_BITS) - bits);
  return length < (family === "ipv4" ? POOL_V4_MAX_BITS : POOL_V6_MAX_BITS) ? undefined : length;
}

/** The UE pool of a data network. Pools of different slices may overlap in IPv4: each is routed in the slice's own VLAN. */
export function poolPrefix(intent: SliceIntent, pool: { name: string; family: Family; length: number }): string {
  if (pool.family === "ipv6") {
    return `${uniqueLocal(`${intent.site}/${intent.snssai.sst}-${intent.snssai.sd}/${pool.name}`, 0, pool.length)}/${pool.length}`;
  }
  const block = (fnv1a(`${intent.site}/${pool.name}`) + sliceNumber(intent)) % 2 ** (pool.length - POOL_V4_MAX_BITS);
  return `${dotted((10 << 24) + block * 2 ** (32 - pool.length))}/${pool.length}`;
}
