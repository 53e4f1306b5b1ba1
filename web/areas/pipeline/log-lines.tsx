// The lines of the log in a box that follows its end, unless one has scrolled up to read. Only the rows in sight exist.
import ArrowDownward from "@mui/icons-material/ArrowDownward";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Verdict } from "../../../protocol/slo.ts";
import { monospace } from "../../app/theme.ts";
import { Instant } from "../../common/instant.tsx";
import { Untrusted } from "../../common/text.tsx";
import type { LogEntry } from "../../state/logtail.ts";
import { colourOf } from "./look.tsx";

const ROW_HEIGHT = 22; // px, an estimate: rows are measured
const OVERSCAN = 12;
const AT_END = 24; // px: so near to the end counts as there

export function LogLines({ entries }: { entries: readonly LogEntry[] }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const box = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    getItemKey: (index) => entries[index]?.key ?? index,
  });
  const toEnd = useCallback(() => {
    rows.scrollToIndex(entries.length - 1, { align: "end" });
    setFollows(true);
  }, [rows, entries.length]);
  const last = entries.at(-1)?.key;
  const height = rows.getTotalSize();
  // Whenever there is a newer line, or the lines turn out higher than thought.
  useEffect(() => {
    if (follows && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [last, height, follows]);
  const noteScroll = () => {
    const element = box.current;
    if (element !== null) setFollows(element.scrollHeight - element.scrollTop - element.clientHeight < AT_END);
  };
  return (
    <Box sx={{ position: "relative" }}>
      <Box
        ref={box}
        role="log"
        aria-live="off" // it may run fast; what matters is announced by the page
        aria-label={t("log.title")}
        tabIndex={0}
        onScroll={noteScroll}
        data-testid="log-lines"
        data-follows={follows}
        sx={{
          height: "min(60vh, 560px)",
          overflow: "auto",
          border: 1,
          borderColor: "divider",
          borderRadius: 1,
          fontFamily: monospace,
          fontSize: "0.8rem",
        }}
      >
        <Box sx={{ position: "relative" }} style={{ height }}>
          {rows.getVirtualItems().map((row) => {
            const entry = entries[row.index];
            return (
              entry !== undefined && (
                <div
                  key={row.key}
                  ref={rows.measureElement}
                  data-index={row.index}
                  style={{ position: "absolute", insetInline: 0, top: 0, transform: `translateY(${row.start}px)` }}
                >
                  <Line entry={entry} />
                </div>
              )
            );
          })}
        </Box>
      </Box>
      {!follows && (
        <Button
          startIcon={<ArrowDownward />}
          onClick={toEnd}
          variant="contained"
          data-testid="log-to-end"
          sx={{ position: "absolute", right: 20, bottom: 12 }}
        >
          {t("log.to_end")}
        </Button>
      )}
    </Box>
  );
}

const Line = memo(function Line({ entry }: { entry: LogEntry }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const { level, bad, type, at, site, text } = entry;
  /** The verdict is all that such an event says. */
  const verdict = (said: string) => {
    const { success, data } = Verdict.safeParse(said);
    return success ? t(`common:verdict.${data}`) : said;
  };
  const colour = bad ? colourOf("failed") : level === "warn" ? colourOf("wait") : level === "event" ? colourOf("active") : "inherit";
  return (
    <Box data-testid="log-line" data-level={level} sx={{ display: "flex", gap: 1, px: 1, py: "2px", alignItems: "baseline" }}>
      <Box component="span" sx={{ color: "text.secondary", flex: "none" }}>
        <Instant at={at} />
      </Box>
      <Box component="span" sx={{ color: colour, flex: "none", width: "4.5em" }}>
        {t(`logLevel.${level}`)}
      </Box>
      <Box component="span" sx={{ minWidth: 0, whiteSpace: "pre-wrap", color: bad ? colour : "inherit" }}>
        {site !== null && (
          <b>
            <Untrusted>{site}</Untrusted>{" "}
          </b>
        )}
        {type !== null && `${t(`common:event.${type}`)}${text === "" ? "" : ": "}`}
        <Untrusted>{type === "slo.validated" ? verdict(text) : text}</Untrusted>
      </Box>
    </Box>
  );
});
