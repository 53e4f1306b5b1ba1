// The slices that are live now: where, with what, whether alerts fire, who changes one. Each with what can be done to it.
import Typography from "@mui/material/Typography";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { SliceView } from "../../../protocol/api.ts";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { Empty, Loading } from "../../common/empty.tsx";
import { AppLink } from "../../common/link.tsx";
import { Problem } from "../../common/problem.tsx";
import { VirtualList } from "../../common/virtual-list.tsx";
import type { DeploymentFilter } from "../../state/deployment-view.ts";
import { SLICE_ROW_PX, SliceRow } from "./slice-row.tsx";

const nameOf = (one: SliceView) => one.slice;

export function SliceList({ filter: { site, slice } }: { filter: DeploymentFilter }) {
  const { t } = useTranslation("deployments");
  const { data, error, isLoading, refetch } = server.useSlicesQuery();
  const shown = useMemo(() => {
    const isHere = (sites: readonly { site: string }[]) => site === undefined || sites.some((one) => one.site === site);
    return (data ?? []).filter((one) => isHere(one.sites) && (slice === undefined || one.slice === slice));
  }, [data, site, slice]);
  if (isLoading) return <Loading rows={6} height={SLICE_ROW_PX - 8} />;
  return (
    <>
      <Problem problem={error} onRetry={refetch} />
      {data !== undefined && shown.length === 0 && (
        <Empty
          title={t(data.length === 0 ? "slices.empty" : "slices.empty_filter")}
          next={data.length === 0 ? <AppLink href={paths.home}>{t("slices.deploy")}</AppLink> : undefined}
        />
      )}
      {shown.length > 0 && (
        <>
          <Typography role="status" sx={{ color: "text.secondary", fontSize: "0.85rem" }}>
            {t("slices.count", { count: shown.length })}
          </Typography>
          <VirtualList
            items={shown}
            keyOf={nameOf}
            rowHeight={SLICE_ROW_PX}
            label={t("slices.label")}
            render={(one) => <SliceRow slice={one} />}
          />
        </>
      )}
    </>
  );
}
