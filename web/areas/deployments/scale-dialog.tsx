// The dialog that makes a slice larger or smaller: what is in force, what is to change, and the sentence that says so. It goes to the intent box, or is sent as it is.
import { zodResolver } from "@hookform/resolvers/zod";
import Alert from "@mui/material/Alert";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import type { SliceView } from "../../../protocol/api.ts";
import { Requirements } from "../../../protocol/intent.ts";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { Problem } from "../../common/problem.tsx";
import { Untrusted } from "../../common/text.tsx";
import { useTell } from "../../common/use-tell.ts";
import { productionAmong } from "../../state/change-preview.ts";
import { changedSince, scaleSentence, scaleWanted } from "../../state/scale-draft.ts";
import { BusyNote } from "./busy-note.tsx";
import { CommandDialog } from "./command-dialog.tsx";
import { ScaleChanges } from "./scale-changes.tsx";
import { ScaleFields } from "./scale-fields.tsx";
import { sentenceWords } from "./sentence-words.ts";
import { SitesChoice } from "./sites-choice.tsx";
import { useApprovals } from "./use-approvals.ts";
import { useKeys } from "./use-keys.ts";
import { useSliceRefusal } from "./use-slice-refusal.ts";

export function ScaleDialog({ slice, onClose }: { slice: SliceView; onClose(): void }) {
  const { t } = useTranslation(["deployments", "common"]);
  const [, go] = useLocation();
  const tell = useTell();
  const keyFor = useKeys();
  const [begun] = useState(slice);
  const all = slice.sites.map((one) => one.site);
  const [sites, setSites] = useState(all);
  const known = useAppSelector((state) => state.feed.sites);
  const form = useForm({ resolver: zodResolver(Requirements), defaultValues: begun.requirements, mode: "onChange" });
  const filled = Requirements.safeParse(useWatch({ control: form.control }));
  const wanted = filled.success ? scaleWanted(begun, filled.data) : {};
  const moved = changedSince(begun, slice).map((field) => t(`common:requirement.${field}`));
  const whole = sites.length === all.length;
  const sentence = scaleSentence(sentenceWords(t), { slice: slice.slice, sites: whole ? [] : sites, wanted });
  const approvals = useApprovals("scale", sites);
  const refusal = useSliceRefusal(slice);
  const [scale, { error, isLoading }] = server.useScaleMutation();

  const send = async () => {
    const body = { requirements: wanted, sites: whole ? [] : sites };
    const { data } = await scale({ name: slice.slice, body, key: keyFor(JSON.stringify(body)) });
    if (data === undefined) return;
    tell.done(t("scale.done", { slice: slice.slice }), paths.intent(data.intentId));
    onClose();
  };
  const unfinished = !filled.success ? t("scale.unfinished") : Object.keys(wanted).length === 0 ? t("scale.nothing") : null;
  const missing = sites.length === 0 ? t("terminate.none") : unfinished;
  return (
    <CommandDialog
      title={t("scale.title", { slice: slice.slice })}
      testId="scale-dialog"
      closeWord={t("common:action.cancel")}
      busy={isLoading}
      onClose={onClose}
      confirm={
        <>
          {moved.length > 0 && (
            <Alert severity="warning" variant="outlined" role="status" data-testid="scale-moved">
              {t("scale.moved", { fields: moved.join(t("sentence.comma")) })}
            </Alert>
          )}
          {approvals.length > 0 && (
            <Alert severity="info" variant="outlined">
              {t("scale.approval")} <Untrusted>{approvals.join("; ")}</Untrusted>
            </Alert>
          )}
          <Problem problem={error} />
        </>
      }
      actions={
        <>
          <ActionButton refusal={missing} data-testid="scale-compose" onClick={() => go(paths.compose(sentence))}>
            {t("scale.compose")}
          </ActionButton>
          <ActionButton
            variant="contained"
            data-testid="scale-send"
            refusal={refusal ?? missing}
            busy={isLoading}
            onClick={() => void send()}
          >
            {t("scale.do")}
          </ActionButton>
        </>
      }
    >
      <BusyNote busy={slice.busy} />
      <Typography>{t("scale.what")}</Typography>
      <ScaleFields slice={slice} form={form} />
      {all.length > 1 && (
        <SitesChoice label={t("scale.sites")} sites={all} production={productionAmong(known, all)} chosen={sites} onChoose={setSites} />
      )}
      <ScaleChanges slice={slice} wanted={wanted} />
      <div>
        <Typography variant="h3" component="h3">
          {t("scale.sentence")}
        </Typography>
        <Typography
          data-testid="scale-sentence"
          role="status"
          sx={{ minHeight: 48, color: missing === null ? "text.primary" : "text.secondary" }}
        >
          {missing === null ? <Untrusted>{sentence}</Untrusted> : missing}
        </Typography>
      </div>
    </CommandDialog>
  );
}
