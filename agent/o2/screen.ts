// A block of lines at the end of a terminal that is drawn again in place. Not used where nobody watches a terminal.
import type { Output } from "./output.ts";

const FRAME_MS = 120; // smooth enough for a spinner, cheap over ssh

export interface Screen {
  draw(): void;
  /** Draws a last time, and gives the cursor back. */
  close(): void;
}

/** `render` is asked for the lines with the number of the frame; none may be wider than the terminal. */
export function createScreen(out: Output, render: (tick: number) => string[]): Screen {
  let drawn = 0;
  let tick = 0;
  const draw = (): void => {
    const lines = render(tick).slice(-Math.max(1, out.rows() - 1)); // what has scrolled out of sight cannot be redrawn
    const up = drawn > 0 ? `\u001b[${drawn}A` : "";
    out.raw(`${up}\r\u001b[0J${lines.map((line) => `${line}\n`).join("")}`);
    drawn = lines.length;
  };
  const hide = "\u001b[?25l";
  const show = "\u001b[?25h";
  out.raw(hide);
  draw();
  const timer = setInterval(() => {
    tick += 1;
    draw();
  }, FRAME_MS);
  return {
    draw,
    close() {
      clearInterval(timer);
      draw();
      out.raw(show);
    },
  };
}
