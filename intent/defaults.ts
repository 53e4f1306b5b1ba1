// What a slice gets when the text does not say: one row per service type. Defaults are marked as such in the provenance.
import type { Requirements, ServiceType } from "../protocol/intent.ts";

export const DEFAULT_PRIORITY = 5; // the middle of 1..10

export type FullRequirements = Required<{ [K in keyof Requirements]: NonNullable<Requirements[K]> }>;

/** Orders of magnitude of TS 22.261 (tables 7.1-1, 7.2.2-1) and of the GSMA NG.116 templates for the three standard types. */
const DEFAULTS: Record<ServiceType, FullRequirements> = {
  eMBB: {
    downlinkMbps: 100,
    uplinkMbps: 50,
    latencyMs: 50,
    reliabilityPercent: 99.9,
    availabilityPercent: 99.9,
    maxDevices: 1000,
  },
  URLLC: {
    downlinkMbps: 10,
    uplinkMbps: 10,
    latencyMs: 5, // the smallest packet delay budget of a standard 5QI
    reliabilityPercent: 99.999,
    availabilityPercent: 99.99,
    maxDevices: 100,
  },
  mMTC: {
    downlinkMbps: 1,
    uplinkMbps: 1,
    latencyMs: 300, // of 5QI 9; a meter reading can wait
    reliabilityPercent: 99,
    availabilityPercent: 99,
    maxDevices: 10_000,
  },
};

/** The row shown while the type is still unknown. Nothing is deployed from it: deploy asks for the type first. */
const TYPE_UNTIL_KNOWN: ServiceType = "eMBB";

/**
 * The stated requirements with every gap filled from the type's row. A default never exceeds the other direction that was
 * stated: "10 Mbps" must not reserve 50 Mbps of uplink.
 */
export function effectiveRequirements(serviceType: ServiceType | null, stated: Requirements): FullRequirements {
  const row = DEFAULTS[serviceType ?? TYPE_UNTIL_KNOWN];
  return {
    downlinkMbps: stated.downlinkMbps ?? row.downlinkMbps,
    uplinkMbps: stated.uplinkMbps ?? Math.min(row.uplinkMbps, stated.downlinkMbps ?? row.uplinkMbps),
    latencyMs: stated.latencyMs ?? row.latencyMs,
    reliabilityPercent: stated.reliabilityPercent ?? row.reliabilityPercent,
    availabilityPercent: stated.availabilityPercent ?? row.availabilityPercent,
    maxDevices: stated.maxDevices ?? row.maxDevices,
  };
}
