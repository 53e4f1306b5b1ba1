// Text to tokens. Folding keeps the length, so that every token's place is a place in the text as it was written.

export interface Token {
  kind: "word" | "number" | "symbol";
  text: string; // folded: lower case, ASCII forms of full-width and typographic characters
  value: number; // of a number; NaN otherwise
  start: number;
  end: number;
  glued: boolean; // nothing stands between this token and the one before
  clause: number; // grows at commas, brackets, colons, lone dashes, ends of sentences
  sentence: number;
}

const FOLDED: Record<string, string> = {
  "\u2018": "'",
  "\u2019": "'",
  "\u201c": '"',
  "\u201d": '"',
  "`": '"',
  "\u2010": "-",
  "\u2011": "-",
  "\u2012": "-",
  "\u2013": "-",
  "\u2212": "-",
  "\u2014": ";", // a dash that breaks the sentence
  "\u2015": ";",
  "\u301c": "~",
  "\u00b5": "u", // micro sign
  "\u03bc": "u", // Greek mu
  "\u00a0": " ",
  "\u202f": " ",
  "\u3000": " ",
};

function foldChar(char: string): string {
  const code = char.charCodeAt(0);
  if (code < 128) return char === "`" ? '"' : char;
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0); // full-width ASCII
  return FOLDED[char] ?? char;
}

/** Lower case and one form for each character. The result has the length of the text, in UTF-16 units. */
export function fold(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; i += 1) {
    const folded = foldChar(text.charAt(i));
    const lower = folded.toLowerCase();
    out += lower.length === 1 ? lower : folded;
  }
  return out;
}

// A word keeps an inner apostrophe (don't); letters outside ASCII are words too, so that they are never taken for separators.
// A decimal comma is read only before a unit ("1,5 Gbps"). Thousands need whole groups of three; a number right after a letter ("edge1,200") takes no group.
const TOKEN =
  /[a-z\u00c0-\u024f]+(?:'[a-z]+)?|(?<!(?:edge|site|vm)s?[ -]?)\d{1,6},\d{1,2}(?=[ ]?(?:[kmgt]?b(?:ps|its?|\/s)|[kmgt]bits?|ms|us|%|gig|meg|percent))|(?<![a-z])\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\S/g;

const CLAUSE_END = new Set([",", ";", ":", "(", ")", "[", "]", "|", "!", "?", "."]);
const SENTENCE_END = new Set([".", "!", "?", ";"]);
const DIGIT = /^\d/;
const LETTER = /^[a-z\u00c0-\u024f]/;

function kindOf(text: string): Token["kind"] {
  if (DIGIT.test(text)) return "number";
  return LETTER.test(text) ? "word" : "symbol";
}

const DECIMAL_COMMA = /^\d+,\d{1,2}$/;

function numberOf(text: string): number {
  return Number(DECIMAL_COMMA.test(text) ? text.replace(",", ".") : text.replaceAll(",", ""));
}

export function tokenise(folded: string): Token[] {
  const tokens: Token[] = [];
  let clause = 0;
  let sentence = 0;
  let last = 0;
  for (const match of folded.matchAll(TOKEN)) {
    const text = match[0];
    const start = match.index;
    const end = start + text.length;
    const glued = tokens.length > 0 && start === last;
    const newline = !glued && folded.slice(last, start).includes("\n");
    const loneDash = text === "-" && !glued && folded.charAt(end).trim() === "";
    if (newline) sentence += 1;
    if (newline || loneDash) clause += 1;
    const kind = kindOf(text);
    tokens.push({
      kind,
      text,
      value: kind === "number" ? numberOf(text) : Number.NaN,
      start,
      end,
      glued,
      clause,
      sentence,
    });
    if (CLAUSE_END.has(text)) clause += 1;
    if (SENTENCE_END.has(text)) sentence += 1;
    last = end;
  }
  return tokens;
}
