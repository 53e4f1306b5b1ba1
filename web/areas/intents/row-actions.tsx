// What can be done with an intent that was sent: send the same again, after a word of confirmation in its place, or take it into the box.
// A row at rest is two plain buttons: what it takes to load and to send is there from the press on.
import Button from "@mui/material/Button";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { server } from "../../app/server.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { useRefusal } from "../../common/permission.ts";
import { useTell } from "../../common/use-tell.ts";
import { type Draft, draftOf } from "./draft.ts";
import { useSend } from "./use-send.ts";

export interface RowActionsProps {
  intentId: string;
  onEdit(draft: Draft): void;
}

export function RowActions({ intentId, onEdit }: RowActionsProps) {
  const { t } = useTranslation("intents");
  const refusal = useRefusal("operate");
  const [doing, setDoing] = useState<"rerun" | "edit" | null>(null);
  const end = () => setDoing(null);
  if (doing === "rerun") return <Rerun intentId={intentId} onEdit={onEdit} onEnd={end} />;
  return (
    <div className="history-row-actions">
      <button
        type="button"
        className="history-row-action"
        data-testid="rerun"
        aria-disabled={refusal !== null}
        title={refusal ?? undefined}
        aria-description={refusal ?? undefined}
        onClick={() => refusal === null && setDoing("rerun")}
      >
        {t("row.rerun")}
      </button>
      <button type="button" className="history-row-action" data-testid="edit" onClick={() => setDoing("edit")}>
        {t("row.edit")}
      </button>
      {doing === "edit" && <Edit intentId={intentId} onEdit={onEdit} onEnd={end} />}
    </div>
  );
}

interface DoingProps extends RowActionsProps {
  onEnd(): void;
}

/** The list knows the summary only; the options are in the record. */
function Edit({ intentId, onEdit, onEnd }: DoingProps) {
  const tell = useTell();
  const { data, error } = server.useIntentInFullQuery(intentId, { refetchOnMountOrArgChange: true });
  const told = useRef(false);
  useEffect(() => {
    if (told.current || (data === undefined && error === undefined)) return;
    told.current = true;
    if (data === undefined) tell.failed(error);
    else onEdit(draftOf(data));
    onEnd();
  });
  return null;
}

function Rerun({ intentId, onEdit, onEnd }: DoingProps) {
  const { t } = useTranslation(["intents", "common"]);
  const refusal = useRefusal("operate");
  const tell = useTell();
  const [load, { isFetching }] = server.useLazyIntentInFullQuery();
  const { send, busy, problem } = useSend({ storage: null, onSent: onEnd });
  const again = async () => {
    const { data, error } = await load(intentId);
    if (data === undefined) return tell.failed(error);
    if (data.command === null) return send(draftOf(data), data.dryRun);
    // It came as data: its sentence was made for people, so a person looks at how it is read.
    tell.done(t("row.rerun.as_words"));
    onEdit(draftOf(data));
    onEnd();
  };
  return (
    <div className="history-row-actions">
      <span>{t(problem === null ? "row.rerun.sure" : "row.rerun.failed")}</span>
      <ActionButton
        autoFocus
        variant="contained"
        data-testid="rerun-confirm"
        refusal={refusal}
        busy={isFetching || busy !== null}
        onClick={() => void again()}
      >
        {t("row.rerun.do")}
      </ActionButton>
      <Button onClick={onEnd}>{t("common:action.cancel")}</Button>
    </div>
  );
}
