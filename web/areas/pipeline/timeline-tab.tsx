// The run of one intent on an axis of time: a row for each stage and each site. Scrolls inside where it is wider than the screen.
import Box from "@mui/material/Box";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Panel } from "../../common/page.tsx";
import { useNow } from "../../common/use-now.ts";
import { axisOf, timelineOf } from "../../state/timeline.ts";
import { TimelineAxis } from "./timeline-axis.tsx";
import { TimelineRow } from "./timeline-row.tsx";
import type { Known } from "./use-intent.ts";

const TICKS = 8;

export function TimelineTab({ known: { record, deployment } }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const timeline = useMemo(() => timelineOf(record, deployment), [record, deployment]);
  const now = useNow(timeline.to === null);
  // The axis ends at a tick, so that between two of them only the open bars move.
  const { from, to, ticks } = axisOf(timeline.from, timeline.to ?? Math.max(now, timeline.from), TICKS);
  return (
    <Panel title={t("timeline.title")} testId="timeline">
      <Box role="region" aria-label={t("timeline.rows")} tabIndex={0} sx={{ overflowX: "auto" }}>
        <Box sx={{ minWidth: 720 }}>
          <TimelineAxis ticks={ticks} from={from} to={to} />
          <Box component="ol" sx={{ m: 0, p: 0, listStyle: "none" }}>
            {timeline.rows.map((row) => (
              <TimelineRow key={row.id} row={row} from={from} to={to} steps={ticks.length - 1} />
            ))}
          </Box>
        </Box>
      </Box>
    </Panel>
  );
}
