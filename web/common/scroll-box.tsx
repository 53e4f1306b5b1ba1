// What is wider than a phone scrolls in a box of its own, which the keyboard can reach. Hidden words in it scroll along, so that they widen no page.
import Box from "@mui/material/Box";
import type { ReactNode } from "react";

export function ScrollBox({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Box
      role="group"
      tabIndex={0}
      aria-label={label}
      sx={{ overflowX: "auto", minWidth: 0, position: "relative", overflowWrap: "break-word" }}
    >
      {children}
    </Box>
  );
}
