/// <reference types="vite/client" />
// Finds what of the page is not in the viewer's language: keys without a word, and English words where there are Chinese ones.
// What others wrote stands in <bdi> or <code> and is left out, and so is what says of itself that it is English.
import type { Page } from "playwright-core";

const FILES = import.meta.glob<{ words: Record<string, string> }>("../../../web/i18n/{en,zh-TW}/*.ts", { eager: true });
const LITERAL_CHARS = 9; // of a word with blanks in it: shorter pieces are in anything

const wordsOf = (language: string) =>
  Object.entries(FILES).flatMap(([path, { words }]) => (path.includes(`/${language}/`) ? Object.entries(words) : []));
const chinese = new Set(wordsOf("zh-TW").map(([, text]) => text));
const english = wordsOf("en").filter(([, text]) => !chinese.has(text));

/** Exactly these, or with one of the pieces in them, is no Chinese. */
const ENGLISH = {
  whole: [...english.filter(([, text]) => !text.includes("{{")).map(([, text]) => text), ...wordsOf("en").map(([key]) => key)].filter(
    (text) => /[a-z]{2}/i.test(text) && !chinese.has(text),
  ),
  pieces: english
    .filter(([, text]) => text.includes("{{"))
    .flatMap(([, text]) => text.split(/{{[^}]+}}/).filter((piece) => piece.trim().length >= LITERAL_CHARS)),
};

export function englishLeft(page: Page): Promise<string[]> {
  return page.locator("html").evaluate((html, { whole, pieces }) => {
    const document = html.ownerDocument;
    const SHOW_TEXT = 4; // NodeFilter.SHOW_TEXT
    const words = new Set(whole);
    const isEnglish = (text: string) => words.has(text) || pieces.some((piece) => text.includes(piece));
    const found = new Set<string>();
    const look = (text: string | null) => {
      const said = text?.trim() ?? "";
      if (said !== "" && isEnglish(said)) found.add(said);
    };
    const texts = document.createTreeWalker(document.body, SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode())
      if (node.parentElement?.closest("bdi, code, pre, kbd, script, [lang=en]") === null) look(node.nodeValue);
    for (const name of ["title", "aria-label", "placeholder", "alt"])
      for (const element of document.querySelectorAll(`[${name}]`)) look(element.getAttribute(name));
    look(document.title.split(" · ")[0] ?? "");
    return [...found];
  }, ENGLISH);
}
