// The sentence as it was read: places that were understood are underlined, those of the chip one points at are filled.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { visible } from "../../state/visible.ts";
import { type Chip, segmentsOf } from "./chips.ts";

export interface PreviewSentenceProps {
  text: string;
  chips: readonly Chip[];
  marked: string | null; // the field that one points at
}

export function PreviewSentence({ text, chips, marked }: PreviewSentenceProps) {
  const { t } = useTranslation("intents");
  return (
    <Box
      component="p"
      data-testid="read-sentence"
      role="region"
      tabIndex={0}
      aria-label={t("preview.sentence")}
      sx={{ m: 0, maxHeight: 96, overflowY: "auto", whiteSpace: "pre-wrap", color: "text.secondary" }}
    >
      <bdi>
        {segmentsOf(text, chips).map(({ from, text: piece, fields }) =>
          fields.length === 0 ? (
            <span key={from}>{visible(piece)}</span>
          ) : (
            <Box
              component="mark"
              key={from}
              data-fields={fields.join(" ")}
              data-marked={marked !== null && fields.includes(marked)}
              sx={{
                color: "text.primary",
                bgcolor: marked !== null && fields.includes(marked) ? "action.selected" : "transparent",
                borderBottom: 2,
                borderColor: marked !== null && fields.includes(marked) ? "primary.main" : "text.secondary",
              }}
            >
              {visible(piece)}
            </Box>
          ),
        )}
      </bdi>
    </Box>
  );
}
