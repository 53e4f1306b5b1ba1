// All that was measured for an intent, and what a rollback proved.
import { useTranslation } from "react-i18next";
import { Empty } from "../../common/empty.tsx";
import { EvidenceTable } from "../../common/evidence-table.tsx";
import { Panel } from "../../common/page.tsx";
import { newestEvidence } from "../../state/approval.ts";
import { OutcomeDetails } from "./outcome-details.tsx";
import type { Known } from "./use-intent.ts";

export function EvidenceTab({ known }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const evidence = known.deployment?.evidence ?? [];
  const rolledBack = known.view.stages.at(-1)?.stage === "rollback";
  return (
    <>
      <Panel title={t("evidence.title")}>
        {evidence.length === 0 ? (
          <Empty title={t("evidence.none")} next={t("evidence.none_next")} />
        ) : (
          <EvidenceTable label={t("evidence.table")} evidence={newestEvidence(evidence)} />
        )}
      </Panel>
      {rolledBack && (
        <Panel title={t("rollback.title")}>
          <OutcomeDetails known={known} />
        </Panel>
      )}
    </>
  );
}
