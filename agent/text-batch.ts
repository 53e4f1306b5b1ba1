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
  /** The first half of a character waits for the other one. */
  function flush(): void {
    const half = endsInHalf(held) ? held.slice(-1) : "";
    handAll(held.slice(0, held.length - half.length));
    held = half;
  }
  function handAll(text: string): void {
    clearTimeout(timer);
    timer = undefined;
    for (let at = 0; at < text.length; ) {
      const piece = text.slice(at, at + MAX_CHARS);
      const whole = at + piece.length < text.length && endsInHalf(piece) ? piece.slice(0, -1) : piece;
      hand(whole);
      at += whole.length;
    }
  }
  return {
    add(text) {
      held += text;
      if (held.length >= ENOUGH_CHARS) flush();
      else timer ??= setTimeout(flush, LINGER_MS);
    },
    end() {
      const text = held;
      held = "";
      handAll(text);
    },
  };
}

/** Some characters are two units of a string, and half of one is no text. */
function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
