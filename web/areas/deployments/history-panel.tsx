// The deployments of one slice in their order: what each did, which of them is in force where, and what has superseded which.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { SliceView } from "../../../protocol/api.ts";
import { paths } from "../../app/paths.ts";
import { Commit } from "../../common/commit.tsx";
import { Empty, Loading } from "../../common/empty.tsx";
import { Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { Panel } from "../../common/page.tsx";
import { Problem } from "../../common/problem.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { type HistoryRow, historyOf } from "../../state/deployment-view.ts";
import { DEPLOYMENT_TONES } from "../../state/tones.ts";
import { useDeployments } from "./use-deployments.ts";

export interface HistoryPanelProps {
  slice: string;
  live: SliceView | null;
  here: string | null; // the deployment whose page this is
}

export function HistoryPanel({ slice, live, here }: HistoryPanelProps) {
  const { t } = useTranslation("deployments");
  const { deployments, error, isLoading, hasMore, loadMore, reload } = useDeployments(useMemo(() => ({ slice }), [slice]));
  const rows = useMemo(() => historyOf(deployments, live), [deployments, live]);
  return (
    <Panel title={t("deployment.history")} testId="slice-history">
      <Problem problem={error} onRetry={reload} />
      {isLoading && rows.length === 0 && <Loading rows={2} height={44} />}
      {!isLoading && rows.length === 0 && error === undefined && <Empty title={t("history.empty")} />}
      <Box component="ol" aria-label={t("deployment.history")} sx={{ m: 0, p: 0, listStyle: "none" }}>
        {rows.map((row) => (
          <Entry key={row.deployment.deploymentId} row={row} isHere={row.deployment.deploymentId === here} />
        ))}
      </Box>
      {hasMore && <Button onClick={loadMore}>{t("history.more")}</Button>}
    </Panel>
  );
}

function Entry({ row: { deployment, inForceAt, supersededBy }, isHere }: { row: HistoryRow; isHere: boolean }) {
  const { t } = useTranslation(["deployments", "common"]);
  const { deploymentId, status, action, commit, repositoryUrl, createdAt } = deployment;
  const name = t(`common:actionName.${action}`);
  return (
    <Box
      component="li"
      data-testid="history-entry"
      data-deployment-id={deploymentId}
      data-status={status}
      data-in-force={inForceAt.length > 0}
      aria-current={isHere ? "true" : undefined}
      sx={{
        display: "flex",
        flexWrap: "wrap",
        alignItems: "center",
        columnGap: 2,
        minHeight: 44,
        px: 1,
        borderBottom: 1,
        borderColor: "divider",
        borderLeft: 3,
        borderLeftColor: isHere ? "primary.main" : "transparent",
      }}
    >
      <Box sx={{ minWidth: 110 }}>
        <Instant at={createdAt} />
      </Box>
      <Box sx={{ minWidth: 110 }}>{isHere ? <strong>{name}</strong> : <AppLink href={paths.deployment(deploymentId)}>{name}</AppLink>}</Box>
      <Box sx={{ minWidth: 130 }}>
        <StateLabel tone={DEPLOYMENT_TONES[status]}>{t(`common:deployment.${status}`)}</StateLabel>
      </Box>
      {commit !== null && <Commit commit={commit} repository={repositoryUrl} />}
      {isHere && <span>{t("history.this")}</span>}
      {inForceAt.length > 0 && <StateLabel tone="done">{t("history.in_force", { sites: inForceAt.join(", ") })}</StateLabel>}
      {supersededBy !== null && (
        <span>
          {t("history.superseded_by")} <AppLink href={paths.deployment(supersededBy)}>{t("history.later")}</AppLink>
        </span>
      )}
    </Box>
  );
}
