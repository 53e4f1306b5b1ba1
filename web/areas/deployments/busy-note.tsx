// Says in a dialog that somebody changes the slice now, and where to look at that.
import Alert from "@mui/material/Alert";
import { useTranslation } from "react-i18next";
import type { SliceView } from "../../../protocol/api.ts";
import { paths } from "../../app/paths.ts";
import { AppLink } from "../../common/link.tsx";

export function BusyNote({ busy }: Pick<SliceView, "busy">) {
  const { t } = useTranslation(["deployments", "common"]);
  if (busy === null) return null;
  return (
    <Alert severity="info" variant="outlined" role="status" data-testid="busy-note">
      {t("command.busy", { action: t(`common:actionName.${busy.action}`) })}{" "}
      <AppLink href={paths.intent(busy.intentId)}>{t("command.look")}</AppLink>
    </Alert>
  );
}
