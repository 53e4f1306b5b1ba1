// Text that comes in many small pieces, handed on in fewer and larger ones, a few milliseconds late at most. Keeps order, loses nothing.
const LINGER_MS = 5; // below what a reader notices; a fast model says a dozen tokens in it
const ENOUGH_CHARS = 4 * 1024; // then it goes at once
const MAX_CHARS = 32 * 1024; // of one piece: it must fit a chunk of the protocol

export interface TextBatch {
  add(text: string): void;
  /** Hands on what is left. */
  end(): void;
}

export function createTextBatch(hand: (text: string) => void): TextBatch {
  let held = "";
  let timer: NodeJS.Timeout | undefined;
  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const text = held;
    held = "";
    for (let at = 0; at < text.length; at += MAX_CHARS) hand(text.slice(at, at + MAX_CHARS));
  }
  return {
    add(text) {
      held += text;
      if (held.length >= ENOUGH_CHARS) flush();
      else timer ??= setTimeout(flush, LINGER_MS);
    },
    end: flush,
  };
}
