// The frame of a page: its title as the one h1 and in the tab, the way back up, its actions; and the panels on it.
import Box from "@mui/material/Box";
import Paper from "@mui/material/Paper";
import Typography from "@mui/material/Typography";
import { type ReactNode, useEffect, useId } from "react";
import { useTranslation } from "react-i18next";
import { visible } from "../state/visible.ts";
import { AppLink } from "./link.tsx";

export interface PageProps {
  title: string;
  up?: { href: string; title: string }; // the list that this object is of
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, up, actions, children }: PageProps) {
  const { t } = useTranslation();
  const shown = visible(title);
  useEffect(() => {
    document.title = `${shown} · ${t("product.short")}`;
  }, [shown, t]);
  return (
    <Box sx={{ display: "flex", flexDirection: "column", gap: 2, minWidth: 0 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1.5, minHeight: 36 }}>
        <Box sx={{ minWidth: 0, flex: "1 1 320px" }}>
          {up !== undefined && (
            <Typography component="nav" sx={{ fontSize: "0.85rem" }}>
              <AppLink href={up.href}>{up.title}</AppLink> /
            </Typography>
          )}
          <Typography variant="h1" tabIndex={-1} data-testid="page-title">
            <bdi>{shown}</bdi>
          </Typography>
        </Box>
        {actions}
      </Box>
      {children}
    </Box>
  );
}

export interface PanelProps {
  title: string;
  actions?: ReactNode; // beside the title: filters, the freshness
  children: ReactNode;
  testId?: string;
}

export function Panel({ title, actions, children, testId }: PanelProps) {
  const id = useId();
  return (
    <Paper component="section" aria-labelledby={id} data-testid={testId} sx={{ p: 2, minWidth: 0 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1, mb: 1.5 }}>
        <Typography id={id} variant="h2" sx={{ flex: "1 1 auto" }}>
          {title}
        </Typography>
        {actions}
      </Box>
      {children}
    </Paper>
  );
}
