// What a list shows while it has nothing: that it loads, or that there is nothing and what to do next.
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** `next`: the step to take, as a sentence or a button. */
export function Empty({ title, next }: { title: string; next?: ReactNode }) {
  return (
    <Box data-testid="empty" sx={{ py: 3, px: 2, textAlign: "center" }}>
      <Typography sx={{ fontWeight: 600 }}>{title}</Typography>
      {next !== undefined && (
        <Typography component="div" sx={{ color: "text.secondary", mt: 0.5 }}>
          {next}
        </Typography>
      )}
    </Box>
  );
}

/** Of about the height of what will come, so that nothing jumps when it does. */
export function Loading({ rows = 3, height = 40 }: { rows?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <Box role="status" aria-label={t("loading")} data-testid="loading">
      {Array.from({ length: rows }, (_none, index) => (
        <Box key={index} sx={{ height, mb: 1, borderRadius: 1, bgcolor: "action.hover" }} />
      ))}
    </Box>
  );
}
