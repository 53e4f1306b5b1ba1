// One figure of the page: its name, its value with the unit, how old it is, what it is made of, and how it went lately.
import Box from "@mui/material/Box";
import Paper from "@mui/material/Paper";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Instant } from "../../common/instant.tsx";
import { StateLabel } from "../../common/state-label.tsx";

export interface TileProps {
  id: string;
  title: string;
  value: string | null; // null: there is none, and `note` says why
  unit?: string;
  note: ReactNode;
  at: number | null;
  stale: boolean;
  trend: ReactNode;
}

export function Tile({ id, title, value, unit = "", note, at, stale, trend }: TileProps) {
  const { t } = useTranslation("monitoring");
  return (
    <Paper
      component="li"
      data-testid="tile"
      data-tile={id}
      data-stale={stale}
      sx={{ p: 1.5, minWidth: 0, display: "flex", flexDirection: "column" }}
    >
      <Box sx={{ color: "text.secondary", fontSize: "0.85rem", fontWeight: 600 }}>{title}</Box>
      <Box sx={{ fontSize: "1.55rem", fontWeight: 650, lineHeight: 1.25, opacity: stale ? 0.75 : 1 }} data-testid="tile-value">
        {value ?? <Box sx={{ fontSize: "1rem", lineHeight: "1.94rem", color: "text.secondary" }}>{t("tile.no_data")}</Box>}
        {value !== null && unit !== "" && (
          <Box component="span" sx={{ fontSize: "0.9rem", fontWeight: 500, color: "text.secondary", ml: 0.5 }}>
            {unit}
          </Box>
        )}
      </Box>
      <Box sx={{ minHeight: 30, my: 0.5 }}>{trend}</Box>
      <Box sx={{ fontSize: "0.82rem", color: "text.secondary", minHeight: "2.6em" }}>{note}</Box>
      <Box sx={{ fontSize: "0.78rem", color: "text.secondary", minHeight: "1.6em", mt: "auto" }}>
        {stale && <StateLabel tone="wait">{t("tile.stale")}</StateLabel>}{" "}
        {at !== null && (
          <>
            {t("as_of")} <Instant at={at} />
          </>
        )}
      </Box>
    </Paper>
  );
}
