// Whether alerts fire about a slice, and who changes it now: in words, with the way to that intent.
import { useTranslation } from "react-i18next";
import type { SliceView } from "../../../protocol/api.ts";
import { paths } from "../../app/paths.ts";
import { AppLink } from "../../common/link.tsx";
import { StateLabel } from "../../common/state-label.tsx";

export function AlertsState({ alerts }: Pick<SliceView, "alerts">) {
  const { t } = useTranslation("deployments");
  return (
    <StateLabel tone={alerts === 0 ? "done" : "failed"}>
      <span data-testid="slice-alerts" data-count={alerts}>
        {alerts === 0 ? t("slice.no_alerts") : t("slice.alerts", { count: alerts })}
      </span>
    </StateLabel>
  );
}

export function BusyState({ busy }: Pick<SliceView, "busy">) {
  const { t } = useTranslation(["deployments", "common"]);
  if (busy === null) return <StateLabel tone="pending">{t("slice.idle")}</StateLabel>;
  return (
    <AppLink href={paths.intent(busy.intentId)} color="inherit" data-testid="slice-busy">
      <StateLabel tone="active">{t("slice.busy", { action: t(`common:actionName.${busy.action}`) })}</StateLabel>
    </AppLink>
  );
}
