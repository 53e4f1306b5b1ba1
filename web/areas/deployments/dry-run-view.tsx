// What a dry run has shown: that it is being planned, the diff, or why there is none.
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { paths } from "../../app/paths.ts";
import { AppLink } from "../../common/link.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import type { DryRun } from "../../state/change-preview.ts";
import { DiffLoading, LazyDiff } from "./lazy-diff.tsx";
import { DRY_RUN_WAIT_MS } from "./use-dry-run.ts";

export interface DryRunViewProps {
  intentId: string;
  run: DryRun;
  isLate: boolean;
}

export function DryRunView({ intentId, run, isLate }: DryRunViewProps) {
  const { t } = useTranslation("deployments");
  const link = <AppLink href={paths.intent(intentId)}>{t("terminate.dry_run")}</AppLink>;
  if (run.state === "planned") return <LazyDiff files={run.files} />;
  if (run.state === "refused")
    return (
      <Alert severity="error" variant="outlined" role="alert">
        {t("terminate.refused")} {run.failure !== null && <Untrusted>{run.failure.message}</Untrusted>} {link}
      </Alert>
    );
  if (isLate)
    return (
      <Alert severity="warning" variant="outlined" role="alert" data-testid="dry-run-late">
        {t("terminate.late", { seconds: DRY_RUN_WAIT_MS / 1000 })} {link}
      </Alert>
    );
  return (
    <Box>
      <Box role="status" sx={{ mb: 1 }}>
        <StateLabel tone={run.for === null ? "active" : "wait"}>
          <span>{t(run.for === null ? "terminate.planning" : `terminate.waiting_${run.for}`)}</span>
        </StateLabel>
      </Box>
      <DiffLoading />
    </Box>
  );
}
