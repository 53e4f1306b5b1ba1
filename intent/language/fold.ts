// Folding: one form for every character that means the same. It keeps the length, so that a place in the folded text is a place in the text.
import { VARIANTS } from "./chinese/characters.ts";

const FORMS: Readonly<Record<string, string>> = {
  "\u2018": "'",
  "\u2019": "'",
  "\u201c": '"',
  "\u201d": '"',
  "\u300c": '"', // corner brackets
  "\u300d": '"',
  "\u300e": '"',
  "\u300f": '"',
  "`": '"',
  "\u2010": "-",
  "\u2011": "-",
  "\u2012": "-",
  "\u2013": "-",
  "\u2212": "-",
  "\u2014": ";", // a dash that breaks the sentence
  "\u2015": ";",
  "\u2026": ";", // an ellipsis, too
  "\u301c": "~",
  "\u223c": "~",
  "\u3002": ";", // the ideographic full stop; never a decimal point
  "\u3010": "[",
  "\u3011": "]",
  "\u300a": "(",
  "\u300b": ")",
  "\u00b5": "u", // micro sign
  "\u03bc": "u", // Greek mu
  "\u00a0": " ",
  "\u202f": " ",
  "\u2009": " ",
  "\u3000": " ",
  "\u200b": " ", // zero-width characters of pasted text
  "\u200c": " ",
  "\u200d": " ",
  "\ufeff": " ",
  "\u21d2": "\u2192",
  "\u279c": "\u2192",
  "\u27a1": "\u2192",
  "\u2b07": "\u2193",
  "\u2b06": "\u2191",
};

const UNITS = 0x10000; // UTF-16
const FULL_WIDTH = 0xfee0; // between a full-width form and its ASCII character

let table: Uint16Array | undefined;

function buildTable(): Uint16Array {
  const codes = new Uint16Array(UNITS);
  for (let code = 0; code < UNITS; code += 1) {
    const lower = String.fromCharCode(code).toLowerCase();
    codes[code] = lower.length === 1 ? lower.charCodeAt(0) : code;
  }
  for (let code = 0xff01; code <= 0xff5e; code += 1) codes[code] = codes[code - FULL_WIDTH] ?? code;
  for (const forms of [FORMS, VARIANTS]) for (const [from, to] of Object.entries(forms)) codes[from.charCodeAt(0)] = to.charCodeAt(0);
  return codes;
}

// ASCII that lower case alone folds; most English texts are nothing else.
const PLAIN = /^[\0-_a-\x7f]*$/;

/** Lower case and one form for each character. The result has the length of the text, in UTF-16 units. */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  table ??= buildTable();
  let out = "";
  let kept = 0; // from here on nothing was changed
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    const folded = table[code] ?? code;
    if (folded === code) continue;
    out += text.slice(kept, i) + String.fromCharCode(folded);
    kept = i + 1;
  }
  return kept === 0 ? text : out + text.slice(kept);
}
