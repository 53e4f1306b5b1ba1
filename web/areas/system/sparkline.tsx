// A small line of the latest latencies. The words beside it say the same: the picture is for those who see it.
import Box from "@mui/material/Box";
import { sparkline } from "../../state/integrations.ts";

const SIZE = { width: 120, height: 28 };
const EDGE = 2; // half the stroke, and the dot at the end

export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const points = sparkline(values, SIZE);
  if (points === "") return null;
  const [x, y] = (points.split(" ").at(-1) ?? "").split(",");
  const box = `${-EDGE} ${-EDGE} ${SIZE.width + 2 * EDGE} ${SIZE.height + 2 * EDGE}`;
  return (
    <Box
      component="svg"
      data-testid="sparkline"
      viewBox={box}
      role="img"
      aria-label={label}
      sx={{ display: "block", width: 124, height: 32, fill: "none", stroke: "currentColor", strokeWidth: 1.5, color: "primary.main" }}
    >
      <polyline points={points} strokeLinejoin="round" />
      <circle cx={x} cy={y} r={EDGE} fill="currentColor" />
    </Box>
  );
}
