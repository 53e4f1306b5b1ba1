// YAML in colours: which part of each line is a key, a text, a number or a comment. Plain data: no markup is ever made of somebody's text.
import yaml from "highlight.js/lib/languages/yaml";
import { createLowlight } from "lowlight";
import { type DiffLine, sidesOf } from "../../state/diff-view.ts";

const lowlight = createLowlight({ yaml });

type Root = ReturnType<typeof lowlight.highlight>;
type Node = Root["children"][number];

export type TokenKind = "key" | "text" | "value" | "comment" | "mark" | "plain";

export interface Token {
  kind: TokenKind;
  text: string;
}

const KINDS: Readonly<Record<string, TokenKind>> = {
  "hljs-attr": "key",
  "hljs-string": "text",
  "hljs-number": "value",
  "hljs-literal": "value",
  "hljs-comment": "comment",
  "hljs-bullet": "mark",
  "hljs-meta": "mark",
  "hljs-type": "mark",
};

const MOST_CHARS = 200_000; // of one side of a hunk: colours are not worth a frozen page
const LONGEST_LINE = 2_000;

/** For each line its tokens; none for a line without colours. */
export function tokensOf(lines: readonly DiffLine[]): ReadonlyMap<number, readonly Token[]> {
  const found = new Map<number, readonly Token[]>();
  for (const { places, text } of sidesOf(lines)) {
    if (text.length > MOST_CHARS || places.some((place) => (lines[place]?.text.length ?? 0) > LONGEST_LINE)) continue;
    linesOf(lowlight.highlight("yaml", text)).forEach((tokens, index) => {
      const place = places[index];
      if (place !== undefined) found.set(place, tokens);
    });
  }
  return found;
}

function linesOf(root: Root): Token[][] {
  const lines: Token[][] = [[]];
  const walk = (nodes: readonly Node[], kind: TokenKind) => {
    for (const node of nodes) {
      if (node.type === "element") walk(node.children, kindOf(node.properties.className) ?? kind);
      if (node.type !== "text") continue;
      node.value.split("\n").forEach((text, index) => {
        if (index > 0) lines.push([]);
        if (text !== "") lines.at(-1)?.push({ kind, text });
      });
    }
  };
  walk(root.children, "plain");
  return lines;
}

function kindOf(className: unknown): TokenKind | undefined {
  const [first] = Array.isArray(className) ? className : [];
  return typeof first === "string" ? KINDS[first] : undefined;
}
