// Many sites in one line: how many of them are verified, and how many are not well.
import { useTranslation } from "react-i18next";
import { countsOf, type PlacedSite } from "../../state/graph.ts";

export function SiteSummary({ sites }: { sites: readonly PlacedSite[] }) {
  return useSiteSummary(sites);
}

export function useSiteSummary(sites: readonly PlacedSite[]): string {
  const { t } = useTranslation(["pipeline", "common"]);
  const { total, good, failed, reverted } = countsOf(sites);
  return [
    t("summary.good", { good, count: total }),
    ...(failed > 0 ? [t("summary.failed", { count: failed })] : []),
    ...(reverted > 0 ? [t("summary.reverted", { count: reverted })] : []),
  ].join(t("list.comma"));
}
