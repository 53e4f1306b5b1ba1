// One row of the timeline: the name, the bars, and on hover or focus their exact instants. It is made anew only when its own bars change.
import Box from "@mui/material/Box";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Bar, TimelineRow as Row } from "../../state/timeline.ts";
import { TimelineBar } from "./timeline-bar.tsx";
import { NAME_WIDTH, ROW_HEIGHT, TRACK_INSET } from "./timeline-measures.ts";
import { useBarWords } from "./timeline-words.ts";

export interface TimelineRowProps {
  row: Row;
  from: number; // of the axis
  to: number;
  steps: number; // of the axis, for the lines behind the bars
}

export const TimelineRow = memo(function TimelineRow({ row, from, to, steps }: TimelineRowProps) {
  const { t } = useTranslation(["pipeline", "common"]);
  const [looked, setLooked] = useState(false);
  const words = useBarWords();
  const name = row.stage === null ? (row.site ?? "") : t(`common:stage.${row.stage}`);
  const first = row.bars[0];
  const said = row.bars.length === 0 ? t("timeline.nothing") : row.bars.map(words).join("; ");
  const late = first !== undefined && (first.from - from) / (to - from) > 0.5; // then there is room to the left
  return (
    <Box
      component="li"
      data-testid="timeline-row"
      data-row={row.id}
      sx={{ display: "flex", height: ROW_HEIGHT, borderTop: 1, borderColor: "divider" }}
    >
      <Name name={name} row={row} />
      <Box
        component="button"
        type="button"
        aria-label={t("timeline.row", { name, said })}
        onPointerEnter={() => setLooked(true)}
        onPointerLeave={() => setLooked(false)}
        onFocus={() => setLooked(true)}
        onBlur={() => setLooked(false)}
        onKeyDown={(event) => event.key === "Escape" && setLooked(false)}
        sx={{
          position: "relative",
          flex: 1,
          mx: `${TRACK_INSET}px`,
          p: 0,
          border: 0,
          font: "inherit",
          color: "inherit",
          cursor: "default",
          backgroundColor: "transparent",
          backgroundImage: "linear-gradient(to right, var(--mui-palette-divider) 1px, transparent 1px)",
        }}
        style={{ backgroundSize: `${100 / steps}% 100%` }}
      >
        {row.bars.map((bar, index) => (
          <TimelineBar key={`${bar.from} ${index}`} {...{ bar, from, to }} />
        ))}
        {looked && (
          <Box component="span" data-testid="timeline-said" sx={{ ...SAID, ...(late ? { left: 0 } : { right: 0 }) }}>
            {said}
          </Box>
        )}
      </Box>
    </Box>
  );
}, same);

const SAID = {
  position: "absolute",
  zIndex: 3,
  top: 2,
  px: 1,
  fontSize: "0.8rem",
  whiteSpace: "nowrap",
  border: 1,
  borderColor: "divider",
  borderRadius: 1,
  bgcolor: "background.paper",
  pointerEvents: "none",
} as const;

function Name({ name, row }: { name: string; row: Row }) {
  const { t } = useTranslation(["pipeline", "common"]);
  return (
    <Box
      sx={{
        width: NAME_WIDTH,
        flex: "none",
        position: "sticky",
        left: 0,
        zIndex: 2,
        bgcolor: "background.paper",
        display: "flex",
        alignItems: "center",
        gap: 0.75,
        pl: row.stage === null ? 2 : 0,
        fontSize: "0.85rem",
        whiteSpace: "nowrap",
        overflow: "hidden",
        fontWeight: row.stage === null ? 400 : 600,
      }}
    >
      <bdi>{name}</bdi>
      {row.wave !== null && (
        <Box component="span" sx={{ color: "text.secondary" }}>
          {t("timeline.wave", { number: row.wave + 1 })}
        </Box>
      )}
    </Box>
  );
}

/** A row is built anew with every event; what it shows seldom changes. */
function same(before: TimelineRowProps, after: TimelineRowProps): boolean {
  const bars = (a: readonly Bar[], b: readonly Bar[]) =>
    a.length === b.length && a.every((bar, index) => bar.from === b[index]?.from && bar.to === b[index]?.to && bar.tone === b[index]?.tone);
  return before.from === after.from && before.to === after.to && before.row.id === after.row.id && bars(before.row.bars, after.row.bars);
}
