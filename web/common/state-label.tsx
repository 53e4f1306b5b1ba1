// A state as icon, word and colour together: never by colour alone.
import Box from "@mui/material/Box";
import type { ReactNode } from "react";
import type { Tone } from "../state/tones.ts";
import { ToneIcon } from "./tone-icon.tsx";

export interface StateLabelProps {
  tone: Tone;
  children: ReactNode; // the word
  boxed?: boolean; // with a frame, where it stands among text
  wraps?: boolean; // a sentence and not a word
}

export function StateLabel({ tone, children, boxed = false, wraps = false }: StateLabelProps) {
  return (
    <Box
      component="span"
      data-tone={tone}
      sx={{
        display: "inline-flex",
        alignItems: "center",
        gap: 0.5,
        fontWeight: 600,
        whiteSpace: wraps ? "normal" : "nowrap",
        color: (theme) => theme.vars?.palette.tone[tone] ?? theme.palette.tone[tone],
        ...(boxed ? { border: 1, borderColor: "currentColor", borderRadius: 4, px: 1, py: 0.1, fontSize: "0.85rem" } : {}),
      }}
    >
      <ToneIcon tone={tone} />
      {children}
    </Box>
  );
}
