// What is known of the stage or site that was chosen: what it made, what it said, what was measured. Facts only; commands are above.
import { useTranslation } from "react-i18next";
import { EvidenceTable } from "../../common/evidence-table.tsx";
import { Panel } from "../../common/page.tsx";
import { newestEvidence } from "../../state/approval.ts";
import { GATE_ID } from "../../state/graph.ts";
import { CommitDetails } from "./commit-details.tsx";
import { GateDetails } from "./gate-details.tsx";
import { InputDetails } from "./input-details.tsx";
import { NotYet } from "./not-yet.tsx";
import { OutcomeDetails } from "./outcome-details.tsx";
import { PlanDetails } from "./plan-details.tsx";
import { Reading } from "./reading.tsx";
import { RenderDetails } from "./render-details.tsx";
import { SiteDetails } from "./site-details.tsx";
import { SitesTable } from "./sites-table.tsx";
import { TailLink } from "./tail-link.tsx";
import type { Known } from "./use-intent.ts";

export function Details({ known, chosen }: { known: Known; chosen: string }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const site = chosen.startsWith("site:") ? chosen.slice("site:".length) : null;
  const stage = known.view.stages.find((one) => one.stage === chosen);
  const title = site ?? (chosen === GATE_ID ? t("gate.title") : stage === undefined ? "" : t(stage.word));
  return (
    <Panel title={title} testId="details">
      {site !== null ? <SiteDetails known={known} site={site} /> : <StageDetails known={known} chosen={chosen} />}
      <TailLink intentId={known.record.intentId} site={site} />
    </Panel>
  );
}

function StageDetails({ known, chosen }: { known: Known; chosen: string }) {
  const { t } = useTranslation("pipeline");
  const { record, deployment } = known;
  switch (chosen) {
    case "input_received":
      return <InputDetails record={record} />;
    case "llm_processing":
    case "intent_parsed":
      return <Reading record={record} />;
    case "krm_generating":
      return <PlanDetails record={record} />;
    case "krm_generated":
      return <RenderDetails known={known} />;
    case GATE_ID:
      return <GateDetails known={known} />;
    case "gitops_pushing":
    case "gitops_pushed":
      return <CommitDetails known={known} />;
    case "edge_deploying":
    case "edge_deployed":
      return <SitesTable known={known} />;
    case "slo_validating":
      if (deployment === null || deployment.evidence.length === 0) return <NotYet />;
      return <EvidenceTable label={t("evidence.table")} evidence={newestEvidence(deployment.evidence)} compact />;
    default:
      return <OutcomeDetails known={known} />;
  }
}
