// SliceIntent: the input of a render, written per site as slice-intent.yaml. Local configuration, never sent to a cluster.
import type { SlicePlan } from "../../protocol/stage.ts";
import { GROUP } from "./names.ts";
import { isRecord, type KrmObject, LOCAL_CONFIG, list, record } from "./resource.ts";

export const SLICE_INTENT_FILE = "slice-intent.yaml";
export const SLICE_INTENT_API = `${GROUP}/v1alpha1`;
export const SLICE_INTENT_KIND = "SliceIntent";

type Profile = SlicePlan["profile"];

/** What the functions need of a slice at a site. Throughput in kbit/s, latency in ms, as TS 28.541 has them. */
export interface SliceIntent {
  intentId: string;
  site: string;
  slice: string;
  serviceType: SlicePlan["serviceType"];
  snssai: SlicePlan["snssai"];
  plmn: Profile["plmnInfoList"][number]["plmnId"];
  fiveQi: number;
  profile: Profile;
  objectives: SlicePlan["objectives"];
}

export function sliceIntentObject(intentId: string, plan: SlicePlan, site: string): KrmObject {
  const { slice, serviceType, snssai, fiveQi, profile, objectives } = plan;
  const plmn = profile.plmnInfoList[0]?.plmnId;
  return {
    apiVersion: SLICE_INTENT_API,
    kind: SLICE_INTENT_KIND,
    metadata: { name: slice, annotations: { [LOCAL_CONFIG]: "true" } },
    spec: { intentId, site, slice, serviceType, snssai, plmn, fiveQi, profile, objectives },
  };
}

const PROFILE_NUMBERS = ["sst", "maxNumberofUEs", "dLLatency", "uLLatency", "dLReliability", "uLReliability", "availability"];

function isThroughput(value: unknown): boolean {
  const { guaThpt, maxThpt } = record(value);
  return typeof guaThpt === "number" && typeof maxThpt === "number";
}

function isSnssai(value: unknown): boolean {
  const { sst, sd } = record(value);
  return typeof sst === "number" && typeof sd === "string";
}

function isPlmn(value: unknown): boolean {
  const { mcc, mnc } = record(value);
  return typeof mcc === "string" && typeof mnc === "string";
}

function isProfile(value: unknown): boolean {
  const profile = record(value);
  const plmns = list(profile.plmnInfoList);
  return (
    PROFILE_NUMBERS.every((field) => typeof profile[field] === "number") &&
    isThroughput(profile.dLThptPerSlice) &&
    isThroughput(profile.uLThptPerSlice) &&
    plmns.length > 0 &&
    plmns.every((entry) => isPlmn(record(entry).plmnId) && isSnssai(record(entry).snssai))
  );
}

/** Checks what the mutators read; the validator checks the whole against its schema. */
function isSliceIntent(value: unknown): value is SliceIntent {
  if (!isRecord(value)) return false;
  const texts = ["intentId", "site", "slice", "serviceType"].every((field) => typeof value[field] === "string");
  return texts && typeof value.fiveQi === "number" && isSnssai(value.snssai) && isPlmn(value.plmn) && isProfile(value.profile);
}

/** The one SliceIntent among the items, or why there is none to work with. */
export function readSliceIntent(items: KrmObject[]): SliceIntent | string {
  const found = items.filter((item) => item.kind === SLICE_INTENT_KIND && item.apiVersion === SLICE_INTENT_API);
  const [first] = found;
  if (first === undefined) return "the package has no SliceIntent";
  if (found.length > 1) return "the package has more than one SliceIntent";
  return isSliceIntent(first.spec) ? first.spec : "the SliceIntent is incomplete";
}
