// The axis of the timeline: times in the viewer's zone, and how long after the sentence they are.
import Box from "@mui/material/Box";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { clockTime, duration } from "../../state/format.ts";
import { NAME_WIDTH, TRACK_INSET } from "./timeline-measures.ts";

export interface TimelineAxisProps {
  ticks: readonly number[];
  from: number;
  to: number;
}

export const TimelineAxis = memo(function TimelineAxis({ ticks, from, to }: TimelineAxisProps) {
  const { i18n } = useTranslation();
  return (
    <Box
      aria-hidden
      sx={{
        position: "relative",
        height: 28,
        ml: `${NAME_WIDTH + TRACK_INSET}px`,
        mr: `${TRACK_INSET}px`,
        color: "text.secondary",
        fontSize: "0.75rem",
      }}
    >
      {ticks.map((at, index) => (
        <Box
          key={at}
          style={{ left: `${((at - from) / (to - from)) * 100}%` }}
          sx={{
            position: "absolute",
            bottom: 0,
            transform: index === 0 ? "none" : index === ticks.length - 1 ? "translateX(-100%)" : "translateX(-50%)",
            textAlign: index === 0 ? "left" : index === ticks.length - 1 ? "right" : "center",
            whiteSpace: "nowrap",
            pb: 0.5,
          }}
        >
          <div>{index === 0 ? clockTime(at, { now: at, language: i18n.language }) : `+${duration(at - from, i18n.language)}`}</div>
        </Box>
      ))}
    </Box>
  );
}, sameAxis);

function sameAxis(before: TimelineAxisProps, after: TimelineAxisProps): boolean {
  return before.from === after.from && before.to === after.to && before.ticks.length === after.ticks.length;
}
