// One approval: exactly what would be pushed, why somebody has to look, and yes or no. It approves what was shown here and nothing else: when the plan
// changes meanwhile, it says so and takes no approval before the new one was shown.
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { IntentRecord } from "../../../protocol/api.ts";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { Copy } from "../../common/copy.tsx";
import { Loading } from "../../common/empty.tsx";
import { Instant } from "../../common/instant.tsx";
import { Panel } from "../../common/page.tsx";
import { Problem } from "../../common/problem.tsx";
import { Untrusted } from "../../common/text.tsx";
import { useTell } from "../../common/use-tell.ts";
import { type ApprovalPhase, approvalPhase, lastDecision, planToSee, type SeenPlan } from "../../state/approval.ts";
import { asFailure } from "../../state/problem.ts";
import { ApprovalForm } from "./approval-form.tsx";
import { CodeDiff } from "./code-diff.tsx";
import { PlanFacts } from "./plan-facts.tsx";

export interface ApprovalPanelProps {
  record: IntentRecord;
  brief?: boolean; // once it is decided what was shown may go: it is on the same page
}

export function ApprovalPanel({ record, brief = false }: ApprovalPanelProps) {
  const { t } = useTranslation(["approval", "common"]);
  const tell = useTell();
  const now = planToSee(record);
  const [seen, setSeen] = useState<SeenPlan | null>(now);
  const [refused, setRefused] = useState<string | null>(null); // a digest that the server did not take
  const [approve, approving] = server.useApproveMutation();
  const [reject, rejecting] = server.useRejectMutation();
  if (seen === null && now !== null) setSeen(now); // the first that is known is the one that is shown
  const phase = approvalPhase(record, seen, refused);
  const { intentId } = record;

  const onApprove = async (comment: string) => {
    if (seen === null) return;
    rejecting.reset();
    const answer = await approve({ id: intentId, body: { digest: seen.digest, comment } });
    if (answer.error === undefined) tell.done(t("approved.told"), paths.intent(intentId));
    else if (asFailure(answer.error)?.code === "DIGEST_MISMATCH") setRefused(seen.digest);
  };
  const onReject = async (reason: string) => {
    approving.reset();
    const answer = await reject({ id: intentId, reason });
    if (answer.error === undefined) tell.done(t("rejected.told"), paths.intent(intentId));
  };
  const showNew = () => {
    setSeen(now);
    setRefused(null);
    approving.reset();
    rejecting.reset();
  };

  const busy = approving.isLoading || rejecting.isLoading;
  return (
    <Panel title={phase === "decided" ? t(`approval.${verdictOf(record)}`) : t("approval.title")} testId="approval-panel">
      <Box data-testid="approval-state" data-state={busy ? "deciding" : phase} sx={{ display: "grid", gap: 2, minWidth: 0 }}>
        {phase === "void" && <Void next={now} seen={seen} onShow={showNew} />}
        {phase === "decided" && <Decided record={record} />}
        {phase === "loading" && <Loading rows={3} />}
        {seen !== null && !(brief && phase === "decided") && <Shown seen={seen} phase={phase} />}
        {phase !== "decided" && <ApprovalForm phase={phase} busy={busy} onApprove={onApprove} onReject={onReject} />}
        <Problem problem={approving.error ?? rejecting.error} />
      </Box>
    </Panel>
  );
}

/** What became of the question, as the heading says it once it is no question any more. */
function verdictOf(record: IntentRecord): "approved" | "rejected" | "over" {
  if (record.status === "rejected") return "rejected";
  return record.status === "cancelled" && record.deploymentId === null ? "over" : "approved";
}

function Shown({ seen, phase }: { seen: SeenPlan; phase: ApprovalPhase }) {
  const { t } = useTranslation(["approval", "common"]);
  const { reasons, plan, digest, diff } = seen;
  return (
    <>
      {reasons.length > 0 && phase === "pending" && (
        <Alert severity="info" variant="outlined" data-testid="approval-reasons">
          {t("reasons")}
          <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
            {reasons.map((reason) => (
              <li key={reason}>
                <Untrusted>{reason}</Untrusted>
              </li>
            ))}
          </Box>
        </Alert>
      )}
      {plan !== null && <PlanFacts plan={plan} />}
      <div data-testid="digest" data-digest={digest}>
        {t(phase === "void" ? "digest.void" : "digest")} <Copy value={digest} what={t("digest.what")} />
      </div>
      {phase !== "decided" && <CodeDiff files={diff} />}
    </>
  );
}

/** Loud: what one has read is not what would happen. */
function Void({ next, seen, onShow }: { next: SeenPlan | null; seen: SeenPlan | null; onShow(): void }) {
  const { t } = useTranslation("approval");
  const ready = next !== null && next.digest !== seen?.digest;
  const show = (
    <Button color="inherit" variant="outlined" data-testid="show-new-plan" onClick={onShow}>
      {t("void.show")}
    </Button>
  );
  return (
    <Alert
      severity="error"
      variant="filled"
      role="alert"
      data-testid="approval-void"
      action={ready ? show : undefined}
      sx={{ bgcolor: "error.main", color: "background.paper" }} // of the theme's own contrast in both schemes
    >
      <strong>{t("void.title")}</strong>
      <div>{ready ? t("void.ready") : t("void.coming")}</div>
    </Alert>
  );
}

/** By whom, when and with which words. What is not among the newest events is asked for. */
function Decided({ record }: { record: IntentRecord }) {
  const { t } = useTranslation(["approval", "common"]);
  const live = useAppSelector((state) => state.feed.events);
  const heard = lastDecision(live, record.intentId);
  const { data } = server.useIntentEventsQuery(record.intentId, { skip: heard !== null });
  const decision = heard ?? lastDecision(data?.events ?? [], record.intentId);
  if (decision === null) return <Alert severity="info">{t("decided.unknown", { status: t(`common:status.${record.status}`) })}</Alert>;
  const { reason = "" } = decision;
  return (
    <Alert
      severity={decision.decision === "approved" ? "success" : "warning"}
      variant="outlined"
      data-testid="approval-decided"
      data-decision={decision.decision}
    >
      {t(`decided.${decision.decision}`)} <Untrusted>{decision.by}</Untrusted>, <Instant at={decision.at} />
      {reason !== "" && (
        <div>
          “<Untrusted>{reason}</Untrusted>”
        </div>
      )}
    </Alert>
  );
}
