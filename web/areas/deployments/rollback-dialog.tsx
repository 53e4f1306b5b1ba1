// The dialog before a rollback: what would be taken back, where, and how. Only the button at its end does something.
import Alert from "@mui/material/Alert";
import Typography from "@mui/material/Typography";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Deployment } from "../../../protocol/deployment.ts";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { Choice } from "../../common/field.tsx";
import { useRefusal } from "../../common/permission.ts";
import { Problem } from "../../common/problem.tsx";
import { Untrusted } from "../../common/text.tsx";
import { productionAmong, takenBack } from "../../state/change-preview.ts";
import { sitesToTakeBack } from "../../state/deployment-view.ts";
import { BusyNote } from "./busy-note.tsx";
import { CommandDialog } from "./command-dialog.tsx";
import { ConfirmName } from "./confirm-name.tsx";
import { DiffLoading, LazyDiff } from "./lazy-diff.tsx";
import { ObstacleNote, useObstacle } from "./obstacle.tsx";
import { useApprovals } from "./use-approvals.ts";
import { useRollback } from "./use-rollback.ts";

const ALL = "";

export interface RollbackDialogProps {
  deployment: Deployment;
  site: string | null; // where to begin with; null: at all sites
  onClose(): void;
}

export function RollbackDialog({ deployment, site: first, onClose }: RollbackDialogProps) {
  const { t } = useTranslation(["deployments", "common"]);
  const { slice, deploymentId } = deployment;
  const { obstacle, live, undecided, words } = useObstacle(deployment);
  const left = sitesToTakeBack(deployment, live);
  const [chosen, setChosen] = useState(first ?? ALL);
  const [typed, setTyped] = useState("");
  const known = useAppSelector((state) => state.feed.sites);
  const diff = server.useDeploymentDiffQuery(deploymentId);
  const site = left.includes(chosen) ? chosen : ALL; // it may have been taken back there meanwhile
  const sites = site === ALL ? left : [site];
  const approvals = useApprovals("rollback", sites);
  const at = sites.join(" ");
  const files = useMemo(() => (diff.data === undefined ? null : takenBack(diff.data.files, at.split(" "))), [diff.data, at]);
  const production = productionAmong(known, sites);
  const asks = !undecided && approvals.length > 0;
  const { order, error, isLoading } = useRollback({ deployment, site: site === ALL ? null : site, asks, onDone: onClose });

  const may = useRefusal("operate");
  const named = production.length === 0 || typed === slice;
  const missing = files === null ? t("rollback.loading") : named ? null : t("common:confirm.type", { name: slice });
  const word = asks ? t("rollback.ask") : t("rollback.do");
  return (
    <CommandDialog
      title={t("rollback.title", { slice })}
      testId="rollback-dialog"
      closeWord={t("command.keep")}
      busy={isLoading}
      onClose={onClose}
      confirm={
        <>
          {asks && (
            <Alert severity="info" variant="outlined" data-testid="rollback-approval">
              {t("rollback.approval")} <Untrusted>{approvals.join("; ")}</Untrusted>
            </Alert>
          )}
          {production.length > 0 && obstacle === null && (
            <ConfirmName name={slice} typed={typed} production={production} onType={setTyped} />
          )}
          <Problem problem={error} />
        </>
      }
      actions={
        <ActionButton
          variant="contained"
          color="error"
          data-testid="rollback-confirm"
          refusal={may ?? words ?? missing}
          busy={isLoading}
          onClick={order}
        >
          {site === ALL ? word : `${word} ${site}`}
        </ActionButton>
      }
    >
      <BusyNote busy={live?.busy?.intentId === deployment.intentId ? null : (live?.busy ?? null)} />
      {obstacle !== null && <ObstacleNote obstacle={obstacle} deployment={deployment} />}
      <Typography>
        {t("rollback.what")} {t("rollback.verified")}
      </Typography>
      {left.length > 1 && (
        <Choice label={t("rollback.where")} data-testid="rollback-site" value={site} onChange={(event) => setChosen(event.target.value)}>
          <option value={ALL}>{t("rollback.all", { sites: left.join(", ") })}</option>
          {left.map((one) => (
            <option key={one} value={one}>
              {t("rollback.only", { site: one })}
            </option>
          ))}
        </Choice>
      )}
      <section aria-label={t("rollback.changes")} data-testid="rollback-diff" data-loaded={files !== null}>
        <Typography variant="h3" component="h3" sx={{ mb: 1 }}>
          {t("rollback.changes")}
        </Typography>
        <Problem problem={diff.error} onRetry={diff.refetch} />
        {files === null ? diff.error === undefined && <DiffLoading /> : <LazyDiff files={files} />}
      </section>
    </CommandDialog>
  );
}
