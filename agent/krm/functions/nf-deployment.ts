// The NFDeployment of a network function: capacity, addressed interfaces, data networks with pools, parameters.
import { componentOf } from "../names.ts";
import { type KrmObject, list, record, text } from "../resource.ts";
import type { SliceIntent } from "../slice-intent.ts";
import { type Family, interfaceAddress, poolPrefix, vlanOf } from "./addressing.ts";

/** Throughput as quantities of bit/s, counts in thousands, as Nephio's Capacity has them. */
export interface Sizing {
  maxDownlinkThroughput: string;
  maxUplinkThroughput: string;
  maxSessions: number;
  maxSubscribers: number;
}

interface Surroundings {
  intent: SliceIntent;
  sizing: Sizing;
  items: KrmObject[];
}

const FAMILIES: Record<string, Family[]> = {
  "ipv4-only": ["ipv4"],
  "ipv6-only": ["ipv6"],
  "dual-stack": ["ipv4", "ipv6"],
};

/** The user plane is sized in throughput, the control plane in sessions. */
function capacityOf(component: string, { sizing, items }: Surroundings): Record<string, unknown> {
  const { maxDownlinkThroughput, maxUplinkThroughput, maxSessions, maxSubscribers } = sizing;
  if (component === "upf") return { maxDownlinkThroughput, maxUplinkThroughput };
  const capacity = items.find((item) => item.kind === "Capacity");
  const maxNFConnections = record(capacity?.spec).maxNFConnections;
  return { maxSessions, maxSubscribers, ...(maxNFConnections === undefined ? {} : { maxNFConnections }) };
}

/** Addresses follow the Interface requirement of the same name; one that has none stays bare and the validator says so. */
function addressed(entry: unknown, component: string, { intent, items }: Surroundings): Record<string, unknown> {
  const name = text(record(entry).name);
  const requirement = items.find((item) => item.kind === "Interface" && componentOf(item) === name);
  if (requirement === undefined) return { name };
  const { attachmentType, ipFamilyPolicy } = record(requirement.spec);
  const addresses = (FAMILIES[text(ipFamilyPolicy)] ?? ["ipv4"]).flatMap((family) => {
    const address = interfaceAddress(intent, { plane: name, component, family });
    return address === undefined ? [] : [[family, address] as const];
  });
  return { name, ...Object.fromEntries(addresses), ...(attachmentType === "vlan" ? { vlanID: vlanOf(intent, name) } : {}) };
}

/** A data network belongs to the network instance its DataNetwork names; its DNN is the component of that object. */
function dataNetworksOf(instance: string, { intent, items }: Surroundings): Record<string, unknown>[] {
  const networks = items.filter((item) => item.kind === "DataNetwork" && record(record(item.spec).networkInstance).name === instance);
  return networks.map((network) => ({
    name: componentOf(network),
    pool: list(record(network.spec).pools).map((entry) => {
      const { name, ipFamily, prefixLength } = record(entry);
      const family: Family = ipFamily === "ipv6" ? "ipv6" : "ipv4";
      return { prefix: poolPrefix(intent, { name: text(name), family, length: Number(prefixLength) }) };
    }),
  }));
}

export function nfDeploymentSpec(item: KrmObject, around: Surroundings): Record<string, unknown> {
  const spec = record(item.spec);
  const component = componentOf(item);
  const networkInstances = list(spec.networkInstances).map((entry) => {
    const { dataNetworks: _template, ...instance } = record(entry);
    const dataNetworks = dataNetworksOf(text(instance.name), around);
    return dataNetworks.length === 0 ? instance : { ...instance, dataNetworks };
  });
  const parametersRefs = around.items
    .filter((other) => other.kind === "NFConfig")
    .map((config) => ({ apiVersion: config.apiVersion, kind: config.kind, name: config.metadata.name }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1)); // the order of items is the runner's, not ours
  return {
    ...spec,
    capacity: capacityOf(component, around),
    interfaces: list(spec.interfaces).map((entry) => addressed(entry, component, around)),
    networkInstances,
    parametersRefs,
  };
}
