// One deployment in full: what it is, where it stands, what was measured, which files it changed, what came before and after it, and the way back.
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import type { Deployment } from "../../../protocol/deployment.ts";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { Empty, Loading } from "../../common/empty.tsx";
import { AppLink } from "../../common/link.tsx";
import { Page } from "../../common/page.tsx";
import { useRefusal } from "../../common/permission.ts";
import { Problem } from "../../common/problem.tsx";
import { sitesToTakeBack } from "../../state/deployment-view.ts";
import { asFailure } from "../../state/problem.ts";
import { deploymentById } from "../../state/shown.ts";
import { DeploymentHead } from "./deployment-head.tsx";
import { EvidencePanel } from "./evidence-panel.tsx";
import { FilesPanel } from "./files-panel.tsx";
import { HistoryPanel } from "./history-panel.tsx";
import { ObstacleNote, useObstacle } from "./obstacle.tsx";
import { RollbackDialog } from "./rollback-dialog.tsx";
import { SitesPanel } from "./sites-panel.tsx";

export function DeploymentPage({ deploymentId }: { deploymentId: string }) {
  const { t } = useTranslation(["deployments", "common"]);
  const { error, refetch } = server.useDeploymentQuery(deploymentId);
  const deployment = useAppSelector((state) => deploymentById(state.feed, deploymentId));
  if (deployment !== null) return <Known deployment={deployment} />;
  const up = { href: paths.deployments, title: t("title") };
  const code = asFailure(error)?.code;
  return (
    <Page title={deploymentId} up={up}>
      {code === "NOT_FOUND" || code === "VALIDATION" ? (
        <Empty
          title={t("deployment.unknown")}
          next={<AppLink href={`${paths.deployments}?view=deployments`}>{t("deployment.unknown.next")}</AppLink>}
        />
      ) : (
        <Problem problem={error} onRetry={refetch} />
      )}
      {error === undefined && <Loading rows={4} height={160} />}
    </Page>
  );
}

function Known({ deployment }: { deployment: Deployment }) {
  const { t } = useTranslation(["deployments", "common"]);
  const { deploymentId, slice, action, evidence } = deployment;
  const [search, setSearch] = useSearchParams();
  const { obstacle, words, live } = useObstacle(deployment);
  const may = useRefusal("operate");
  const refusal = may ?? words;
  const askRollback = (site: string | null) => setSearch(site === null ? { do: "rollback" } : { do: "rollback", site }, { replace: true });
  return (
    <Page
      title={t("deployment.title", { action: t(`common:actionName.${action}`), slice })}
      up={{ href: `${paths.deployments}?view=deployments`, title: t("title") }}
      actions={
        <ActionButton color="error" data-testid="rollback" refusal={refusal} onClick={() => askRollback(null)}>
          {t("command.rollback")}
        </ActionButton>
      }
    >
      {(obstacle?.kind === "superseded" || obstacle?.kind === "removed") && <ObstacleNote obstacle={obstacle} deployment={deployment} />}
      <DeploymentHead deployment={deployment} />
      <SitesPanel deployment={deployment} inForce={sitesToTakeBack(deployment, live)} refusal={refusal} onRollback={askRollback} />
      <EvidencePanel evidence={evidence} />
      <HistoryPanel slice={slice} live={live ?? null} here={deploymentId} />
      <FilesPanel deploymentId={deploymentId} />
      {search.get("do") === "rollback" && (
        <RollbackDialog deployment={deployment} site={search.get("site")} onClose={() => setSearch({}, { replace: true })} />
      )}
    </Page>
  );
}
