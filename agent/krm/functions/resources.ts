// Second mutator: the slice profile becomes Capacity, DataNetwork, Interfaces, NFDeployments and NFConfig.
// The template says what exists and how it is attached; the profile says how much of it.
import { componentOf, NETWORK_ANNOTATION } from "../names.ts";
import { errorAt, type FnResult, isLocalConfig, type KrmObject, list, type ResourceList, record, text } from "../resource.ts";
import { readSliceIntent, type SliceIntent } from "../slice-intent.ts";
import { poolPrefixLength } from "./addressing.ts";
import { nfConfigSpec } from "./nf-config.ts";
import { nfDeploymentSpec, type Sizing } from "./nf-deployment.ts";
import { thousands, throughputQuantity } from "./quantity.ts";

const FAST_PATH_KBPS = 1_000_000; // from 1 Gbit/s guaranteed on, a software bridge costs too much
const FAST_PATH_MS = 10; // and below this budget its jitter does
const USER_PLANE = ["n3", "n6"];

function sessionsOf(intent: SliceIntent, functionConfig: KrmObject | undefined): number {
  const perUe = Number(record(functionConfig?.data).sessionsPerUe ?? 1);
  return intent.profile.maxNumberofUEs * perUe;
}

function sizingOf(intent: SliceIntent, sessions: number): Sizing {
  return {
    maxDownlinkThroughput: throughputQuantity(intent.profile.dLThptPerSlice.maxThpt),
    maxUplinkThroughput: throughputQuantity(intent.profile.uLThptPerSlice.maxThpt),
    maxSessions: thousands(sessions),
    maxSubscribers: thousands(intent.profile.maxNumberofUEs),
  };
}

function interfaceSpec(item: KrmObject, { profile }: SliceIntent): Record<string, unknown> {
  const spec = record(item.spec);
  const guaranteed = Math.max(profile.dLThptPerSlice.guaThpt, profile.uLThptPerSlice.guaThpt);
  const demanding = guaranteed >= FAST_PATH_KBPS || Math.min(profile.dLLatency, profile.uLLatency) <= FAST_PATH_MS;
  return demanding && USER_PLANE.includes(componentOf(item)) ? { ...spec, cniType: "sriov" } : spec;
}

/** Every pool is cut large enough for the sessions; a template's pool is the smallest it may be. */
function dataNetworkSpec(item: KrmObject, sessions: number, results: FnResult[]): Record<string, unknown> {
  const spec = record(item.spec);
  const pools = list(spec.pools).map((entry, index) => {
    const pool = record(entry);
    const family = pool.ipFamily === "ipv6" ? "ipv6" : "ipv4";
    const length = poolPrefixLength(family, sessions, Number(pool.prefixLength));
    if (length === undefined) results.push(errorAt(item, `no ${family} pool holds ${sessions} sessions`, `spec.pools[${index}]`));
    return length === undefined ? pool : { ...pool, ipFamily: family, prefixLength: length };
  });
  return { ...spec, pools };
}

export function resources(input: ResourceList): ResourceList {
  const intent = readSliceIntent(input.items);
  if (typeof intent === "string") return { ...input, results: [{ message: intent, severity: "error" }] };
  const sessions = sessionsOf(intent, input.functionConfig);
  if (!(sessions > 0)) return { ...input, results: [{ message: "sessionsPerUe must be a positive number", severity: "error" }] };

  const sizing = sizingOf(intent, sessions);
  const results: FnResult[] = [];
  const requirements = input.items.map((item): KrmObject => {
    if (isLocalConfig(item)) return item;
    if (item.kind === "Capacity") return { ...item, spec: { ...record(item.spec), ...sizing } };
    if (item.kind === "DataNetwork") return { ...item, spec: dataNetworkSpec(item, sessions, results) };
    if (item.kind === "NFConfig") return { ...item, spec: nfConfigSpec(item, intent) };
    if (item.kind !== "Interface") return item;
    const annotations = { ...item.metadata.annotations, [NETWORK_ANNOTATION]: text(componentOf(item)) };
    return { ...item, metadata: { ...item.metadata, annotations }, spec: interfaceSpec(item, intent) };
  });
  // Second pass: a network function is described by the requirements above.
  const items = requirements.map((item) =>
    item.kind === "NFDeployment" ? { ...item, spec: nfDeploymentSpec(item, { intent, sizing, items: requirements }) } : item,
  );
  return { ...input, items, results };
}
