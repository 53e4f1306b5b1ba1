// Counts of devices: a bare number that leads to a device noun, or stands after one ("devices: 5000").
import { type Doc, flagAt, flagEndingAt, flagsOf, hasFlag, markAt, marksOf, wordAt } from "./doc.ts";
import { isUnspaced, type Mark } from "./lexicon.ts";
import { claimQuantity, isPronoun, type Quantity } from "./quantities.ts";

export interface DeviceCount {
  quantity: Quantity;
  from: number;
  to: number;
}

const ADJECTIVES = 3; // "20k connected soil moisture sensors"
const SURELY_A_COUNT = 1000; // from here a plural noun that no table knows is counted too
const LABEL_REACH = 4; // "devices (max): 5000"
const THOUSAND = 1000;
const MILLION = 1e6;

const NOUN_STOPS = ["sliceNoun", "siteNoun", "join", "clauseBreak", "to", "not"] as const;

/** Words at which a search for the counted noun ends. */
function stopsNoun(doc: Doc, at: number): boolean {
  const measure = markAt(doc, at, "measure");
  if (measure !== undefined && flagAt(doc, measure.to, "device") === undefined) return true; // but "humidity sensors", 溫度感測器
  if (markAt(doc, at, "type") || markAt(doc, at, "action")?.sense.strength === 3) return true;
  return NOUN_STOPS.some((flag) => flagAt(doc, at, flag) !== undefined && flagAt(doc, at, "device") === undefined);
}

/** A measure word (個, 台): its number is counted, not measured. */
export function counterAt(doc: Doc, at: number): Mark | undefined {
  return flagAt(doc, at, "counter") ?? flagAt(doc, at, "thingCounter");
}

/** "一台", "one for AGV control", "since 2019": an article, a pronoun, a year. */
function countsNothing(doc: Doc, quantity: Quantity): boolean {
  if (isArticle(doc, quantity, counterAt(doc, quantity.to) !== undefined)) return true;
  if (isPronoun(doc, quantity)) return flagAt(doc, quantity.to, "leadsOn") !== undefined;
  return isYear(doc, quantity) && flagEndingAt(doc, quantity.from, "dateBefore") !== undefined;
}

/** Where the counted noun ends, or `undefined` when the words after the number do not lead to one. */
function nounEnd(doc: Doc, quantity: Quantity): number | undefined {
  const counter = counterAt(doc, quantity.to);
  if (countsNothing(doc, quantity)) return undefined;
  let plural: number | undefined;
  let i = counter?.to ?? quantity.to;
  if (wordAt(doc, i) === ")") i += 1; // 5000 (correction: 7000) sensors
  for (let words = 0; words <= ADJECTIVES; words += 1, i += 1) {
    if (wordAt(doc, i) === "-" && doc.tokens[i]?.glued) {
      words -= 2; // NB-IoT trackers: the parts of a compound are one word
      continue;
    }
    if (doc.tokens[i]?.kind !== "word" || doc.used[i] || markAt(doc, i, "number") !== undefined) break;
    const device = flagAt(doc, i, "device");
    if (device !== undefined) {
      const next = flagAt(doc, device.to, "device"); // "robot arms": the last noun is the head
      return next?.to ?? device.to;
    }
    if (stopsNoun(doc, i)) break;
    const isCompound = wordAt(doc, i - 1) === "-" && doc.tokens[i]?.glued === true; // fill-level sensors
    if (flagAt(doc, i, "filler") && words > 0 && !isCompound) break;
    const isPlural = plural === undefined && doc.lexicon.plurals.some((test) => test(wordAt(doc, i)));
    if (isPlural) plural = i + 1;
  }
  return withoutDevice(doc, quantity, plural);
}

