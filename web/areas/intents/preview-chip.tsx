// One thing that was understood, with where it is from, in words and by icon. To point at it marks its place in the sentence.
import AutoAwesome from "@mui/icons-material/AutoAwesomeOutlined";
import FormatQuote from "@mui/icons-material/FormatQuoteOutlined";
import Settings from "@mui/icons-material/SettingsOutlined";
import Tune from "@mui/icons-material/TuneOutlined";
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { Action } from "../../../protocol/intent.ts";
import { visible } from "../../state/visible.ts";
import type { Chip } from "./chips.ts";

const ICONS = { text: FormatQuote, context: Tune, inferred: AutoAwesome, default: Settings } as const;

export interface PreviewChipProps {
  chip: Chip;
  marked: boolean;
  onMark(field: string | null): void;
}

export function PreviewChip({ chip, marked, onMark }: PreviewChipProps) {
  const { t } = useTranslation(["intents", "common"]);
  const { kind, field, value, source, span, names } = chip;
  const Icon = ICONS[source];
  const word =
    kind === "action" ? t(`common:actionName.${Action.catch("unsupported").parse(value)}`) : value === "" ? t("chip.made_up") : value;
  return (
    <Box
      component="button"
      type="button"
      data-testid="chip"
      data-field={field}
      data-source={source}
      aria-pressed={span === null ? undefined : marked}
      title={names ?? t(`provenance.${source}.hint`)}
      onMouseEnter={() => onMark(field)}
      onMouseLeave={() => onMark(null)}
      onFocus={() => onMark(field)}
      onBlur={() => onMark(null)}
      onClick={() => onMark(field)}
      sx={{
        display: "inline-flex",
        alignItems: "center",
        gap: 0.5,
        minHeight: 28,
        px: 1,
        font: "inherit",
        fontSize: "0.85rem",
        color: "text.primary",
        bgcolor: marked ? "action.selected" : "transparent",
        border: 1,
        borderStyle: source === "text" || source === "context" ? "solid" : "dashed",
        borderColor: "text.secondary",
        borderRadius: 4,
        cursor: "default",
      }}
    >
      <span>
        <Box component="span" sx={{ color: "text.secondary" }}>
          {t(`chip.${kind}`)}
        </Box>{" "}
        <Box component="span" sx={{ fontWeight: 650 }}>
          {visible(word)}
        </Box>
        {names !== undefined && <span className="visually-hidden"> {visible(names)}</span>}
      </span>
      <Box component="span" sx={{ display: "inline-flex", alignItems: "center", gap: 0.25, color: "text.secondary", fontSize: "0.78rem" }}>
        <Icon aria-hidden fontSize="inherit" />
        {t(`provenance.${source}`)}
      </Box>
    </Box>
  );
}
