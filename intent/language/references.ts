// Names and noise: slice names, deployment ids and S-NSSAIs that mean something, tickets, dates, versions and addresses that do not.
// Patterns over the folded text; each is linear, and none reaches over a space more than a few characters wide.
import type { Snssai } from "../../protocol/intent.ts";
import type { Span } from "./doc.ts";

const MAX_NAME = 80; // the wire's limit for a slice reference

export interface SliceReference {
  name: string; // as written
  span: Span;
}

const NOUN = "(?:network slice|slice|deployment|nsi)";
const LEAD = `\\b${NOUN}s?(?:[ ]?(?:id|name|named|called|labell?ed))?[ ]?[:=#]?[ ]?`;
const NAME = "[a-z0-9]+(?:[-_.][a-z0-9]+)*";

// After the noun a name needs a digit or a mark of its own; after "named" or in quotes any label is a name.
const AFTER_NOUN = new RegExp(
  `${LEAD}(?=${NAME})((?=[a-z0-9_.-]*\\d)[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)+|(?=[a-z]*\\d)[a-z]+\\d[a-z0-9]*)(?![a-z0-9/])`,
  "g",
);
const QUOTED = new RegExp(`${LEAD}["']([a-z0-9][a-z0-9_.-]{0,62})["']`, "g");
const NAMED = new RegExp(`\\b(?:named|called|slice name[ ]?[:=]?|with (?:the )?name)[ ]["']?(${NAME})["']?`, "g");
const BEFORE_NOUN = new RegExp(`(?<![a-z0-9_-])([a-z]+(?:[-_][a-z0-9]+)*[-_]\\d[a-z0-9]*)(?= ${NOUN}\\b)`, "g");
const DEPLOYMENT_ID = /(?<![a-z0-9_-])((?:dep|dpl|int)[_-](?=[a-z0-9]*\d)[a-z0-9]{1,40})(?![a-z0-9])/g;
const SYSTEM_NAME = /(?<![a-z0-9_-])((?:embb|urllc|mmtc)-[0-9a-z]{6}(?:-\d+)?)(?![a-z0-9_-])/g; // as the plan makes them
const PLAIN_ID = /(?<![A-Za-z0-9_-])([a-z]{2,}(?:-[a-z]+)*-\d+)(?![A-Za-z0-9-])/g; // lower case as written: tickets are upper case

// "phase-2", "wifi-6", "sub-10 ms": a noun with its number, no name of a slice.
const NUMBERED_NOUN =
  /^(?:sub|wi-?fi|rel|release|phase|rev|cat|ip|day|week|floor|room|rack|zone|gate|building|hall|stage|line|level|tier|type|option|version|build|band|qci|qi|sst|sd|covid|area|sector|cell|block|unit|bay|dock|pier|terminal|port|lane|route|track|channel|layer|class|vlan|step)-\d+$/;
const TYPE_LIKE = /^(?:embb|urllc|mmtc|miot|v2x|5g|4k|8k)$/;

interface Found {
  name: string;
  start: number;
}

function firstOf(pattern: RegExp, text: string, accept: (found: Found) => boolean): Found | undefined {
  for (const match of text.matchAll(pattern)) {
    const name = match[1];
    if (name === undefined) continue;
    const found = { name, start: match.index + match[0].lastIndexOf(name) };
    if (accept(found)) return found;
  }
  return undefined;
}

const ANY_NAME = new RegExp(`(?<![a-z0-9_.-])(${NAME})(?![a-z0-9_-])`, "g");
const NOUN_BEFORE = new RegExp(`\\b${NOUN}s? $`);
const NOUN_AFTER = new RegExp(`^ ${NOUN}\\b`);
const NOUN_REACH = 20; // characters before or after a name in which the noun must stand

export interface KnownNames {
  isSite: (name: string) => boolean;
  slices: ReadonlySet<string>; // that are live: their names are known without a noun beside them
}

const VERB_BEFORE = /\b(?:terminate|delete|remove|scale|roll ?back|revert|undo|decommission)(?: up| down)? (?:the )?$/;

/** A live slice's name. One that is a plain word ("video") needs the noun beside it: the word may mean something else. */
function isLiveName({ name, start }: Found, folded: string, slices: ReadonlySet<string>): boolean {
  if (!slices.has(name)) return false;
  if (/[-_\d]/.test(name)) return true;
  const end = start + name.length;
  const before = folded.slice(Math.max(0, start - NOUN_REACH), start);
  return NOUN_BEFORE.test(before) || VERB_BEFORE.test(before) || NOUN_AFTER.test(folded.slice(end, end + NOUN_REACH));
}

