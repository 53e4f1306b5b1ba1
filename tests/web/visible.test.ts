// Text of others as it is shown: nothing in it is drawn as nothing, and honest text of any language stays as it is.
import { expect, test } from "vitest";
import { visible } from "../../web/state/visible.ts";

test.each([
  ["a control of a terminal", 0x1b, "␛"],
  ["delete", 0x7f, "␡"],
  ["a C1 control", 0x9b, "⟨U+009B⟩"],
  ["a soft hyphen", 0xad, "⟨U+00AD⟩"],
  ["a combining grapheme joiner", 0x034f, "⟨U+034F⟩"],
  ["a Hangul filler", 0x115f, "⟨U+115F⟩"],
  ["a Mongolian vowel separator", 0x180e, "⟨U+180E⟩"],
  ["a zero-width space", 0x200b, "⟨U+200B⟩"],
  ["an override of direction", 0x202e, "⟨U+202E⟩"],
  ["a separator of lines", 0x2028, "⟨U+2028⟩"],
  ["a deprecated format", 0x206a, "⟨U+206A⟩"],
  ["another Hangul filler", 0x3164, "⟨U+3164⟩"],
  ["a variation selector", 0xfe01, "⟨U+FE01⟩"],
  ["an anchor of an annotation", 0xfff9, "⟨U+FFF9⟩"],
  ["a tag", 0xe0041, "⟨U+E0041⟩"],
  ["a supplementary variation selector", 0xe0101, "⟨U+E0101⟩"],
])("%s is shown as a mark", (_name, code, mark) => {
  expect(visible(`edge${String.fromCodePoint(code)}1`)).toBe(`edge${mark}1`);
});

test("honest text stays as it is, with its tabs and line ends", () => {
  const text = "在 edge1 部署 eMBB, 100 Mbps:\n\tcafé ≤ 10 ms — 한국 🚀 é";
  expect(visible(text)).toBe(text);
  expect(visible("a\r\nb\rc")).toBe("a\nb␍c");
});
