// A link inside the page: it goes there without loading anything anew, and behaves like any link otherwise (new tab, copy, keyboard).
import Box from "@mui/material/Box";
import type { SxProps, Theme } from "@mui/material/styles";
import type { AnchorHTMLAttributes, ReactNode } from "react";
import { Link as RouteLink } from "wouter";

export interface AppLinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "color" | "href"> {
  href: string;
  underline?: "always" | "hover" | "none";
  color?: string; // of the theme
  sx?: SxProps<Theme>;
  children: ReactNode;
  "data-testid"?: string;
}

export function AppLink({ underline = "always", color = "primary.main", sx, ...link }: AppLinkProps) {
  const line = {
    color,
    textDecoration: underline === "always" ? "underline" : "none",
    textUnderlineOffset: "2px",
    "&:hover": { textDecoration: underline === "none" ? "none" : "underline" },
  };
  return <Box component={RouteLink} sx={[line, ...(Array.isArray(sx) ? sx : [sx])]} {...link} />;
}
