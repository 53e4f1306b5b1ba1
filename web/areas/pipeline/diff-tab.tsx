// Exactly what an intent changes in git: its own diff while it is prepared, its deployment's once there is one.
import { useTranslation } from "react-i18next";
import { server } from "../../app/server.ts";
import { Empty, Loading } from "../../common/empty.tsx";
import { Panel } from "../../common/page.tsx";
import { part } from "../../common/part.tsx";
import { Problem } from "../../common/problem.tsx";
import type { Known } from "./use-intent.ts";

const CodeDiff = part(
  () => import("../approval/code-diff.tsx"),
  (module) => module.CodeDiff,
);

export function DiffTab({ known: { record } }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const id = record.diff === null ? record.deploymentId : null;
  const { data, isLoading, error, refetch } = server.useDeploymentDiffQuery(id ?? "", { skip: id === null });
  const files = record.diff ?? data?.files ?? null;
  return (
    <Panel title={t("diff.title")} testId="diff">
      {isLoading && <Loading rows={1} height={360} />}
      {error !== undefined && <Problem problem={error} onRetry={() => void refetch()} />}
      {files !== null && files.length > 0 && <CodeDiff files={files} />}
      {files !== null && files.length === 0 && <Empty title={t("diff.empty")} />}
      {files === null && !isLoading && error === undefined && <Empty title={t("diff.none")} next={t("diff.none_next")} />}
    </Panel>
  );
}
