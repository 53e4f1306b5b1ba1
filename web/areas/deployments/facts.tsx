// Names and values side by side, as the head of an object shows them; one column on a phone.
import Box from "@mui/material/Box";
import type { ReactNode } from "react";

export interface Fact {
  name: string;
  value: ReactNode; // null: not shown
}

export function Facts({ facts }: { facts: readonly Fact[] }) {
  const shown = facts.filter(({ value }) => value !== null);
  return (
    <Box
      component="dl"
      sx={{
        m: 0,
        display: "grid",
        gap: 1.5,
        gridTemplateColumns: { xs: "repeat(auto-fill, minmax(150px, 1fr))", sm: "repeat(auto-fill, minmax(200px, 1fr))" },
      }}
    >
      {shown.map(({ name, value }) => (
        <Box key={name} sx={{ minWidth: 0 }}>
          <Box component="dt" sx={{ color: "text.secondary", fontSize: "0.85rem" }}>
            {name}
          </Box>
          <Box component="dd" sx={{ m: 0, minHeight: 24 }}>
            {value}
          </Box>
        </Box>
      ))}
    </Box>
  );
}
