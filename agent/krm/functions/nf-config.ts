// The NFConfig of a slice: PLMN with S-NSSAI in the shape OAI's operators read, and the QoS of the slice beside it.
import { isRecord, type KrmObject, list, record } from "../resource.ts";
import type { SliceIntent } from "../slice-intent.ts";
import { throughputQuantity } from "./quantity.ts";

/** The tracking area is the site operator's: it stays as the template has it. */
function plmnSpec(previous: unknown, intent: SliceIntent): Record<string, unknown> {
  const tac = record(list(record(previous).PLMNInfo)[0]).tac;
  return {
    PLMNInfo: intent.profile.plmnInfoList.map(({ plmnId, snssai }) => ({
      plmnID: { mcc: plmnId.mcc, mnc: plmnId.mnc },
      ...(tac === undefined ? {} : { tac }),
      nssai: [{ sst: snssai.sst, sd: snssai.sd }],
    })),
  };
}

/** Latency in ms, throughput as quantities of bit/s, reliability and availability in percent. */
function qosSpec(intent: SliceIntent): Record<string, unknown> {
  const { profile, snssai } = intent;
  return {
    nssai: { sst: snssai.sst, sd: snssai.sd },
    fiveQI: intent.fiveQi,
    downlinkLatencyMs: profile.dLLatency,
    uplinkLatencyMs: profile.uLLatency,
    guaranteedDownlink: throughputQuantity(profile.dLThptPerSlice.guaThpt),
    guaranteedUplink: throughputQuantity(profile.uLThptPerSlice.guaThpt),
    downlinkReliabilityPercent: profile.dLReliability,
    uplinkReliabilityPercent: profile.uLReliability,
    availabilityPercent: profile.availability,
  };
}

export function nfConfigSpec(item: KrmObject, intent: SliceIntent): Record<string, unknown> {
  const spec = record(item.spec);
  const configRefs = list(spec.configRefs).map((ref) => {
    if (!isRecord(ref)) return ref;
    const metadata = { ...record(ref.metadata), namespace: intent.slice };
    if (ref.kind === "PLMN") return { ...ref, metadata, spec: plmnSpec(ref.spec, intent) };
    if (ref.kind === "QosProfile") return { ...ref, metadata, spec: qosSpec(intent) };
    return { ...ref, metadata };
  });
  return { ...spec, configRefs };
}
