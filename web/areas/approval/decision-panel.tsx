// Where the system could not judge, or was told to stop: what it knows, and the three ways on, each with what it does.
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import type { IntentRecord } from "../../../protocol/api.ts";
import type { DecisionAction } from "../../../protocol/intent.ts";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { EvidenceTable } from "../../common/evidence-table.tsx";
import { Panel } from "../../common/page.tsx";
import { useRefusal } from "../../common/permission.ts";
import { Problem } from "../../common/problem.tsx";
import { Untrusted } from "../../common/text.tsx";
import { useTell } from "../../common/use-tell.ts";
import { newestEvidence } from "../../state/approval.ts";
import { asFailure } from "../../state/problem.ts";
import { deploymentOf } from "../../state/shown.ts";

const CHOICES = [
  { action: "accept", testId: "accept" },
  { action: "rollback", testId: "decide-rollback" },
  { action: "resume", testId: "decide-resume" },
] as const satisfies readonly { action: DecisionAction; testId: string }[];

/** `brief`: what is wrong is told beside it already. */
export function DecisionPanel({ record, brief = false }: { record: IntentRecord; brief?: boolean }) {
  const { t } = useTranslation(["approval", "common"]);
  const tell = useTell();
  const refusal = useRefusal("operate");
  const deployment = useAppSelector((state) => deploymentOf(state.feed, record));
  const [decide, { isLoading, error }] = server.useDecideMutation();
  const { failure, intentId } = record;
  const choose = async (action: DecisionAction) => {
    const answer = await decide({ id: intentId, action });
    if (answer.error === undefined) tell.done(t(`decide.${action}.told`), paths.intent(intentId));
    else if (asFailure(answer.error)?.code === "CONFLICT") tell.failed(answer.error); // somebody was faster, and this panel may be gone by now
  };
  return (
    <Panel title={t("decide.title")} testId="decision">
      <Box sx={{ display: "grid", gap: 2, minWidth: 0 }}>
        {failure !== null && !brief && (
          <Alert severity="warning" variant="outlined" data-testid="decision-reason">
            <Untrusted>{failure.message}</Untrusted>
            {(failure.details ?? []).length > 0 && (
              <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
                {failure.details?.map((detail) => (
                  <li key={detail}>
                    <Untrusted>{detail}</Untrusted>
                  </li>
                ))}
              </Box>
            )}
          </Alert>
        )}
        {deployment !== null && deployment.evidence.length > 0 && (
          <EvidenceTable label={t("evidence.title")} evidence={newestEvidence(deployment.evidence)} />
        )}
        <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 1 }}>
          {CHOICES.map(({ action, testId }) => (
            <Box component="li" key={action} sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 1.5, rowGap: 0.5 }}>
              <ActionButton
                refusal={refusal}
                busy={isLoading}
                size="medium"
                color={action === "rollback" ? "error" : "primary"}
                data-testid={testId}
                onClick={() => void choose(action)}
                sx={{ minWidth: 120 }}
              >
                {t(`decide.${action}`)}
              </ActionButton>
              <Typography component="span" sx={{ flex: "1 1 240px", color: "text.secondary" }}>
                {t(`decide.${action}.does`)}
              </Typography>
            </Box>
          ))}
        </Box>
        {refusal !== null && <Typography sx={{ color: "text.secondary" }}>{refusal}</Typography>}
        <Problem problem={error} />
      </Box>
    </Panel>
  );
}
