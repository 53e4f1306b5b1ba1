// Whether what somebody says a text means stands in that text at all: numbers in any unit, names in any spelling. Pure; no judgement.
import type { Requirements } from "../protocol/intent.ts";
import type { Span } from "./language/doc.ts";
import { fold } from "./language/fold.ts";
import type { Measured, WrittenNumber } from "./language/numbers-in.ts";
import { type KnownSite, siteKey } from "./sites.ts";

export type RequirementField = keyof Requirements;

const RATES = [1, 1000, 0.001, 1_000_000, 8, 8000]; // Mbps, Gbps, kbps, Tbps, MB/s, GB/s
const TIMES = [1, 1000, 0.001]; // ms, s, µs
const COUNTS = [1];

const FACTORS: Record<RequirementField, readonly number[]> = {
  downlinkMbps: RATES,
  uplinkMbps: RATES,
  latencyMs: TIMES,
  reliabilityPercent: [1, 100],
  availabilityPercent: [1, 100],
  maxDevices: COUNTS,
};

const MOST_NINES = 9;

/** "Five nines" is 99.999, "three and a half nines" 99.95. */
function nines(count: number): number {
  const whole = Math.floor(count);
  const share = 10 ** (2 - whole);
  return 100 - (count === whole ? share : share / 2);
}

function meansPercent(value: number, written: number): boolean {
  const asNines = written >= 1 && written <= MOST_NINES && (written * 2) % 1 === 0 && near(nines(written), value);
  return asNines || (written < 1 && near(100 * (1 - written), value)); // a loss of 10^-5 is a reliability of 99.999 %
}

const TOLERANCE = 1e-9; // of binary fractions, not of meaning

export function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
}

const DIMENSION: Record<RequirementField, Measured | undefined> = {
  downlinkMbps: "bandwidth",
  uplinkMbps: "bandwidth",
  latencyMs: "time",
  reliabilityPercent: "percent",
  availabilityPercent: "percent",
  maxDevices: undefined, // a count has no unit
};

/** Without a unit a number is what it says; behind a unit, also one that no table knows, it may stand for another value. */
function canMean({ value: written, measured }: WrittenNumber, field: RequirementField, value: number): boolean {
  if (measured === "bare") return near(written, value);
  if (measured !== "unread" && measured !== DIMENSION[field]) return false;
  const isPercent = field === "reliabilityPercent" || field === "availabilityPercent";
  return FACTORS[field].some((factor) => near(written * factor, value)) || (isPercent && meansPercent(value, written));
}

/** Where the text writes a number that this value can be; undefined: nowhere. */
export function numberSpan(numbers: readonly WrittenNumber[], field: RequirementField, value: number): Span | undefined {
  return numbers.find((number) => canMean(number, field, value))?.span;
}

function overlap(a: Span, b: Span): boolean {
  return a[0] < b[1] && b[0] < a[1];
}

/**
 * Numbers that the rules could not read and that nothing is made of yet: a word that they do not know stands where a unit would. Where they
 * know the unit, or there is none, they left the number alone on purpose: a limit, a value that was, the number of a paragraph.
 */
export function freeNumbers(numbers: readonly WrittenNumber[], spent: readonly (Span | undefined)[]): WrittenNumber[] {
  const used = numbers.filter(({ span }) => spent.some((other) => other !== undefined && overlap(span, other)));
  return numbers.filter(({ value, measured }) => measured === "unread" && !used.some((other) => near(other.value, value)));
}

const SPECIAL = /[\\^$.*+?()[\]{}|/-]/;
const SEPARATOR = "[\\s_\\-#.]*"; // as siteKey leaves them out

function spelling(key: string): RegExp {
  const match = /^(.*?)(\d*)$/.exec(key);
  const [stem, number] = [match?.[1] ?? key, match?.[2] ?? ""];
  const letters = [...stem].map((letter) => (SPECIAL.test(letter) ? `\\${letter}` : letter)).join(SEPARATOR);
  const tail = number === "" ? "" : `${SEPARATOR}0*${number}(?!\\d)`;
  return new RegExp(`(?<![a-z0-9])${letters}${tail}${number === "" ? "(?![a-z0-9])" : ""}`);
}

function spanOfKey(folded: string, key: string): Span | undefined {
  if (key === "") return undefined;
  const found = spelling(key).exec(folded);
  return found === null ? undefined : [found.index, found.index + found[0].length];
}

/** Where the text writes the id or an alias of the site, with whatever separators. */
export function siteSpan(text: string, { id, aliases }: KnownSite): Span | undefined {
  const folded = fold(text);
  for (const name of [id, ...aliases]) {
    const span = spanOfKey(folded, siteKey(name));
    if (span !== undefined) return span;
  }
  return undefined;
}

const PART_BEFORE = /[\p{Script=Latin}\p{N}_][-.]?$/u; // "-" and "." join the parts of a name; at its end they are signs
const PART_AFTER = /^[-.]?[\p{Script=Latin}\p{N}_]/u;
const STARTS_IN_LATIN = /^[\p{Script=Latin}\p{N}_]/u;
const ENDS_IN_LATIN = /[\p{Script=Latin}\p{N}_]$/u;

/** Where the text writes the name as a word of its own, without regard to case; scripts without spaces have no such ends. */
export function nameSpan(text: string, name: string): Span | undefined {
  const folded = fold(text);
  const wanted = fold(name.trim());
  if (wanted === "") return undefined;
  for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    const goesOn = ENDS_IN_LATIN.test(wanted) && PART_AFTER.test(folded.slice(end, end + 2));
    const isInside = STARTS_IN_LATIN.test(wanted) && PART_BEFORE.test(folded.slice(Math.max(0, at - 2), at));
    if (!goesOn && !isInside) return [at, end];
  }
  return undefined;
}
