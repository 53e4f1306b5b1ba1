// Copies all that is shown, as text. Where the clipboard is missing (plain http) it says so.
import ContentCopy from "@mui/icons-material/ContentCopy";
import Button from "@mui/material/Button";
import { useTranslation } from "react-i18next";
import { useTell } from "../../common/use-tell.ts";

export function CopyAll({ text, count }: { text: () => string; count: number }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const tell = useTell();
  const copy = async () => {
    const done = await navigator.clipboard?.writeText(text()).then(
      () => true,
      () => false,
    );
    tell.done(done === true ? t("log.copied", { count }) : t("log.copy_failed"));
  };
  return (
    <Button startIcon={<ContentCopy />} onClick={() => void copy()} data-testid="log-copy">
      {t("log.copy", { count })}
    </Button>
  );
}
