// The colours of code in both themes, as style of the box around a diff: lines stay plain elements with a class, so that thousands of them are cheap.
// Each colour has a contrast of at least 4.5 : 1 against the ground, the added and the removed line of its theme.
import type { SxProps, Theme } from "@mui/material/styles";

const LIGHT = {
  "--code-added": "#e2f5e7",
  "--code-removed": "#fce6e8",
  "--code-hunk": "#eef2f7",
  "--code-key": "#0b4f8a",
  "--code-text": "#0d5c2e",
  "--code-value": "#6b21a8",
  "--code-comment": "#4d5a6c",
  "--code-mark": "#8a3b00",
};

const DARK = {
  "--code-added": "#11301f",
  "--code-removed": "#3b1a20",
  "--code-hunk": "#1c2634",
  "--code-key": "#8ec5ff",
  "--code-text": "#a5e3b8",
  "--code-value": "#d8b4fe",
  "--code-comment": "#a9b6c6",
  "--code-mark": "#fbc98a",
};

const LINE_PX = 20;

/** How high so many lines are when none is wrapped. */
export function heightOf(lines: number): number {
  return lines * LINE_PX;
}

export const codeColours: SxProps<Theme> = [
  LIGHT,
  (theme) => theme.applyStyles("dark", DARK),
  {
    minWidth: 0,
    "& .code": { fontFamily: "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK TC', monospace", fontSize: "0.82rem" },
    "& .lines": { width: "max-content", minWidth: "100%" },
    "& .lines.wrapped": { width: "100%" },
    "& .line": { display: "flex", minHeight: LINE_PX, lineHeight: `${LINE_PX}px` },
    "& .line > code": { flex: "1 1 auto", minWidth: 0, whiteSpace: "pre", overflowWrap: "normal", fontSize: "inherit", pr: 2 },
    "& .wrapped .line > code": { whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
    "& .no": { flex: "none", width: "3.6em", pr: 1, textAlign: "right", color: "text.secondary", userSelect: "none" },
    "& .no:has(+ .no)": { display: { xs: "none", sm: "block" } }, // on a phone the numbers of the new side are enough
    "& .sign": { flex: "none", width: "1.6em", textAlign: "center", fontWeight: 700, userSelect: "none" },
    "& .line.added": { background: "var(--code-added)" },
    "& .line.removed": { background: "var(--code-removed)" },
    "& .line.hunk, & .line.note": { background: "var(--code-hunk)", color: "text.secondary" },
    "& .key": { color: "var(--code-key)" },
    "& .text": { color: "var(--code-text)" },
    "& .value": { color: "var(--code-value)" },
    "& .comment": { color: "var(--code-comment)", fontStyle: "italic" },
    "& .mark": { color: "var(--code-mark)" },
  },
];
