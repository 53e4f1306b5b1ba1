// What the rules would understand, shown under the box while one writes: chips with where each is from, the sentence with those places marked,
// what is still open. It is a preview: the server may ask a language model, and see more.
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { chipsOf } from "./chips.ts";
import type { Draft } from "./draft.ts";
import { OpenQuestions } from "./open-questions.tsx";
import { PreviewChip } from "./preview-chip.tsx";
import { PreviewSentence } from "./preview-sentence.tsx";
import type { Understood } from "./understood.ts";

const TONES = { success: "done", clarification_needed: "wait", rejected: "failed" } as const;

export interface PreviewProps {
  draft: Draft;
  found: Understood;
  onChange(patch: Partial<Draft>): void;
  onAsked(): void; // back to the box
}

export function Preview({ draft, found, onChange, onAsked }: PreviewProps) {
  const { t } = useTranslation("intents");
  const [marked, setMarked] = useState<string | null>(null);
  const { understanding, text } = found;
  const { status, warnings } = understanding;
  const chips = status === "rejected" ? [] : chipsOf(understanding);
  return (
    <Box
      component="section"
      aria-label={t("preview.label")}
      aria-busy={text !== draft.text.trim()}
      data-testid="understood"
      data-status={status}
      sx={{ mt: 0.5, p: 1.25, border: 1, borderColor: "divider", borderRadius: 1, display: "grid", gap: 1 }}
    >
      <Box sx={{ display: "flex", flexWrap: "wrap", columnGap: 1.5, alignItems: "baseline" }}>
        <StateLabel tone={TONES[status]}>{t(`preview.${status}`)}</StateLabel>
        <Typography component="span" sx={{ fontSize: "0.8rem", color: "text.secondary" }}>
          {t("preview.rules")}
        </Typography>
      </Box>
      {chips.length > 0 && <PreviewSentence text={text} chips={chips} marked={marked} />}
      {chips.length > 0 && (
        <Box
          component="ul"
          aria-label={t("preview.chips")}
          sx={{ display: "flex", flexWrap: "wrap", gap: 0.75, m: 0, p: 0, listStyle: "none" }}
        >
          {chips.map((chip) => (
            <li key={`${chip.field} ${chip.kind} ${chip.value}`}>
              <PreviewChip chip={chip} marked={marked === chip.field} onMark={setMarked} />
            </li>
          ))}
        </Box>
      )}
      {warnings.map((warning) => (
        <Box key={warning} data-testid="warning" lang="en" sx={{ fontSize: "0.9rem" }}>
          <StateLabel tone="wait">
            <span className="visually-hidden">{t("preview.warning")}</span>
          </StateLabel>{" "}
          <Untrusted>{warning}</Untrusted>
        </Box>
      ))}
      <OpenQuestions draft={draft} found={found} onChange={onChange} onAsked={onAsked} />
    </Box>
  );
}
