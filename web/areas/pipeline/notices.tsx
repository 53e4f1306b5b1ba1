// What has to be said of an intent before its details: what it waits for, why it failed and what would be possible, its answer, its leftovers.
import Alert, { type AlertColor } from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link as RouteLink } from "wouter";
import type { Evidence } from "../../../protocol/slo.ts";
import type { StageFailure } from "../../../protocol/stage.ts";
import { paths } from "../../app/paths.ts";
import { Copy } from "../../common/copy.tsx";
import { Untrusted } from "../../common/text.tsx";
import { newestEvidence } from "../../state/approval.ts";
import { COMPARISONS, measured, shortCommit } from "../../state/format.ts";
import { useCounterSentence } from "./counter-offer.ts";
import type { Known } from "./use-intent.ts";

export function Notices({ known }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const { record, view } = known;
  const said = view.broken && record.failure !== null ? [record.failure.message, ...(record.failure.details ?? [])] : [];
  const warnings = (record.understanding?.warnings ?? []).filter((warning) => !said.includes(warning)); // why it was rejected is one of them
  return (
    <>
      {(view.waiting === "agent" || view.waiting === "freeze") && (
        <Notice severity="warning" testId="waiting">
          {t(`waiting.${view.waiting}`)}
        </Notice>
      )}
      {view.broken && record.failure !== null && <FailureNotice known={known} failure={record.failure} />}
      {record.answer !== null && (
        <Notice severity="success" testId="answer">
          <Box sx={{ whiteSpace: "pre-line" }}>
            <Untrusted>{record.answer.text}</Untrusted>
          </Box>
        </Notice>
      )}
      {record.status === "cancelled" && known.full && <Effects known={known} />}
      {warnings.length > 0 && (
        <Notice severity="warning" testId="warnings">
          <TextList items={warnings} />
        </Notice>
      )}
    </>
  );
}

function FailureNotice({ known, failure }: { known: Known; failure: StageFailure }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const asks = known.record.status === "needs_decision";
  const judged = failure.reason === "slo_failed" || failure.reason === "slo_inconclusive";
  const missed = judged ? newestEvidence(known.deployment?.evidence ?? []).filter(({ verdict }) => verdict !== "pass") : [];
  return (
    <Notice severity={asks ? "warning" : "error"} testId="failure">
      <Box>
        <strong>{t(`reason.${failure.reason}`)}</strong>
        {failure.site !== undefined && (
          <>
            {" · "}
            <Untrusted>{failure.site}</Untrusted>
          </>
        )}
      </Box>
      {missed.length === 0 ? (
        <>
          <Untrusted>{failure.message}</Untrusted>
          <TextList items={failure.details ?? []} />
        </>
      ) : (
        <Missed evidence={missed} />
      )}
      <TakenBack known={known} />
      {failure.counterOffer !== undefined && <CounterOffer known={known} offer={failure.counterOffer} />}
    </Notice>
  );
}

/** What the failure says in the measurements' own names, in words. */
function Missed({ evidence }: { evidence: readonly Evidence[] }) {
  const { t } = useTranslation(["pipeline", "common"]);
  return (
    <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
      {evidence.map(({ site, objective, value, unit, comparator, threshold }) => (
        <li key={`${site} ${objective}`}>
          <Untrusted>{site}</Untrusted>
          {t("missed.colon")}
          {t(`common:objective.${objective}`)}{" "}
          {t("missed.is", {
            value: measured(value, unit) ?? t("missed.unknown"),
            wanted: `${COMPARISONS[comparator]} ${measured(threshold, unit) ?? ""}`,
          })}
        </li>
      ))}
    </Box>
  );
}

/** That it was taken back is the better half of the news: by whom, and by which commit. */
function TakenBack({ known: { record, deployment } }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  if (record.status !== "rolled_back") return null;
  const commit = deployment?.revertCommit ?? null;
  const itself = record.policy !== "pause" && record.failure?.reason === "slo_failed"; // else a person was asked first
  return (
    <Box data-testid="taken-back">
      {t(itself ? "taken_back.itself" : "taken_back")}
      {commit !== null && (
        <>
          {" · "}
          {t("rollback.commit")} <Copy value={commit} shown={shortCommit(commit)} what={t("rollback.commit")} />
        </>
      )}
    </Box>
  );
}

function CounterOffer({ known, offer }: { known: Known; offer: NonNullable<StageFailure["counterOffer"]> }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const sentence = useCounterSentence(known.record, offer);
  return (
    <Box data-testid="counter-offer" sx={{ mt: 1, display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>
      <span>{t("counter.offered")}</span>
      <Untrusted>{sentence}</Untrusted>
      <Button component={RouteLink} href={paths.compose(sentence)} color="inherit" data-testid="use-counter-offer">
        {t("counter.use")}
      </Button>
    </Box>
  );
}

function Effects({ known: { record, view } }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  if (record.effects.length === 0) return <Notice severity="info">{t("effects.none")}</Notice>;
  return (
    <Notice severity="warning" testId="effects">
      {view.commands.rollback ? t("effects.offered") : t("effects.done")}
      <TextList items={record.effects} />
    </Notice>
  );
}

function Notice({ severity, testId, children }: { severity: AlertColor; testId?: string; children: ReactNode }) {
  return (
    <Alert
      severity={severity}
      variant="outlined"
      role="status"
      data-testid={testId}
      sx={{ minWidth: 0, "& .MuiAlert-message": { minWidth: 0 } }}
    >
      {children}
    </Alert>
  );
}

function TextList({ items }: { items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
      {items.map((item, index) => (
        <li key={index}>
          <Untrusted>{item}</Untrusted>
        </li>
      ))}
    </Box>
  );
}