/** No word after the number is a device that the tables know: the device before it, or that there are so many, says what is counted. */
function withoutDevice(doc: Doc, quantity: Quantity, plural: number | undefined): number | undefined {
  const counter = counterAt(doc, quantity.to);
  if (counter !== undefined && flagEndingAt(doc, quantity.from, "device") !== undefined) return counter.to; // 感測器 3000 個
  const counts = quantity.high >= SURELY_A_COUNT && !isYear(doc, quantity);
  if (counter !== undefined && counts && isUnspaced(wordAt(doc, counter.to)) && !stopsNoun(doc, counter.to)) return counter.to + 1; // 十萬個物件
  return (
    flagAt(doc, quantity.to, "thingCounter")?.to ??
    (plural !== undefined && (counts || isForMachines(doc, quantity, plural)) ? plural : undefined)
  );
}

const YEARS = [1950, 2049] as const; // as a number in four plain digits, a round thousand apart

function isYear(doc: Doc, { from, low, shape }: Quantity): boolean {
  const isWritten = shape === "single" && /^\d{4}$/.test(wordAt(doc, from));
  return isWritten && low >= YEARS[0] && low <= YEARS[1] && low % THOUSAND !== 0;
}

const FEWEST = 10; // of things that the tables do not know

/** "an mMTC slice for 450 widgets": what such a slice is for are devices, whatever their name. */
function isForMachines(doc: Doc, { from, low }: Quantity, plural: number): boolean {
  let at = from;
  while (flagEndingAt(doc, at, "purpose") === undefined && flagEndingAt(doc, at, "filler") !== undefined) at -= 1;
  const isNoun = !doc.lexicon.known.has(wordAt(doc, plural - 1)) && doc.words[plural - 1]?.stem === undefined; // and no word for something else
  const isMachines = marksOf(doc, "type").some(({ sense }) => sense.type === "mMTC");
  return isNoun && isMachines && low >= FEWEST && Number.isInteger(low) && flagEndingAt(doc, at, "purpose") !== undefined;
}

/** 一台 only says "a". */
function isArticle(doc: Doc, quantity: Quantity, counted: boolean): boolean {
  const article = doc.lexicon.segmenter.numerals?.article;
  return counted && article !== undefined && wordAt(doc, quantity.from) === article;
}

/** "devices: 5000", "number of UEs = 200", "max users 40", 裝置數 5000. */
function nounBefore(doc: Doc, quantity: Quantity): number | undefined {
  let i = quantity.from;
  const first = quantity.from - LABEL_REACH;
  const links = () =>
    /^[:=<>()\u2264_|x\u00d7]$/.test(wordAt(doc, i - 1)) ||
    flagEndingAt(doc, i, "filler") !== undefined ||
    flagEndingAt(doc, i, "to") !== undefined ||
    flagEndingAt(doc, i, "from") !== undefined;
  while (i > first && flagEndingAt(doc, i, "device") === undefined && flagEndingAt(doc, i, "countNoun") === undefined && links()) i -= 1;
  const label = flagEndingAt(doc, i, "countNoun") ?? nounOfChange(doc, quantity);
  if (label !== undefined) return label.from;
  const noun = flagEndingAt(doc, i, "device");
  if (noun === undefined) return undefined;
  const before =
    flagEndingAt(doc, noun.from, "total") ?? (wordAt(doc, noun.from - 1) === "_" ? flagEndingAt(doc, noun.from - 1, "total") : undefined);
  const said = (i < quantity.from && !isYear(doc, quantity)) || before !== undefined; // "customer 4711" counts nothing
  return said ? noun.from : undefined;
}

const CHANGE_REACH = 8; // tokens: "increase the users of slice video-7 to 5k"

/** The noun whose number is changed to this one. */
function nounOfChange(doc: Doc, quantity: Quantity): Mark | undefined {
  if (flagEndingAt(doc, quantity.from, "to") === undefined) return undefined;
  for (let i = quantity.from - 1; i > quantity.from - CHANGE_REACH && i > 0; i -= 1) {
    if (doc.tokens[i]?.clause !== doc.tokens[quantity.from]?.clause || markAt(doc, i, "measure") !== undefined) return undefined;
    const noun = flagEndingAt(doc, i, "countNoun") ?? flagEndingAt(doc, i, "device");
    if (noun !== undefined) return noun;
  }
  return undefined;
}

