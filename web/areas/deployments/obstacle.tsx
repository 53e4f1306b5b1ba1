// Why a deployment cannot be taken back, known before one tries: its words, and the way to what is in the way.
import Alert from "@mui/material/Alert";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Deployment } from "../../../protocol/deployment.ts";
import { useWatchedIntent } from "../../app/feed-context.ts";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { AppLink } from "../../common/link.tsx";
import { type Obstacle, rollbackObstacle } from "../../state/deployment-view.ts";
import { recordOf } from "../../state/shown.ts";
import { useDeployments } from "./use-deployments.ts";

export function useObstacle(deployment: Deployment) {
  const { t } = useTranslation("deployments");
  const { intentId, slice } = deployment;
  useWatchedIntent(intentId);
  const undecided = useAppSelector((state) => recordOf(state.feed, intentId)?.status === "needs_decision");
  const { deployments: others } = useDeployments(useMemo(() => ({ slice }), [slice]));
  const { data } = server.useSlicesQuery();
  const live = data === undefined ? undefined : (data.find((one) => one.slice === slice) ?? null);
  const obstacle = rollbackObstacle({ deployment, others, slice: live, undecided });
  return { obstacle, live, undecided, others, words: obstacle === null ? null : t(`obstacle.${obstacle.kind}`) };
}

export function ObstacleNote({ obstacle, deployment }: { obstacle: Obstacle; deployment: Deployment }) {
  const { t } = useTranslation("deployments");
  const later = "by" in obstacle ? obstacle.by : null;
  return (
    <Alert severity="warning" variant="outlined" role="status" data-testid="rollback-obstacle" data-kind={obstacle.kind}>
      {t(`obstacle.${obstacle.kind}`)} {later !== null && <AppLink href={paths.deployment(later)}>{t("obstacle.see")}</AppLink>}
      {obstacle.kind === "applying" && <AppLink href={paths.intent(deployment.intentId)}>{t("command.look")}</AppLink>}
    </Alert>
  );
}
