// Facts of an object as a list of terms and what they are: two columns, one below the other on a phone.
import Box from "@mui/material/Box";
import type { ReactNode } from "react";

export function Facts({ children }: { children: ReactNode }) {
  return (
    <Box
      component="dl"
      sx={{
        display: "grid",
        gridTemplateColumns: { xs: "minmax(0, 1fr)", sm: "minmax(110px, max-content) minmax(0, 1fr)" },
        columnGap: 2,
        rowGap: { xs: 0, sm: 0.75 },
        m: 0,
      }}
    >
      {children}
    </Box>
  );
}

export function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <Box component="dt" sx={{ color: "text.secondary", fontSize: "0.9rem", mt: { xs: 0.75, sm: 0 } }}>
        {term}
      </Box>
      <Box component="dd" sx={{ m: 0, minWidth: 0 }}>
        {children}
      </Box>
    </>
  );
}

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
