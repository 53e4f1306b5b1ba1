// Text of others made harmless and honest to look at: what would colour, hide or turn text around is shown as a mark instead. Pure.
// React escapes markup already; this is about control characters (ANSI), zero-width and bidirectional ones (Trojan Source, CVE-2021-42574).

const TAB = 0x09;
const LINE_FEED = 0x0a;
const BASE_OF_CONTROL_PICTURES = 0x2400; // U+2400 SYMBOL FOR NULL; the pictures follow the order of the controls
const DELETE = 0x7f;

/** C1, formats (direction, joiners, tags), what Unicode says to draw as nothing (fillers, variation selectors), and the two separators of lines. */
const HIDDEN = /[\u0080-\u009f\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u;

/** Tabs and line ends stay; a carriage return before a line feed goes. */
export function visible(text: string): string {
  let out = "";
  for (const char of text.replaceAll("\r\n", "\n")) {
    const code = char.codePointAt(0) ?? 0;
    if (code === TAB || code === LINE_FEED) out += char;
    else if (code < 0x20) out += String.fromCodePoint(BASE_OF_CONTROL_PICTURES + code);
    else if (code === DELETE) out += "\u2421";
    else if (HIDDEN.test(char)) out += `\u27e8U+${code.toString(16).toUpperCase().padStart(4, "0")}\u27e9`;
    else out += char;
  }
  return out;
}
