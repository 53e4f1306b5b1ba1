// JSON Schemas of every kind a slice package may hold: narrower than the official CRDs, because we write every field ourselves.
// They say what a resource looks like; how resources fit together is policy.ts.
import { LABEL_COMPONENT, LABEL_INTENT, LABEL_MANAGED_BY, LABEL_SERVICE_TYPE, LABEL_SITE, LABEL_SLICE, MANAGED_BY } from "./names.ts";
import { LOCAL_CONFIG } from "./resource.ts";
import { SLICE_INTENT_API, SLICE_INTENT_KIND } from "./slice-intent.ts";

export type Schema = Readonly<Record<string, unknown>>;

function object(properties: Record<string, Schema>, optional: string[] = []): Schema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: "object", additionalProperties: false, required, properties };
}

function array(items: Schema, minItems = 1): Schema {
  return { type: "array", minItems, items };
}

const label: Schema = { type: "string", maxLength: 63, pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" };
const labelValue: Schema = { type: "string", maxLength: 63, pattern: "^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$" };
const texts: Schema = { type: "object", additionalProperties: { type: "string" } };
const positive: Schema = { type: "number", exclusiveMinimum: 0 };
const count: Schema = { type: "integer", minimum: 1 };
const percent: Schema = { type: "number", exclusiveMinimum: 0, maximum: 100 };
const quantity: Schema = { type: "string", pattern: "^[1-9][0-9]*[kMGTPE]?$" };
const ipv4 = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}";
const ipv6 = "[0-9a-f]{1,4}(:[0-9a-f]{1,4}){0,6}::[0-9a-f]{0,4}";
const snssai = object({ sst: { type: "integer", minimum: 0, maximum: 255 }, sd: { type: "string", pattern: "^[0-9a-f]{6}$" } });
const plmn = object({ mcc: { type: "string", pattern: "^[0-9]{3}$" }, mnc: { type: "string", pattern: "^[0-9]{2,3}$" } });
const throughput = object({ guaThpt: positive, maxThpt: positive });
const reference = object({ name: label });
const serviceType: Schema = { enum: ["eMBB", "URLLC", "mMTC"] };

const labels: Schema = {
  type: "object",
  additionalProperties: { type: "string" },
  required: [LABEL_MANAGED_BY, LABEL_SLICE, LABEL_SITE, LABEL_INTENT, LABEL_SERVICE_TYPE],
  properties: {
    [LABEL_MANAGED_BY]: { const: MANAGED_BY },
    [LABEL_SLICE]: label,
    [LABEL_SITE]: label,
    [LABEL_INTENT]: labelValue,
    [LABEL_SERVICE_TYPE]: serviceType,
    [LABEL_COMPONENT]: label,
  },
};

function kind(apiVersion: string, name: string, spec: Schema): Schema {
  const metadata = object({ name: label, namespace: label, labels, annotations: texts }, ["annotations"]);
  return object({ apiVersion: { const: apiVersion }, kind: { const: name }, metadata, spec });
}

function addressing(address: string): Schema {
  return object({
    address: { type: "string", pattern: `^${address}/[0-9]{1,3}$` },
    gateway: { type: "string", pattern: `^${address}$` },
  });
}

const capacity = {
  maxDownlinkThroughput: quantity,
  maxUplinkThroughput: quantity,
  maxSessions: count,
  maxSubscribers: count,
  maxNFConnections: count,
};

const pool = object({ name: label, prefixLength: { type: "integer", minimum: 8, maximum: 64 }, ipFamily: { enum: ["ipv4", "ipv6"] } });
const assigned = object({ prefix: { type: "string", pattern: `^(${ipv4}|${ipv6})/[0-9]{1,3}$` } });

const nfDeployment = object({
  provider: { type: "string", pattern: "^[a-z0-9.-]+$" },
  capacity: { ...object(capacity, Object.keys(capacity)), minProperties: 2 },
  interfaces: array(
    object({ name: label, ipv4: addressing(ipv4), ipv6: addressing(ipv6), vlanID: { type: "integer", minimum: 1, maximum: 4094 } }, [
      "ipv4",
      "ipv6",
      "vlanID",
    ]),
  ),
  networkInstances: array(
    object({ name: label, interfaces: array(label), dataNetworks: array(object({ name: label, pool: array(assigned) })) }, [
      "interfaces",
      "dataNetworks",
    ]),
  ),
  parametersRefs: array(object({ apiVersion: { const: "workload.nephio.org/v1alpha1" }, kind: { const: "NFConfig" }, name: label })),
});

