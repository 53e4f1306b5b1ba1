// A button that copies a long text which is not shown beside it. Says whether it worked.
import ContentCopy from "@mui/icons-material/ContentCopy";
import Button from "@mui/material/Button";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

const TOLD_MS = 2_000;

export function CopyText({ text, label, testId }: { text: () => string; label: string; testId: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<boolean | null>(null);
  useEffect(() => {
    if (copied === null) return;
    const timer = setTimeout(() => setCopied(null), TOLD_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    // Absent on plain http.
    const done = navigator.clipboard?.writeText(text()) ?? Promise.reject(new Error("no clipboard"));
    done.then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  const said = copied === null ? "" : copied ? t("copy.done") : t("copy.by_hand");
  return (
    <>
      <Button variant="text" data-testid={testId} startIcon={<ContentCopy fontSize="inherit" />} onClick={copy}>
        {label}
      </Button>
      <span role="status" className={copied === null ? "visually-hidden" : undefined}>
        {said}
      </span>
    </>
  );
}
