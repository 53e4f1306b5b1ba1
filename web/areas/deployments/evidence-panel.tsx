// The measured service levels of a deployment as they were executed, one block per site. Sites with a miss are first and open.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Evidence } from "../../../protocol/slo.ts";
import { Empty } from "../../common/empty.tsx";
import { EvidenceTable } from "../../common/evidence-table.tsx";
import { Panel } from "../../common/page.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { evidenceBySite, type SiteEvidence } from "../../state/deployment-view.ts";
import { VERDICT_TONES } from "../../state/tones.ts";

const OPEN_SITES = 3; // more begin closed, unless something was missed there

export function EvidencePanel({ evidence }: { evidence: readonly Evidence[] }) {
  const { t } = useTranslation("deployments");
  const sites = useMemo(() => evidenceBySite(evidence), [evidence]);
  return (
    <Panel title={t("deployment.evidence")} testId="evidence-panel">
      {sites.length === 0 ? (
        <Empty title={t("deployment.evidence_none")} next={t("deployment.evidence_none.next")} />
      ) : (
        sites.map((one) => <Site key={one.site} evidence={one} open={sites.length <= OPEN_SITES || one.verdict === "fail"} />)
      )}
    </Panel>
  );
}

function Site({ evidence: { site, latest, earlier, verdict }, open }: { evidence: SiteEvidence; open: boolean }) {
  const { t } = useTranslation(["deployments", "common"]);
  const [all, setAll] = useState(false);
  return (
    <Box component="details" open={open} sx={{ mb: 1.5 }}>
      <Box component="summary" sx={{ cursor: "pointer", py: 0.5 }}>
        <Box component="span" sx={{ display: "inline-flex", gap: 1.5, ml: 0.5, verticalAlign: "middle" }}>
          <strong>{site}</strong>
          <StateLabel tone={VERDICT_TONES[verdict]}>{t(`common:verdict.${verdict}`)}</StateLabel>
        </Box>
      </Box>
      <EvidenceTable label={t("evidence.caption", { site })} evidence={all ? [...latest, ...earlier.toReversed()] : latest} />
      {earlier.length > 0 && !all && (
        <Button variant="text" onClick={() => setAll(true)}>
          {t("evidence.earlier", { count: earlier.length })}
        </Button>
      )}
    </Box>
  );
}
