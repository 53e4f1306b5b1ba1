// One bar of the timeline, or the mark of an instant. What goes on grows by itself. It is silent: the row speaks.
import Box from "@mui/material/Box";
import { useNow } from "../../common/use-now.ts";
import type { Bar } from "../../state/timeline.ts";
import { colourOf } from "./look.tsx";

export interface TimelineBarProps {
  bar: Bar;
  from: number; // of the axis
  to: number;
}

export function TimelineBar({ bar, from, to }: TimelineBarProps) {
  const now = useNow(bar.to === null);
  const end = bar.to ?? Math.max(now, bar.from);
  const instant = bar.to === bar.from;
  const place = (at: number) => Math.min(1, Math.max(0, (at - from) / (to - from))) * 100;
  return (
    <Box
      component="span"
      data-testid="timeline-bar"
      data-tone={bar.tone}
      style={{
        left: `${place(bar.from)}%`,
        backgroundColor: colourOf(bar.tone),
        ...(instant ? {} : { width: `${place(end) - place(bar.from)}%` }),
      }}
      sx={{
        position: "absolute",
        ...(instant
          ? { top: 10, width: 8, height: 8, ml: "-4px", transform: "rotate(45deg)", borderRadius: "1px" }
          : { top: 7, height: 14, minWidth: 3, borderRadius: "3px" }),
        ...(bar.to === null ? { opacity: 0.75 } : {}),
      }}
    />
  );
}
