// Quick templates and examples: which there are, and where the blanks of a sentence are. A template's sentence is in the i18n resources. Pure.

/** Each has a name `template.<id>` and a sentence `template.<id>.text` with blanks in the words of the area intents. */
export const TEMPLATES = ["embb", "urllc", "mmtc", "status", "rollback", "scale"] as const;

/** A place that a person has to fill, with its brackets: ⟨site⟩. */
export interface Blank {
  name: string;
  from: number;
  to: number;
}

const BLANK = /⟨([^⟨⟩\n]{1,40})⟩/g; // brackets that nobody types by chance

export function blanksOf(text: string): Blank[] {
  return [...text.matchAll(BLANK)].map((match) => ({ name: match[1] ?? "", from: match.index, to: match.index + match[0].length }));
}

/** The blank after the place, or before it; null at the end, so that Tab goes on to what follows the box. */
export function blankFrom(text: string, place: number, direction: "on" | "back"): Blank | null {
  const blanks = blanksOf(text);
  const found = direction === "on" ? blanks.find(({ from }) => from >= place) : blanks.findLast(({ to }) => to <= place);
  return found ?? null;
}

export interface Example {
  language: "en" | "zh-TW";
  text: string;
}

/** Whole sentences of every kind, with names of this installation where it has any. */
export function examples(siteIds: readonly string[]): Example[] {
  const [first = "edge1", second = "edge2"] = siteIds;
  return [
    { language: "en", text: `Deploy eMBB slice on ${first} and ${second} with 200Mbps and 20ms latency` },
    { language: "en", text: `Deploy a URLLC slice for robot control on ${first}, at most 5 ms, 99.999% reliability` },
    { language: "en", text: `Show the status of ${first}` },
    { language: "zh-TW", text: `在 ${first} 部署 eMBB 切片，下行 200 Mbps，延遲 20 ms` },
    { language: "zh-TW", text: `在 ${second} 部署 mMTC 切片，支援 5000 台裝置` },
    { language: "zh-TW", text: `查詢 ${first} 的狀態` },
  ];
}
