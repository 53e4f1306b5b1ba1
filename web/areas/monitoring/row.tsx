// Small pieces of lines: things beside each other, and what is said quietly.
import Box from "@mui/material/Box";
import type { ReactNode } from "react";

/** Things beside each other, on as many lines as they need. */
export function Row({ children, gap = 1.5 }: { children: ReactNode; gap?: number }) {
  return <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: gap, rowGap: 0.5, minWidth: 0 }}>{children}</Box>;
}

export function Quiet({ children }: { children: ReactNode }) {
  return (
    <Box component="span" sx={{ color: "text.secondary", fontSize: "0.9rem" }}>
      {children}
    </Box>
  );
}
