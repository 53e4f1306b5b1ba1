// Who has taken note of an alert, and taking note of it with a comment. The first who says so counts; it changes nothing at the site.
import Box from "@mui/material/Box";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { AcknowledgeRequest, type Alert } from "../../../protocol/alert.ts";
import { server } from "../../app/server.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { Field } from "../../common/field.tsx";
import { Instant } from "../../common/instant.tsx";
import { useRefusal } from "../../common/permission.ts";
import { Problem } from "../../common/problem.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { useTell } from "../../common/use-tell.ts";
import { Quiet, Row } from "./row.tsx";

export function Acknowledgement({ alert }: { alert: Alert }) {
  const { t } = useTranslation("monitoring");
  const refusal = useRefusal("operate");
  const [open, setOpen] = useState(false);
  const seen = alert.acknowledged;
  if (seen !== null) {
    return (
      <div data-testid="acknowledged">
        <Row gap={1}>
          <StateLabel tone="done">{t("ack.by")}</StateLabel>
          <Untrusted>{seen.by}</Untrusted>
          <Quiet>
            <Instant at={seen.at} />
          </Quiet>
        </Row>
        {seen.comment !== "" && (
          <Box component="blockquote" sx={{ m: 0, mt: 0.25, pl: 1, borderLeft: 3, borderColor: "divider" }}>
            <Untrusted>{seen.comment}</Untrusted>
          </Box>
        )}
      </div>
    );
  }
  if (alert.status === "resolved") return <Quiet>{t("ack.nobody")}</Quiet>;
  if (open) return <AcknowledgeForm alert={alert} onCancel={() => setOpen(false)} />;
  return (
    <ActionButton refusal={refusal} data-testid="acknowledge" onClick={() => setOpen(true)}>
      {t("ack.do")}
    </ActionButton>
  );
}

function AcknowledgeForm({ alert, onCancel }: { alert: Alert; onCancel(): void }) {
  const { t } = useTranslation(["monitoring", "common"]);
  const tell = useTell();
  const refusal = useRefusal("operate");
  const [comment, setComment] = useState("");
  const [acknowledge, { isLoading, error }] = server.useAcknowledgeMutation();
  const tooLong = !AcknowledgeRequest.safeParse({ comment }).success;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (isLoading || tooLong || refusal !== null) return;
    const answer = await acknowledge({ id: alert.alertId, comment: comment.trim() });
    if (answer.data !== undefined) tell.done(t("ack.done"));
  };
  return (
    <Box
      component="form"
      data-testid="acknowledge-form"
      onSubmit={(event) => void send(event)}
      sx={{ display: "grid", gap: 1, maxWidth: 560 }}
    >
      <Field
        label={t("ack.comment")}
        hint={t("ack.hint")}
        problem={tooLong ? t("ack.too_long") : undefined}
        value={comment}
        autoFocus
        onChange={(event) => setComment(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onCancel()}
      />
      <Box sx={{ display: "flex", gap: 1 }}>
        <ActionButton
          type="submit"
          variant="contained"
          refusal={tooLong ? t("ack.too_long") : refusal}
          busy={isLoading}
          data-testid="acknowledge-send"
        >
          {t("ack.do")}
        </ActionButton>
        <ActionButton refusal={null} variant="text" onClick={onCancel}>
          {t("common:action.cancel")}
        </ActionButton>
      </Box>
      <Problem problem={error} />
    </Box>
  );
}
