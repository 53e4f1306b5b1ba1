// Facts of an object as a definition list, in the way that its room asks for; one column on a phone.
import Box from "@mui/material/Box";
import type { ReactNode } from "react";

const WAYS = {
  /** Each name beside its value; above it where there is little room, which is a matter of the panel and not of the screen. */
  rows: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr)",
    columnGap: 2,
    rowGap: 0.75,
    overflowWrap: "anywhere",
    "@container (min-width: 460px)": {
      gridTemplateColumns: "minmax(110px, max-content) minmax(0, 1fr)",
      "& > div": { display: "contents" },
    },
  },
  /** Each name above its value, one fact below the other. */
  stacked: { display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 1, my: 1, overflowWrap: "anywhere" },
  /** Short facts on as many lines as they need. */
  beside: { display: "flex", flexWrap: "wrap", columnGap: 3, rowGap: 1 },
  /** Many facts in columns of the same width. */
  tiles: {
    display: "grid",
    gap: 1.5,
    gridTemplateColumns: { xs: "repeat(auto-fill, minmax(150px, 1fr))", sm: "repeat(auto-fill, minmax(200px, 1fr))" },
  },
} as const;

export function Facts({ way, testId, children }: { way: keyof typeof WAYS; testId?: string; children: ReactNode }) {
  const list = (
    <Box component="dl" data-testid={testId} sx={{ m: 0, ...WAYS[way] }}>
      {children}
    </Box>
  );
  return way === "rows" ? <Box sx={{ containerType: "inline-size" }}>{list}</Box> : list;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Box sx={{ minWidth: 0 }}>
      <Box component="dt" sx={{ color: "text.secondary", fontSize: "0.85rem" }}>
        {name}
      </Box>
      <Box component="dd" sx={{ m: 0, minWidth: 0 }}>
        {children}
      </Box>
    </Box>
  );
}