/** "200M devices": the suffix that is a bit rate elsewhere is a million before a device noun. */
function millions(doc: Doc, quantity: Quantity): Quantity | undefined {
  const last = doc.tokens[quantity.to - 1];
  if (quantity.dimension !== "bandwidth" || last?.text !== "m" || flagAt(doc, quantity.to, "device") === undefined) return undefined;
  return { ...quantity, dimension: "bare", low: quantity.low * MILLION, high: quantity.high * MILLION };
}

export function findDeviceCounts(doc: Doc, quantities: readonly Quantity[]): DeviceCount[] {
  const counts: DeviceCount[] = [];
  for (const found of quantities) {
    const quantity = found.dimension === "bare" ? found : millions(doc, found);
    if (quantity === undefined || (found.dimension === "bare" && doc.used[found.from]) || isResolution(doc, quantity)) continue;
    const end = nounEnd(doc, quantity);
    const start = end === undefined ? nounBefore(doc, quantity) : undefined;
    if (end === undefined && start === undefined) continue;
    claimQuantity(doc, quantity);
    counts.push({ quantity, from: start ?? quantity.from, to: end ?? quantity.to });
  }
  const apart = counts.length === 0 && hasFlag(doc, "sum") ? quantities.find((quantity) => isSum(doc, quantity)) : undefined;
  if (apart !== undefined) {
    claimQuantity(doc, apart);
    counts.push({ quantity: apart, from: apart.from, to: apart.to });
  }
  const corrected = quantities.find((quantity) => correctsCount(doc, quantity, counts.at(-1)));
  if (corrected !== undefined) counts.push({ quantity: corrected, from: corrected.from, to: corrected.to });
  return counts;
}

/** "flood gauges, 4,700 altogether", 一共九萬個: stated apart from the devices that are named before it. */
function isSum(doc: Doc, quantity: Quantity): boolean {
  const { from, low } = quantity;
  if (quantity.dimension !== "bare" || doc.used[from] || low < 2 || isYear(doc, quantity)) return false;
  const to = counterAt(doc, quantity.to)?.to ?? quantity.to;
  let before = from;
  while (flagEndingAt(doc, before, "sum") === undefined && flagEndingAt(doc, before, "filler") !== undefined) before -= 1;
  const ends = doc.tokens[to] === undefined || doc.tokens[to]?.kind === "symbol";
  if (flagAt(doc, to, "sum") === undefined && !(ends && flagEndingAt(doc, before, "sum") !== undefined)) return false;
  const things = [...flagsOf(doc, "device"), ...marksOf(doc, "useCase").filter(({ sense }) => sense.type === "mMTC")];
  return things.some((thing) => thing.to <= from);
}

/** "5000 sensors at edge1, make it 7000": the bare number that corrects takes the noun of the count before it. */
function correctsCount(doc: Doc, quantity: Quantity, last: DeviceCount | undefined): boolean {
  if (last === undefined || quantity.dimension !== "bare" || quantity.from < last.to || doc.used[quantity.from]) return false;
  const to = flagEndingAt(doc, quantity.from, "to");
  return flagEndingAt(doc, to?.from ?? quantity.from, "correction") !== undefined;
}

/** "4K cameras", "8k live stream": a picture size, no count. "4k sensors" is one. */
function isResolution(doc: Doc, quantity: Quantity): boolean {
  if (marksOf(doc, "type").some(({ sense }) => sense.type === "mMTC") && flagAt(doc, quantity.to, "device")) return false; // "8k of them"
  const video = markAt(doc, quantity.from, "useCase");
  if (video === undefined || video.sense.type !== "eMBB") return false;
  if (flagAt(doc, quantity.to, "counter") ?? flagAt(doc, quantity.to, "thingCounter")) return false;
  const next = markAt(doc, quantity.to, "useCase");
  return next === undefined || next.sense.type === "eMBB";
}
