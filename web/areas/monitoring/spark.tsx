// Two small drawings beside a figure: how it went lately, and how the last attempts ended. For the eye only; the words stand beside them.
import Box from "@mui/material/Box";
import { type Outcome, sparkPaths } from "../../state/tiles.ts";

const BOX = { width: 120, height: 26 };

export function Spark({ values }: { values: readonly (number | null)[] }) {
  return (
    <Box
      component="svg"
      aria-hidden
      viewBox={`0 -2 ${BOX.width} ${BOX.height + 4}`}
      preserveAspectRatio="none"
      sx={{ width: "100%", height: 30, color: "primary.main" }}
    >
      {sparkPaths(values, BOX).map((path) => (
        <path
          key={path}
          d={path}
          fill="none"
          stroke="currentColor"
          strokeWidth={1.75}
          strokeLinecap="round"
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </Box>
  );
}

const LOOKS: Record<Outcome, { bgcolor: string; y: number }> = {
  good: { bgcolor: "success.main", y: -6 },
  bad: { bgcolor: "error.main", y: 6 },
  dropped: { bgcolor: "text.disabled", y: 0 },
};

/** Good ones stand up, bad ones hang down, dropped ones are in the middle: told by place, not by colour alone. */
export function Outcomes({ outcomes }: { outcomes: readonly Outcome[] }) {
  return (
    <Box component="span" aria-hidden sx={{ display: "flex", alignItems: "center", gap: "2px", height: 30 }}>
      {outcomes.map((outcome, index) => (
        <Box
          key={index}
          component="span"
          sx={{
            flex: "1 1 0",
            maxWidth: 6,
            height: 12,
            borderRadius: 0.25,
            bgcolor: LOOKS[outcome].bgcolor,
            transform: `translateY(${LOOKS[outcome].y}px)`,
          }}
        />
      ))}
    </Box>
  );
}
