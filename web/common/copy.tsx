// A value with a button that copies it: shown with nothing hidden in it, copied as it is. Where the clipboard is missing (plain http) it says
// so and the value stays selectable.
import Check from "@mui/icons-material/Check";
import ContentCopy from "@mui/icons-material/ContentCopy";
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import { useTranslation } from "react-i18next";
import { visible } from "../state/visible.ts";
import { useCopy } from "./use-copy.ts";

export interface CopyProps {
  value: string;
  shown?: string; // a short form
  what: string; // "the commit": for the button's name
}

export function Copy({ value, shown = value, what }: CopyProps) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy();
  return (
    <Box component="span" sx={{ display: "inline-flex", alignItems: "center", gap: 0.25, maxWidth: "100%" }}>
      <code title={visible(value)}>{visible(shown)}</code>
      <IconButton size="small" aria-label={t("copy.do", { what })} title={t("copy.do", { what })} onClick={() => copy(value)}>
        {copied === true ? <Check fontSize="inherit" /> : <ContentCopy fontSize="inherit" />}
      </IconButton>
      <span role="status" className="visually-hidden">
        {copied === null ? "" : t(copied ? "copy.done" : "copy.by_hand")}
      </span>
    </Box>
  );
}
