// What was understood of a sentence as chips, each with where it is from; and the sentence cut at the places they were read from. Pure.
import {
  type ParsedIntent,
  type Provenance,
  REQUIREMENT_FIELDS,
  type RequirementField,
  type Understanding,
} from "../../../protocol/intent.ts";
import { byName } from "../../state/natural.ts";

export type ChipKind =
  | "action"
  | "intentType"
  | "site"
  | "sites"
  | "slice"
  | RequirementField
  | "bandwidth"
  | "latency"
  | "reliability"
  | "priority";

export interface Chip {
  kind: ChipKind;
  field: string; // as provenance names it
  value: string; // of a slice empty: its name will be made up
  source: Provenance["source"];
  span: readonly [number, number] | null;
  names?: string; // what a number stands for
}

const MANY_SITES = 7; // from here on they are counted

const UNITS: Record<RequirementField, string> = {
  downlinkMbps: " Mbps",
  uplinkMbps: " Mbps",
  latencyMs: " ms",
  reliabilityPercent: " %",
  availabilityPercent: " %",
  maxDevices: "",
};

const PROFILE = ["bandwidth", "latency", "reliability"] as const;

export function chipsOf({ intent, provenance }: Understanding): Chip[] {
  const chip = (kind: ChipKind, field: string, value: string): Chip => {
    const { source, span = null } = provenance[field] ?? { source: "text" };
    return { kind, field, value, source, span };
  };
  const { intentType, slice } = intent;
  const madeUp = intent.action === "deploy"; // a new slice has to have a name: not said is not none
  const sites = [...intent.targetSites].sort(byName);
  return [
    chip("action", "action", intent.action),
    ...(intentType === null ? [] : [chip("intentType", "intentType", intentType)]),
    ...(slice === undefined
      ? madeUp
        ? [{ ...chip("slice", "slice", ""), source: "default" as const }]
        : []
      : [chip("slice", "slice", slice)]),
    ...(sites.length < MANY_SITES
      ? sites.map((site) => chip("site", "targetSites", site))
      : [{ ...chip("sites", "targetSites", String(sites.length)), names: sites.join(", ") }]),
    ...REQUIREMENT_FIELDS.flatMap((field) => {
      const value = intent.requirements[field];
      return value === undefined ? [] : [chip(field, `requirements.${field}`, `${value}${UNITS[field]}`)];
    }),
    ...defaultsOf(intent).map((name) => chip(name, `serviceProfile.${name}`, spaced(intent.serviceProfile[name]))),
    chip("priority", "priority", String(intent.priority)),
  ].filter(({ kind, source }) => !PROFILE.some((name) => name === kind) || source === "default");
}

/** "10Mbps" of the wire as the other amounts are written. */
function spaced(amount: string): string {
  return amount.replace(/(\d)([a-z%])/i, "$1 $2");
}

/** What a new slice gets where the sentence says nothing: it is worth knowing before it is sent. */
function defaultsOf({ action, intentType }: ParsedIntent): readonly (typeof PROFILE)[number][] {
  return action === "deploy" && intentType !== null ? PROFILE : [];
}

export interface Segment {
  from: number;
  text: string;
  fields: readonly string[]; // of the chips that were read here; empty where nothing was
}

/** Consecutive, and together the whole text. Places outside of it mark nothing. */
export function segmentsOf(text: string, chips: readonly Chip[]): Segment[] {
  const marks = chips.flatMap(({ field, span }) => (span === null || span[0] >= span[1] ? [] : [{ field, from: span[0], to: span[1] }]));
  const inside = marks.flatMap(({ from, to }) => [from, to]).filter((place) => place > 0 && place < text.length);
  const cuts = [...new Set([0, ...inside, text.length])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, index) => {
    const to = cuts[index + 1] ?? text.length;
    const fields = marks.filter((mark) => mark.from <= from && mark.to >= to).map(({ field }) => field);
    return { from, text: text.slice(from, to), fields: [...new Set(fields)] };
  });
}
