// The files that a deployment changed, as a diff.
import { useTranslation } from "react-i18next";
import { server } from "../../app/server.ts";
import { Panel } from "../../common/page.tsx";
import { Problem } from "../../common/problem.tsx";
import { DiffLoading, LazyDiff } from "./lazy-diff.tsx";

export function FilesPanel({ deploymentId }: { deploymentId: string }) {
  const { t } = useTranslation("deployments");
  const { data, error, refetch } = server.useDeploymentDiffQuery(deploymentId);
  return (
    <Panel title={t("deployment.files")} testId="deployment-files">
      <Problem problem={error} onRetry={refetch} />
      {data === undefined ? error === undefined && <DiffLoading /> : <LazyDiff files={data.files} />}
    </Panel>
  );
}
