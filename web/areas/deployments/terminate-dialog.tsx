// The dialog before a slice is removed: where, what that changes as a dry run has planned it, and the slice's name to be typed.
import Alert from "@mui/material/Alert";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SliceView } from "../../../protocol/api.ts";
import { useAppSelector } from "../../app/store.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { Problem } from "../../common/problem.tsx";
import { Untrusted } from "../../common/text.tsx";
import { productionAmong } from "../../state/change-preview.ts";
import { BusyNote } from "./busy-note.tsx";
import { CommandDialog } from "./command-dialog.tsx";
import { ConfirmName } from "./confirm-name.tsx";
import { DryRunView } from "./dry-run-view.tsx";
import { SitesChoice } from "./sites-choice.tsx";
import { useApprovals } from "./use-approvals.ts";
import { useSliceRefusal } from "./use-slice-refusal.ts";
import { useTerminate } from "./use-terminate.ts";

export function TerminateDialog({ slice: { slice, sites: held, busy }, onClose }: { slice: SliceView; onClose(): void }) {
  const { t } = useTranslation(["deployments", "common"]);
  const [sites, setSites] = useState(() => held.map((one) => one.site));
  const [typed, setTyped] = useState("");
  const known = useAppSelector((state) => state.feed.sites);
  const approvals = useApprovals("terminate", sites);
  const refusal = useSliceRefusal({ busy });
  const { preview, order, planned, error, isAsking, isOrdering } = useTerminate({ slice, sites, onDone: onClose });
  const all = held.map((one) => one.site);
  const isPlanned = planned?.run.state === "planned";
  const first = sites.length === 0 ? t("terminate.none") : isPlanned ? null : t("terminate.preview.first");
  const missing = first ?? (typed === slice ? null : t("common:confirm.type", { name: slice }));
  return (
    <CommandDialog
      title={t("terminate.title", { slice })}
      testId="terminate-dialog"
      closeWord={t("command.keep")}
      busy={isOrdering}
      onClose={onClose}
      confirm={
        <>
          {approvals.length > 0 && (
            <Alert severity="info" variant="outlined">
              {t("terminate.approval")} <Untrusted>{approvals.join("; ")}</Untrusted>
            </Alert>
          )}
          <ConfirmName name={slice} typed={typed} production={productionAmong(known, sites)} onType={setTyped} />
          <Problem problem={error} />
        </>
      }
      actions={
        <ActionButton
          variant="contained"
          color="error"
          data-testid="terminate-confirm"
          refusal={refusal ?? missing}
          busy={isOrdering}
          onClick={order}
        >
          {t("terminate.do")}
        </ActionButton>
      }
    >
      <BusyNote busy={busy} />
      <Typography>{t("terminate.what")}</Typography>
      <SitesChoice
        label={t("terminate.sites")}
        sites={all}
        production={productionAmong(known, all)}
        chosen={sites}
        disabled={isAsking || isOrdering}
        onChoose={setSites}
      />
      <section aria-label={t("terminate.changes")} data-testid="terminate-diff" data-loaded={isPlanned}>
        <Typography variant="h3" component="h3">
          {t("terminate.changes")}
        </Typography>
        <Typography sx={{ color: "text.secondary", mb: 1 }}>{t("terminate.preview.hint")}</Typography>
        {planned === null || planned.isLate || planned.run.state === "refused" ? (
          <ActionButton
            data-testid="terminate-preview"
            refusal={refusal ?? (sites.length === 0 ? t("terminate.none") : null)}
            busy={isAsking}
            onClick={preview}
            sx={{ mb: 1 }}
          >
            {t("terminate.preview")}
          </ActionButton>
        ) : null}
        {planned !== null && <DryRunView {...planned} />}
      </section>
    </CommandDialog>
  );
}
