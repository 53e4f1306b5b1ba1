// Whether what somebody says a text means stands in that text at all: numbers in any unit, names in any spelling. Pure; no judgement.
import type { Requirements } from "../protocol/intent.ts";
import type { Span } from "./language/doc.ts";
import { fold } from "./language/fold.ts";
import type { WrittenNumber } from "./language/numbers-in.ts";
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

/** Where the text writes a number that this value can be; undefined: nowhere. */
export function numberSpan(numbers: readonly WrittenNumber[], field: RequirementField, value: number): Span | undefined {
  const isPercent = field === "reliabilityPercent" || field === "availabilityPercent";
  const found = numbers.find(
    ({ value: written }) => FACTORS[field].some((factor) => near(written * factor, value)) || (isPercent && meansPercent(value, written)),
  );
  return found?.span;
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

/** Where the text writes the name, without regard to case. */
export function nameSpan(text: string, name: string): Span | undefined {
  const at = name.trim() === "" ? -1 : fold(text).indexOf(fold(name.trim()));
  return at === -1 ? undefined : [at, at + fold(name.trim()).length];
}
