// What waits for one kind of word: a row each, with the sentence, how long it waits, and the panel that settles it in place.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { memo, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { IntentRecord } from "../../../protocol/api.ts";
import { useWatchedIntent } from "../../app/feed-context.ts";
import { paths } from "../../app/paths.ts";
import { Loading } from "../../common/empty.tsx";
import { Elapsed, Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { Panel } from "../../common/page.tsx";
import { part } from "../../common/part.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { hasSay } from "../../state/asked.ts";
import { STATUS_TONES } from "../../state/tones.ts";
import { visible } from "../../state/visible.ts";
import type { WaitingStatus } from "../../state/waiting.ts";

const ApprovalPanel = part(
  () => import("./approval-panel.tsx"),
  (module) => module.ApprovalPanel,
);
const DecisionPanel = part(
  () => import("./decision-panel.tsx"),
  (module) => module.DecisionPanel,
);
const ClarifyForm = part(
  () => import("./clarify-form.tsx"),
  (module) => module.ClarifyForm,
);

const PANELS = { awaiting_approval: ApprovalPanel, needs_decision: DecisionPanel, needs_clarification: ClarifyForm } as const;
const FIRST_ROWS = 50; // of a group: nobody reads more at once

export interface WaitingGroupProps {
  status: WaitingStatus;
  records: readonly IntentRecord[];
  open: Readonly<Record<string, WaitingStatus>>;
  onToggle(intentId: string): void;
}

export function WaitingGroup({ status, records, open, onToggle }: WaitingGroupProps) {
  const { t } = useTranslation("approval");
  const [rows, setRows] = useState(FIRST_ROWS);
  if (records.length === 0) return null;
  const left = records.length - rows;
  return (
    <Panel title={`${t(`group.${status}`)} (${records.length})`} testId={`waiting-${status}`}>
      <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0 }}>
        {records.slice(0, rows).map((record) => (
          <Row key={record.intentId} status={status} record={record} isOpen={open[record.intentId] !== undefined} onToggle={onToggle} />
        ))}
      </Box>
      {left > 0 && (
        <Button variant="text" onClick={() => setRows(rows + FIRST_ROWS)}>
          {t("group.more", { count: Math.min(left, FIRST_ROWS) })}
        </Button>
      )}
    </Panel>
  );
}

interface RowProps {
  status: WaitingStatus;
  record: IntentRecord;
  isOpen: boolean;
  onToggle(intentId: string): void;
}

const Row = memo(function Row({ status, record, isOpen, onToggle }: RowProps) {
  const { t } = useTranslation(["approval", "common"]);
  const waits = record.status === status;
  return (
    <Box
      component="li"
      data-testid="waiting-row"
      data-intent-id={record.intentId}
      data-status={record.status}
      sx={{ py: 1, borderTop: 1, borderColor: "divider", minWidth: 0, "&:first-of-type": { borderTop: 0 } }}
    >
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 1.5, rowGap: 0.5 }}>
        <AppLink href={paths.intent(record.intentId)} sx={{ flex: "1 1 260px", minWidth: 0, fontWeight: 600 }}>
          <Untrusted>{record.text}</Untrusted>
        </AppLink>
        <StateLabel tone={STATUS_TONES[record.status]}>{t(`common:status.${record.status}`)}</StateLabel>
        <Button
          aria-expanded={isOpen}
          aria-label={`${isOpen ? t("row.close") : t("row.open")}: ${visible(record.text)}`}
          data-testid="waiting-toggle"
          onClick={() => onToggle(record.intentId)}
          sx={{ minWidth: 72 }}
        >
          {isOpen ? t("row.close") : t("row.open")}
        </Button>
      </Box>
      <Box sx={{ color: "text.secondary", fontSize: "0.88rem", display: "flex", flexWrap: "wrap", columnGap: 1.5 }}>
        {waits ? (
          <span>
            {t("row.waits")} <Elapsed from={record.updatedAt} to={null} />
          </span>
        ) : (
          <span>{t("row.over")}</span>
        )}
        <span>
          <Instant at={record.createdAt} /> <Untrusted>{t("row.by", { who: record.createdBy })}</Untrusted>
        </span>
        {record.sites.length > 0 && <Untrusted>{record.sites.join(", ")}</Untrusted>}
        {record.slice !== null && (
          <AppLink href={paths.slice(record.slice)} color="inherit">
            <Untrusted>{record.slice}</Untrusted>
          </AppLink>
        )}
      </Box>
      {isOpen && <InPlace status={status} record={record} />}
    </Box>
  );
});

/** The intent in full for as long as it is open; what settles it only while it waits for that. The row says when it does no more. */
function InPlace({ status, record }: { status: WaitingStatus; record: IntentRecord }) {
  useWatchedIntent(record.intentId);
  const OnePanel = PANELS[status];
  if (!hasSay(status, record)) return null;
  return (
    <Box sx={{ mt: 1 }}>
      <Suspense fallback={<Loading rows={3} />}>
        <OnePanel record={record} />
      </Suspense>
    </Box>
  );
}
