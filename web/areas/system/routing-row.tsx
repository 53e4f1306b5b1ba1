// One backend in the order of who is asked: its place, its share, and the two ways to move it: by drag, and by its arrows.
import ArrowDownward from "@mui/icons-material/ArrowDownward";
import ArrowUpward from "@mui/icons-material/ArrowUpward";
import DragIndicator from "@mui/icons-material/DragIndicator";
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import type { DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { LAST_RESORT } from "../../../protocol/llm.ts";
import { Untrusted } from "../../common/text.tsx";
import type { PlaceInRouter } from "../../state/integrations.ts";
import { visible } from "../../state/visible.ts";

export type Direction = "earlier" | "later";

const ROW = { display: "flex", alignItems: "center", gap: 0.75, minHeight: 44, py: 0.5, borderTop: 2, borderColor: "divider" } as const;

export interface RoutingRowProps {
  id: string;
  index: number;
  count: number; // of rows that can be moved
  place: PlaceInRouter;
  share: string;
  off: boolean; // one may look only
  over: boolean; // something is dragged over it
  drag: Pick<Handlers, "onDragStart" | "onDragOver" | "onDragEnd" | "onDrop">;
  onShare(percent: string): void;
  onStep(direction: Direction): void;
}

interface Handlers {
  onDragStart(event: DragEvent): void;
  onDragOver(event: DragEvent): void;
  onDragEnd(): void;
  onDrop(event: DragEvent): void;
}

export function RoutingRow({ id, index, count, place, share, off, over, drag, onShare, onStep }: RoutingRowProps) {
  const { t } = useTranslation("system");
  return (
    <Box
      component="li"
      data-testid="routed"
      data-provider={id}
      data-over={over}
      draggable={!off}
      {...drag}
      sx={{
        ...ROW,
        cursor: off ? "default" : "grab",
        "&[data-over=true]": { borderColor: "primary.main", bgcolor: "action.hover" },
      }}
    >
      <DragIndicator aria-hidden fontSize="small" sx={{ color: "text.secondary", visibility: off ? "hidden" : "visible" }} />
      <Rank place={index + 1} />
      <Name id={id} note={place === "asked" ? "" : t(`routing.${place}`)} />
      <Share id={id} value={share} off={off} onChange={onShare} />
      <Arrow id={id} direction="earlier" off={off || index === 0} onStep={onStep} />
      <Arrow id={id} direction="later" off={off || index === count - 1} onStep={onStep} />
    </Box>
  );
}

/** The rules: nobody can be asked after them. */
export function LastRow({ place, share, off, onShare }: { place: number; share: string; off: boolean; onShare(percent: string): void }) {
  const { t } = useTranslation("system");
  return (
    <Box component="li" sx={ROW}>
      <Box sx={{ width: 20, flex: "none" }} />
      <Rank place={place} />
      <Name id={LAST_RESORT} note={t("routing.last")} />
      <Share id={LAST_RESORT} value={share} off={off} onChange={onShare} />
      <Box sx={{ width: 68, flex: "none" }} />
    </Box>
  );
}

function Rank({ place }: { place: number }) {
  return (
    <Box component="span" sx={{ width: "1.5em", flex: "none", textAlign: "center", color: "text.secondary" }}>
      {place}
    </Box>
  );
}

function Name({ id, note }: { id: string; note: string }) {
  return (
    <Box component="span" sx={{ flex: 1, minWidth: 0, fontWeight: 600 }}>
      <Untrusted>{id}</Untrusted>{" "}
      <Box component="span" sx={{ color: "text.secondary", fontWeight: 400, fontSize: "0.85rem" }}>
        {note}
      </Box>
    </Box>
  );
}

function Share({ id, value, off, onChange }: { id: string; value: string; off: boolean; onChange(percent: string): void }) {
  const { t } = useTranslation("system");
  return (
    <Box component="label" sx={{ display: "inline-flex", alignItems: "center", gap: 0.5, flex: "none" }}>
      <input
        type="number"
        className="choice"
        style={{ width: "4.6em" }}
        min="0"
        max="100"
        step="any"
        placeholder="0"
        aria-label={t("routing.share", { id: visible(id) })}
        disabled={off}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      %
    </Box>
  );
}

function Arrow({ id, direction, off, onStep }: { id: string; direction: Direction; off: boolean; onStep(direction: Direction): void }) {
  const { t } = useTranslation("system");
  const Icon = direction === "earlier" ? ArrowUpward : ArrowDownward;
  return (
    <IconButton
      size="small"
      data-direction={direction}
      aria-label={t(`routing.${direction}`, { id: visible(id) })}
      disabled={off}
      onClick={() => onStep(direction)}
      sx={{ flex: "none" }}
    >
      <Icon fontSize="small" />
    </IconButton>
  );
}
