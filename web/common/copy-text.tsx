// A button that copies a long text which is not shown beside it. Says whether it worked.
import ContentCopy from "@mui/icons-material/ContentCopy";
import Button from "@mui/material/Button";
import { useTranslation } from "react-i18next";
import { useCopy } from "./use-copy.ts";

export function CopyText({ text, label, testId }: { text: () => string; label: string; testId: string }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy();
  const said = copied === null ? "" : copied ? t("copy.done") : t("copy.by_hand");
  return (
    <>
      <Button variant="text" data-testid={testId} startIcon={<ContentCopy fontSize="inherit" />} onClick={() => copy(text())}>
        {label}
      </Button>
      <span role="status" className={copied === null ? "visually-hidden" : undefined}>
        {said}
      </span>
    </>
  );
}