/** The slice or deployment that the text names, if any. */
export function findSliceReference(text: string, folded: string, { isSite, slices }: KnownNames): SliceReference | undefined {
  const accept = ({ name }: Found) => name.length <= MAX_NAME && !isSite(name) && !TYPE_LIKE.test(name);
  const found =
    firstOf(DEPLOYMENT_ID, folded, accept) ??
    (slices.size === 0 ? undefined : firstOf(ANY_NAME, folded, (one) => !isSite(one.name) && isLiveName(one, folded, slices))) ??
    firstOf(SYSTEM_NAME, folded, accept) ??
    firstOf(QUOTED, folded, accept) ??
    firstOf(AFTER_NOUN, folded, accept) ??
    firstOf(NAMED, folded, accept) ??
    firstOf(BEFORE_NOUN, folded, accept) ??
    firstOf(PLAIN_ID, text, (plain) => accept(plain) && !NUMBERED_NOUN.test(plain.name));
  if (found === undefined) return undefined;
  const end = found.start + found.name.length;
  return { name: text.slice(found.start, end), span: [found.start, end] };
}

export interface SnssaiReference {
  sst: number;
  snssai: Snssai | undefined; // without an SD only the type is known
  span: Span;
}

const SST_SD = /\bsst[ ]?[:=]?[ ]?(\d{1,3})\b(?:[ ,;/-]{0,3}(?:and )?sd[ ]?[:=]?[ ]?(?:0x)?([0-9a-f]{6})\b)?/;
const S_NSSAI = /\bs?-?nssai[ ]?[:=]?[ ]?(\d{1,3})[-:/ ](?:0x)?([0-9a-f]{6})\b/;
const S_NSSAI_HEX = /\bs?-?nssai[ ]?[:=]?[ ]?(?:0x)?([0-9a-f]{2})([0-9a-f]{6})\b/;

/** An explicit S-NSSAI: "SST 1 SD 010203", "S-NSSAI 1-010203", or eight hex digits. */
export function findSnssai(folded: string): SnssaiReference | undefined {
  if (!folded.includes("sst") && !folded.includes("nssai")) return undefined;
  const hex = S_NSSAI_HEX.exec(folded);
  const match = SST_SD.exec(folded) ?? S_NSSAI.exec(folded) ?? hex;
  if (match === null) return undefined;
  const sst = Number.parseInt(match[1] ?? "", match === hex ? 16 : 10);
  if (!(sst <= 255)) return undefined;
  const sd = match[2];
  return { sst, snssai: sd === undefined ? undefined : { sst, sd }, span: [match.index, match.index + match[0].length] };
}

const NOISE =
  /https?:\/\/\S+|[\w.+-]{1,64}@[\w.-]{1,253}|\b\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?\b|\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|(?<=\b(?:on|by|before|until|due|after|since|from) )\d{1,2}\/\d{1,2}(?:\/\d{2,4})?\b|\b\d{1,2}:\d{2}(?::\d{2})?\b|\bv\d+(?:\.\d+)*\b|\b\d+\.\d+\.\d+[\w.-]*|\brel(?:ease)?[- ]?\d+\b|#\d+\b|[$\u20ac\u00a3]\d[\d,.]*/g;
const KNOWN_TICKET = /\b(?:inc|chg|req|ritm|task|prb|tkt|ticket|case|jira|bug|issue|cr|sr|pr)[-# ]?\d+\b/g;
const UPPER_CASE_TICKET = /\b[A-Z]{2,10}[A-Z0-9]*-\d+\b/g;
// 2G-6G and LTE name a radio generation, not a bit rate, unless a rate's "/s" follows.
const GENERATION = /(?<![\d.,a-z])[2-6]g(?![a-z0-9/])/g;

/** Spans whose digits are no requirement: tickets, dates, times, versions, addresses, prices. */
export function findNoise(text: string, folded: string, isSite: (name: string) => boolean): Span[] {
  const spans: Span[] = [];
  const add = (matches: Iterable<RegExpMatchArray & { index: number }>) => {
    for (const match of matches) if (!isSite(match[0].toLowerCase())) spans.push([match.index, match.index + match[0].length]);
  };
  add(folded.matchAll(NOISE));
  add(folded.matchAll(KNOWN_TICKET));
  add(text.matchAll(UPPER_CASE_TICKET));
  add(folded.matchAll(GENERATION));
  return spans;
}
