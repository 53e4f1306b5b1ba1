// A value with a button that copies it. Where the clipboard is missing (plain http) it says so and the value stays selectable.
import Check from "@mui/icons-material/Check";
import ContentCopy from "@mui/icons-material/ContentCopy";
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

const TOLD_MS = 2_000;

export interface CopyProps {
  value: string;
  shown?: string; // a short form
  what: string; // "the commit": for the button's name
}

export function Copy({ value, shown = value, what }: CopyProps) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<"yes" | "no" | null>(null);
  useEffect(() => {
    if (copied === null) return;
    const timer = setTimeout(() => setCopied(null), TOLD_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    const done = await navigator.clipboard?.writeText(value).then(
      () => true,
      () => false,
    );
    setCopied(done === true ? "yes" : "no");
  };
  return (
    <Box component="span" sx={{ display: "inline-flex", alignItems: "center", gap: 0.25, maxWidth: "100%" }}>
      <code title={value}>{shown}</code>
      <IconButton size="small" aria-label={t("copy.do", { what })} title={t("copy.do", { what })} onClick={() => void copy()}>
        {copied === "yes" ? <Check fontSize="inherit" /> : <ContentCopy fontSize="inherit" />}
      </IconButton>
      <span role="status" className="visually-hidden">
        {copied === "yes" ? t("copy.done") : copied === "no" ? t("copy.by_hand") : ""}
      </span>
    </Box>
  );
}
