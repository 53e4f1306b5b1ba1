// All deployments that fit the filters, newest first, of any length; live where they still change.
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import type { Deployment } from "../../../protocol/deployment.ts";
import { paths } from "../../app/paths.ts";
import { Empty, Loading } from "../../common/empty.tsx";
import { AppLink } from "../../common/link.tsx";
import { Problem } from "../../common/problem.tsx";
import { VirtualList } from "../../common/virtual-list.tsx";
import type { DeploymentFilter } from "../../state/deployment-view.ts";
import { DEPLOYMENT_ROW_PX, DeploymentRow } from "./deployment-row.tsx";
import { useDeployments } from "./use-deployments.ts";

const FIRST_ROWS = 8;
const idOf = (deployment: Deployment) => deployment.deploymentId;

export function DeploymentList({ filter }: { filter: DeploymentFilter }) {
  const { t } = useTranslation(["deployments", "common"]);
  const { deployments, error, isLoading, hasMore, isLoadingMore, loadMore, reload } = useDeployments(filter);
  if (isLoading && deployments.length === 0) return <Loading rows={FIRST_ROWS} height={DEPLOYMENT_ROW_PX - 8} />;
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <>
      <Problem problem={error} onRetry={reload} />
      {deployments.length === 0 && error === undefined && !isLoading && (
        <Empty
          title={t(isFiltered ? "deployments.empty_filter" : "deployments.empty")}
          next={isFiltered ? undefined : <AppLink href={paths.home}>{t("slices.deploy")}</AppLink>}
        />
      )}
      {deployments.length > 0 && (
        <VirtualList
          items={deployments}
          keyOf={idOf}
          rowHeight={DEPLOYMENT_ROW_PX}
          label={t("view.deployments")}
          onNearEnd={loadMore}
          render={(deployment) => <DeploymentRow deployment={deployment} />}
        />
      )}
      <Typography role="status" sx={{ color: "text.secondary", minHeight: 24, mt: 1, fontSize: "0.85rem" }}>
        {isLoading || isLoadingMore ? t("common:list.loading_more") : !hasMore && deployments.length > 0 ? t("common:list.end") : ""}
      </Typography>
    </>
  );
}
