// What of the palette's items fits what is typed, the best first. Letters in their order are enough; words and beginnings count more. Pure.

export type PaletteGroup = "go" | "site" | "slice" | "intent" | "deployment" | "template" | "setting" | "use";

export interface PaletteItem {
  key: string; // unique among the items
  group: PaletteGroup;
  title: string;
  note?: string; // beside the title: a state, a sentence
  also?: string; // found by it, not shown: an id
  run(): void;
}

const SHOWN = 40;
const SENTENCE = /\s|\p{Script=Han}{4}/u; // more than a name

/** 0 is the best; null does not fit. Letters of the query in their order, each gap costs, a beginning of a word is free. */
export function distance(query: string, text: string): number | null {
  const wanted = query.toLowerCase().replaceAll(/\s+/g, "");
  const known = text.toLowerCase();
  if (wanted === "") return 0;
  const whole = known.indexOf(query.trim().toLowerCase());
  if (whole !== -1) return isBeginning(known, whole) ? whole / 1000 : 1 + whole / 1000;
  let cost = 2;
  let last = -1;
  for (const letter of wanted) {
    const place = known.indexOf(letter, last + 1);
    if (place === -1) return null;
    if (place !== last + 1) cost += isBeginning(known, place) ? 1 : 1 + Math.min(8, place - last - 1);
    last = place + letter.length - 1;
  }
  return cost;
}

function isBeginning(text: string, place: number): boolean {
  return place === 0 || !/[\p{L}\p{N}]/u.test(text[place - 1] ?? "");
}

/** Far letters of a long sentence fit anything: a scattered match must be about as dense as a word. */
const LOOSEST_PER_LETTER = 2.5;

function fit(item: PaletteItem, query: string): number | null {
  const costs = [item.title, item.note, item.also].map((text, place) => {
    const cost = text === undefined ? null : distance(query, text);
    return cost === null || cost > 2 + LOOSEST_PER_LETTER * query.trim().length ? null : cost + place * 0.1;
  });
  return costs.reduce((best, cost) => (cost !== null && (best === null || cost < best) ? cost : best), null);
}

/** `use` takes the query as an intent: offered first when nothing else fits, last when it may be a sentence. */
export function found(items: readonly PaletteItem[], query: string, use: PaletteItem | null): PaletteItem[] {
  if (query.trim() === "") return items.slice(0, SHOWN);
  const fitting = items.flatMap((item, place) => {
    const cost = fit(item, query);
    return cost === null ? [] : [{ item, cost, place }];
  });
  fitting.sort((a, b) => a.cost - b.cost || a.place - b.place);
  const best = fitting.slice(0, SHOWN).map(({ item }) => item);
  return use !== null && (best.length === 0 || SENTENCE.test(query.trim())) ? [...best, use] : best;
}
