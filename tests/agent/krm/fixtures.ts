// What the tests of this folder render: plans with values of their own, and blueprints with one thing broken.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { KrmInput } from "../../../agent/ports.ts";
import { type ServiceType, SST } from "../../../protocol/intent.ts";
import type { SlicePlan } from "../../../protocol/stage.ts";

export const INTENT_ID = "int_01k9zq3v7w8x0123456789abcd";
export const SEARCH_PATH = process.env.PATH ?? "";
export const TYPES: ServiceType[] = ["eMBB", "URLLC", "mMTC"];
const REPOSITORY = path.resolve(import.meta.dirname, "../../..");

export function never(): AbortSignal {
  return new AbortController().signal;
}

export function runs(binary: string, args: string[]): boolean {
  try {
    execFileSync(binary, args, { stdio: "ignore", timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

export interface PlanChange {
  slice?: string;
  sites?: string[];
  sd?: string;
  downlinkKbps?: number;
  latencyMs?: number;
  devices?: number;
}

export function planOf(serviceType: ServiceType, change: PlanChange = {}): SlicePlan {
  const { slice = "video-7", sites = ["edge1"], sd = "00002a", downlinkKbps = 200_000, latencyMs = 20, devices = 1500 } = change;
  const snssai = { sst: SST[serviceType], sd };
  return {
    action: "deploy",
    priority: 5,
    requirements: { downlinkMbps: downlinkKbps / 1000, latencyMs, maxDevices: devices },
    waves: [sites],
    bakeSeconds: 0,
    replaces: [],
    preempts: [],
    takesBack: null,
    renderedFor: INTENT_ID,
    slice,
    serviceType,
    snssai,
    fiveQi: serviceType === "URLLC" ? 85 : 9,
    profile: {
      serviceProfileId: `sp-${slice}`,
      plmnInfoList: [{ plmnId: { mcc: "001", mnc: "01" }, snssai }],
      sst: snssai.sst,
      maxNumberofUEs: devices,
      dLLatency: latencyMs,
      uLLatency: latencyMs,
      dLThptPerSlice: { guaThpt: downlinkKbps, maxThpt: downlinkKbps },
      uLThptPerSlice: { guaThpt: downlinkKbps / 4, maxThpt: downlinkKbps / 4 },
      dLReliability: 99.9,
      uLReliability: 99.9,
      availability: 99.95,
      networkSliceSharingIndicator: "NON_SHARED",
    },
    sites,
    objectives: [
      { name: "latencyP95", comparator: "lte", threshold: latencyMs, unit: "ms", windowSeconds: 60, minSamples: 3, noData: "inconclusive" },
    ],
  };
}

export function inputOf(plan: SlicePlan): KrmInput {
  return {
    intentId: INTENT_ID,
    plan,
    formal: {
      "@type": "Intent",
      id: INTENT_ID,
      href: `/tmf-api/intentManagement/v5/intent/${INTENT_ID}`,
      name: plan.slice,
      description: "a slice",
      version: "1.0",
      priority: "5",
      context: "test",
      creationDate: "2026-11-20T12:00:00.000Z",
      lifecycleStatus: "Created",
      isBundle: false,
      characteristic: [{ "@type": "ObjectCharacteristic", name: "serviceProfile", valueType: "object", value: plan.profile }],
      expression: { "@type": "JsonLdExpression", iri: "urn:intent", expressionValue: {} },
    },
  };
}

/** A directory that is gone when the test is over. */
export function tempDir(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), "krm-test-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The real blueprints with one file rewritten. */
export function blueprintsWith(file: string, rewrite: (text: string) => string): string {
  const dir = tempDir();
  cpSync(path.join(REPOSITORY, "agent/blueprints"), dir, { recursive: true });
  const target = path.join(dir, file);
  writeFileSync(target, rewrite(readFileSync(target, "utf8")));
  return dir;
}

/** The same value with the keys of every object in the opposite order. */
export function reversed<T>(value: T): T {
  const turn = (entry: unknown): unknown => {
    if (Array.isArray(entry)) return entry.map(turn);
    if (typeof entry !== "object" || entry === null) return entry;
    return Object.fromEntries(
      Object.entries(entry)
        .toReversed()
        .map(([key, inner]) => [key, turn(inner)]),
    );
  };
  return turn(value) as T;
}
