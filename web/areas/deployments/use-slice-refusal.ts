// Whether the viewer may change a slice now: the token's scope, and that nobody else is at it.
import { useTranslation } from "react-i18next";
import type { SliceView } from "../../../protocol/api.ts";
import { useRefusal } from "../../common/permission.ts";

/** Why the slice cannot be changed now; null when it can. */
export function useSliceRefusal({ busy }: Pick<SliceView, "busy">): string | null {
  const { t } = useTranslation(["deployments", "common"]);
  const refusal = useRefusal("operate");
  if (refusal !== null || busy === null) return refusal;
  return t("command.busy", { action: t(`common:actionName.${busy.action}`) });
}
