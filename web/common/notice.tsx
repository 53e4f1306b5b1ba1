// A framed message with the icon of its tone and perhaps something to press: for problems, banners and remarks. MUI's Alert would weigh 5 kB on the first page.
import Box from "@mui/material/Box";
import type { SxProps, Theme } from "@mui/material/styles";
import type { ReactNode } from "react";
import type { Tone } from "../state/tones.ts";
import { ToneIcon } from "./tone-icon.tsx";

export interface NoticeProps {
  tone: Tone;
  children: ReactNode;
  action?: ReactNode;
  role?: "alert" | "status";
  sx?: SxProps<Theme>;
  "data-testid"?: string;
}

export function Notice({ tone, children, action, sx, ...rest }: NoticeProps) {
  const frame = {
    display: "flex",
    gap: 1,
    alignItems: "flex-start",
    p: 1.25,
    border: 1,
    borderRadius: 1,
    bgcolor: "background.paper",
    borderColor: toneColour(tone),
  };
  return (
    <Box data-tone={tone} {...rest} sx={[frame, ...(Array.isArray(sx) ? sx : [sx])]}>
      <Box sx={{ color: toneColour(tone), display: "flex", fontSize: "1.35rem", flex: "none" }}>
        <ToneIcon tone={tone} />
      </Box>
      <Box sx={{ flex: 1, minWidth: 0, py: 0.1 }}>{children}</Box>
      {action}
    </Box>
  );
}

function toneColour(tone: Tone) {
  return (theme: Theme) => (theme.vars ?? theme).palette.tone[tone];
}
