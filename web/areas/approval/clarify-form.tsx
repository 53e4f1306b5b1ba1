// The questions an intent waits for, answered in place: which sites, which kind of service, which number. Checked by the protocol's own schema.
import { zodResolver } from "@hookform/resolvers/zod";
import Box from "@mui/material/Box";
import { FormProvider, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { IntentRecord } from "../../../protocol/api.ts";
import type { Clarification, ClarificationAnswers } from "../../../protocol/intent.ts";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { Loading } from "../../common/empty.tsx";
import { Panel } from "../../common/page.tsx";
import { useRefusal } from "../../common/permission.ts";
import { Problem } from "../../common/problem.tsx";
import { useTell } from "../../common/use-tell.ts";
import { answersTo } from "../../state/approval.ts";
import { questionsOf } from "../../state/asked.ts";
import { asFailure } from "../../state/problem.ts";
import { ClarifyField } from "./clarify-field.tsx";

export function ClarifyForm({ record }: { record: IntentRecord }) {
  const asked = questionsOf(record);
  if (asked === null) return <Loading rows={1} height={180} />;
  return <Round key={asked.round} intentId={record.intentId} questions={asked.questions} />;
}

function Round({ intentId, questions }: { intentId: string; questions: readonly Clarification[] }) {
  const { t } = useTranslation(["approval", "common"]);
  const tell = useTell();
  const refusal = useRefusal("operate");
  const [answer, { isLoading, error }] = server.useAnswerMutation();
  const asked = questions.map(({ field }) => field);
  // The boxes of one question are one list, also when there is a single box.
  const defaultValues = asked.includes("targetSites") ? { targetSites: [] } : {};
  const form = useForm<ClarificationAnswers>({ resolver: zodResolver(answersTo(asked)), defaultValues });
  const submit = form.handleSubmit(async (answers) => {
    const sent = await answer({ id: intentId, answers });
    if (sent.error === undefined) tell.done(t("clarify.told"), paths.intent(intentId));
    else if (asFailure(sent.error)?.code === "CONFLICT") tell.failed(sent.error); // somebody was faster, and this form may be gone by now
  });
  return (
    <Panel title={t("clarify.title")} testId="clarify">
      <FormProvider {...form}>
        <Box
          component="form"
          noValidate
          data-testid="clarify-form"
          onSubmit={(event) => void submit(event)}
          sx={{ display: "grid", gap: 2, minWidth: 0 }}
        >
          {questions.map((question) => (
            <ClarifyField key={question.field} question={question} />
          ))}
          <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1 }}>
            <ActionButton refusal={refusal} busy={isLoading} type="submit" variant="contained" size="medium" data-testid="answer">
              {t("clarify.do")}
            </ActionButton>
            <Box component="span" role="status" sx={{ color: "text.secondary" }}>
              {isLoading ? t("clarify.sending") : (refusal ?? "")}
            </Box>
          </Box>
          <Problem problem={error} />
        </Box>
      </FormProvider>
    </Panel>
  );
}
