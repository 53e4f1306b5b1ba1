// How much of something is used: the numbers as text, and a bar for the eye.
import Box from "@mui/material/Box";
import type { ReactNode } from "react";
import type { Tone } from "../../state/tones.ts";

export interface BarProps {
  label: string;
  text: ReactNode;
  percent: number;
  tone: Tone;
}

export function Bar({ label, text, percent, tone }: BarProps) {
  return (
    <Box sx={{ minWidth: 0 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", justifyContent: "space-between", columnGap: 1, fontSize: "0.85rem" }}>
        <Box component="span" sx={{ color: "text.secondary" }}>
          {label}
        </Box>
        <Box component="span" sx={{ display: "inline-flex", flexWrap: "wrap", alignItems: "center", columnGap: 0.5 }}>
          {text}
        </Box>
      </Box>
      <Box aria-hidden sx={{ height: 6, borderRadius: 3, bgcolor: "action.selected", overflow: "hidden" }}>
        <Box
          sx={{
            height: "100%",
            borderRadius: 3,
            bgcolor: (theme) => theme.vars?.palette.tone[tone] ?? theme.palette.tone[tone],
          }}
          style={{ width: `${Math.min(100, Math.max(0, percent))}%` }}
        />
      </Box>
    </Box>
  );
}
