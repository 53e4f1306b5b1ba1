// One intent of the history: what became of it, its sentence, where, for which slice, who and when; to send it again, or to change it first.
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { paths } from "../../app/paths.ts";
import { useAppSelector } from "../../app/store.ts";
import { Instant } from "../../common/instant.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { recordOf } from "../../state/shown.ts";
import { STATUS_TONES } from "../../state/tones.ts";
import { RowActions, type RowActionsProps } from "./row-actions.tsx";
import "./history-row.css";

export const ROW_PX = 66; // of most rows; they are measured
const FEW_SITES = 4; // more are counted

export const HistoryRow = memo(function HistoryRow({ intentId, onEdit }: RowActionsProps) {
  const { t } = useTranslation(["intents", "common"]);
  const record = useAppSelector((state) => recordOf(state.feed, intentId));
  if (record === null) return null; // dropped since: the list is about to know
  const { status, text, sites, slice, createdBy, createdAt, dryRun, action } = record;
  const drawn = dryRun && status === "parsed"; // its plan is there, and nothing follows by itself
  return (
    <div className="history-row" data-testid="intent-row" data-intent-id={intentId} data-status={status}>
      <div className="history-row-state">
        <StateLabel tone={drawn ? "done" : STATUS_TONES[status]}>{drawn ? t("row.dry_run_done") : t(`common:status.${status}`)}</StateLabel>
        {dryRun && !drawn && <span>{t("row.dry_run")}</span>}
      </div>
      <div>
        <Link href={paths.intent(intentId)} className="history-row-text">
          <Untrusted>{text}</Untrusted>
        </Link>
        <div className="history-row-facts">
          {action !== null && <span>{t(`common:actionName.${action}`)}</span>}
          {sites.length > FEW_SITES && <span title={sites.join(", ")}>{t("row.sites", { count: sites.length })}</span>}
          {sites.length > 0 && sites.length <= FEW_SITES && <Untrusted>{sites.join(", ")}</Untrusted>}
          {slice !== null && (
            <Link href={paths.slice(slice)}>
              <Untrusted>{slice}</Untrusted>
            </Link>
          )}
          <Untrusted>{createdBy}</Untrusted>
          <Instant at={createdAt} />
        </div>
      </div>
      <RowActions intentId={intentId} onEdit={onEdit} />
    </div>
  );
});
