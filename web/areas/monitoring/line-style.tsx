// How the lines of a chart are told apart: by colour and by dashes, the same in the drawing and in its key. Red is kept for what is missed.
import Box from "@mui/material/Box";

const STROKES = ["tone-active", "primary-main", "tone-rollback", "tone-wait", "text-primary"];
const DASHES = ["", "7 3", "2 3"];

export function strokeOf(index: number): string {
  return `var(--mui-palette-${STROKES[index % STROKES.length]})`;
}

export function dashOf(index: number): string {
  return DASHES[Math.floor(index / STROKES.length + index) % DASHES.length] ?? "";
}

export const MISS_COLOR = "var(--mui-palette-tone-failed)";

export const triangle = (x: number, y: number, r: number) => `M${x} ${y + r}L${x - r} ${y - r * 0.8}L${x + r} ${y - r * 0.8}Z`;

export function LineSwatch({ index }: { index: number }) {
  return (
    <Box component="svg" aria-hidden viewBox="0 0 28 10" sx={{ width: 28, height: 10, flex: "none" }}>
      <line x1="0" x2="28" y1="5" y2="5" stroke={strokeOf(index)} strokeDasharray={dashOf(index)} strokeWidth={2.5} />
    </Box>
  );
}

export function MissMark() {
  return (
    <Box component="svg" aria-hidden viewBox="0 0 12 12" sx={{ width: 12, height: 12, flex: "none", verticalAlign: "-1px" }}>
      <path d={triangle(6, 6, 5)} fill={MISS_COLOR} />
    </Box>
  );
}
