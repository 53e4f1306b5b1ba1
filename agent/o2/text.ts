// Text on a terminal: made harmless, measured in cells, cut, and set in columns. Pure.

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const MARK = /\p{Mn}|\p{Me}|\p{Cf}/u;

/** What people, sites and repositories wrote may hold escape sequences; none of them reaches the terminal. Line breaks stay. */
export function harmless(text: string): string {
  return text
    .replaceAll("\t", "    ")
    .replace(/\r\n?/g, "\n")
    .replace(/[\p{Cc}\p{Cf}]/gu, (sign) => (sign === "\n" ? sign : "\ufffd"));
}

/** Harmless, and on one line. */
export function oneLine(text: string): string {
  return harmless(text.replace(/\s+/g, " ")).trim();
}

function cellsOf(sign: string): number {
  if (MARK.test(sign)) return 0;
  return WIDE.test(sign) ? 2 : 1;
}

/** Cells of a terminal; Chinese signs take two. */
export function width(text: string): number {
  let cells = 0;
  for (const sign of text) cells += cellsOf(sign);
  return cells;
}

/** At most so many cells; what was cut off shows as an ellipsis. */
export function cut(text: string, cells: number): string {
  if (width(text) <= cells) return text;
  let out = "";
  let used = 1; // the ellipsis
  for (const sign of text) {
    used += cellsOf(sign);
    if (used > cells) break;
    out += sign;
  }
  return cells > 0 ? `${out}…` : "";
}

export function pad(text: string, cells: number): string {
  return text + " ".repeat(Math.max(0, cells - width(text)));
}

const GAP = "  ";

/** Left-aligned columns under their heads; the last column is cut to what the terminal has left. */
export function columns(heads: readonly string[], rows: readonly (readonly string[])[], total: number): string {
  const cells = [heads, ...rows].map((row) => row.map(oneLine));
  const widths = heads.map((_, at) => Math.max(...cells.map((row) => width(row[at] ?? ""))));
  const last = heads.length - 1;
  const before = widths.slice(0, last).reduce((sum, one) => sum + one + GAP.length, 0);
  const room = Math.max(total - before, 20);
  return cells
    .map((row) =>
      row
        .map((cell, at) => (at === last ? cut(cell, room) : pad(cell, widths[at] ?? 0)))
        .join(GAP)
        .trimEnd(),
    )
    .join("\n");
}

export function seconds(ms: number): string {
  if (ms < 60_000) return `${(Math.max(0, ms) / 1_000).toFixed(1)} s`;
  const whole = Math.round(ms / 1_000);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