function embedded(name: string, spec: Schema): Schema {
  const header = { apiVersion: { const: "workload.nephio.org/v1alpha1" }, kind: { const: name } };
  return object({ ...header, metadata: object({ name: label, namespace: label }), spec });
}

const plmnInfo = object({ plmnID: plmn, tac: { type: "integer", minimum: 0, maximum: 0xffffff }, nssai: array(snssai) }, ["tac"]);
const qos = object({
  nssai: snssai,
  fiveQI: { type: "integer", minimum: 1, maximum: 255 },
  downlinkLatencyMs: positive,
  uplinkLatencyMs: positive,
  guaranteedDownlink: quantity,
  guaranteedUplink: quantity,
  downlinkReliabilityPercent: percent,
  uplinkReliabilityPercent: percent,
  availabilityPercent: percent,
});

/** Told apart by kind, so that a finding names the field and not every arm. */
const configRef: Schema = {
  type: "object",
  required: ["kind"],
  properties: { kind: { type: "string" } },
  discriminator: { propertyName: "kind" },
  oneOf: [embedded("PLMN", object({ PLMNInfo: array(plmnInfo) })), embedded("QosProfile", qos)],
};

const profile = object({
  serviceProfileId: { type: "string" },
  plmnInfoList: array(object({ plmnId: plmn, snssai })),
  sst: { type: "integer", minimum: 0, maximum: 255 },
  maxNumberofUEs: count,
  dLLatency: positive,
  uLLatency: positive,
  dLThptPerSlice: throughput,
  uLThptPerSlice: throughput,
  dLReliability: percent,
  uLReliability: percent,
  availability: percent,
  networkSliceSharingIndicator: { enum: ["SHARED", "NON_SHARED"] },
});

const objective = object({
  name: { enum: ["latencyP95", "throughputMin", "uplinkThroughputMin", "availability"] },
  comparator: { enum: ["lte", "gte"] },
  threshold: { type: "number" },
  unit: { enum: ["ms", "Mbps", "%"] },
  windowSeconds: count,
  minSamples: count,
  noData: { enum: ["inconclusive", "fail"] },
});
const sliceIntent = object({
  intentId: labelValue,
  site: label,
  slice: label,
  serviceType,
  snssai,
  plmn,
  fiveQi: { type: "integer", minimum: 1, maximum: 255 },
  profile,
  objectives: array(objective),
});

const local: Schema = { ...texts, required: [LOCAL_CONFIG], properties: { [LOCAL_CONFIG]: { const: "true" } } };
const input = object({ name: label, annotations: local });
// A bare file name is looked up on PATH: a path of a machine must not reach the repository.
const fn = object({ exec: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$" }, configMap: texts }, ["configMap"]);

/** Keyed by `apiVersion/kind`; a kind that is not here may not be in a package. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  "v1/Namespace": object({
    apiVersion: { const: "v1" },
    kind: { const: "Namespace" },
    metadata: object({ name: label, labels, annotations: texts }, ["annotations"]),
  }),
  "req.nephio.org/v1alpha1/Capacity": kind("req.nephio.org/v1alpha1", "Capacity", object(capacity)),
  "req.nephio.org/v1alpha1/DataNetwork": kind(
    "req.nephio.org/v1alpha1",
    "DataNetwork",
    object({ networkInstance: reference, pools: array(pool) }),
  ),
  "req.nephio.org/v1alpha1/Interface": kind(
    "req.nephio.org/v1alpha1",
    "Interface",
    object({
      networkInstance: reference,
      cniType: { enum: ["sriov", "ipvlan", "macvlan"] },
      attachmentType: { enum: ["none", "vlan"] },
      ipFamilyPolicy: { enum: ["ipv4-only", "ipv6-only", "dual-stack"] },
    }),
  ),
  "workload.nephio.org/v1alpha1/NFDeployment": kind("workload.nephio.org/v1alpha1", "NFDeployment", nfDeployment),
  "workload.nephio.org/v1alpha1/NFConfig": kind("workload.nephio.org/v1alpha1", "NFConfig", object({ configRefs: array(configRef, 2) })),
  [`${SLICE_INTENT_API}/${SLICE_INTENT_KIND}`]: object({
    apiVersion: { const: SLICE_INTENT_API },
    kind: { const: SLICE_INTENT_KIND },
    metadata: input,
    spec: sliceIntent,
  }),
  "kpt.dev/v1/Kptfile": object({
    apiVersion: { const: "kpt.dev/v1" },
    kind: { const: "Kptfile" },
    metadata: input,
    info: object({ description: { type: "string" } }),
    pipeline: object({ mutators: array(fn), validators: array(fn) }),
  }),
};
