// Tokens written in one piece, such as video-7, CHG-30412, 10.0.0.1 or v1.8.3: what may be a name, a ticket, an address or a date.
import type { Token } from "./tokens.ts";

export interface Chunk {
  name: string; // folded
  start: number;
  end: number;
  from: number; // tokens
  to: number;
}

const LAST_ASCII = 0x7f;

function isPart(token: Token | undefined): boolean {
  return (
    token !== undefined &&
    token.kind !== "symbol" &&
    token.text.charCodeAt(token.text.length - 1) <= LAST_ASCII &&
    !(token.kind === "number" && token.text.includes(","))
  );
}

function isSeparator(token: Token | undefined): boolean {
  return token !== undefined && (token.text === "-" || token.text === "_" || token.text === ".");
}

function chunkEnd(tokens: readonly Token[], from: number): number {
  let to = from + 1;
  for (;;) {
    if (tokens[to]?.glued && isPart(tokens[to])) to += 1;
    else if (tokens[to]?.glued && isSeparator(tokens[to]) && tokens[to + 1]?.glued && isPart(tokens[to + 1])) to += 2;
    else return to;
  }
}

export function findChunks(folded: string, tokens: readonly Token[]): Chunk[] {
  const chunks: Chunk[] = [];
  for (let from = 0; from < tokens.length; ) {
    const first = tokens[from];
    if (first === undefined || !isPart(first)) {
      from += 1;
      continue;
    }
    const to = chunkEnd(tokens, from);
    const end = tokens[to - 1]?.end ?? first.end;
    chunks.push({ name: to === from + 1 ? first.text : folded.slice(first.start, end), start: first.start, end, from, to });
    from = to;
  }
  return chunks;
}
