// What a sentence was taken to mean: each field with where it came from, what is open, who read it, and the way to say that it was misread.
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { IntentRecord } from "../../../protocol/api.ts";
import type { CorrectionAccepted } from "../../../protocol/correction.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { useRefusal } from "../../common/permission.ts";
import { Untrusted } from "../../common/text.tsx";
import { CorrectForm } from "./correct-form.tsx";
import { NotYet } from "./not-yet.tsx";
import { ReadBy } from "./read-by.tsx";
import { ReadFields } from "./read-fields.tsx";

export function Reading({ record }: { record: IntentRecord }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const { understanding, command } = record;
  if (command !== null) return <Box sx={{ color: "text.secondary" }}>{t("read.as_data")}</Box>;
  if (understanding === null) return <NotYet />;
  return (
    <Box data-testid="understood" data-status={understanding.status}>
      <ReadFields text={record.text} understanding={understanding} />
      {understanding.clarifications.map(({ field, question }) => (
        <Alert key={field} severity="warning" variant="outlined" sx={{ my: 1 }}>
          <Untrusted>{question}</Untrusted>
        </Alert>
      ))}
      <ReadBy metadata={understanding.metadata} />
      <Misread record={record} />
    </Box>
  );
}

function Misread({ record }: { record: IntentRecord }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const refusal = useRefusal("operate");
  const [open, setOpen] = useState(false);
  const [result, setResult] = useState<CorrectionAccepted | null>(null);
  const { understanding } = record;
  if (understanding === null) return null;
  const done = (accepted: CorrectionAccepted) => {
    setOpen(false);
    setResult(accepted);
  };
  return (
    <Box sx={{ mt: 1.5 }}>
      <ActionButton refusal={refusal} data-testid="correct" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t("correct.open")}
      </ActionButton>
      {open && (
        <CorrectForm
          key={understanding.metadata.processedAt} // read anew meanwhile: what is corrected is what is shown
          intentId={record.intentId}
          understood={understanding.intent}
          onDone={done}
        />
      )}
      {result !== null && (
        <Alert severity={result.applied ? "success" : "info"} variant="outlined" role="status" data-testid="corrected" sx={{ mt: 1 }}>
          {result.applied ? (
            t("correct.applied")
          ) : (
            <>
              {t("correct.kept")} <Untrusted>{result.message}</Untrusted>
            </>
          )}
        </Alert>
      )}
    </Box>
  );
}
