// What a sentence was taken to mean, as fields that a person can put right. Only what was changed is sent.
import Box from "@mui/material/Box";
import FormLabel from "@mui/material/FormLabel";
import { useMemo, useRef } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { CorrectionAccepted } from "../../../protocol/correction.ts";
import { type ParsedIntent, REQUIREMENT_FIELDS, ServiceType } from "../../../protocol/intent.ts";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { Choice, Field } from "../../common/field.tsx";
import { Problem } from "../../common/problem.tsx";
import { Untrusted } from "../../common/text.tsx";
import { CorrectableAction, correctedFields, type ReadingDraft, readingDraft } from "../../state/correction.ts";
import { newKey } from "../../state/key.ts";
import { byName } from "../../state/natural.ts";
import { correctionResolver } from "./correct-resolver.ts";

const TICK = { width: 18, height: 18, flex: "none" } as const;

export interface CorrectFormProps {
  intentId: string;
  understood: ParsedIntent;
  onDone(result: CorrectionAccepted): void;
}

export function CorrectForm({ intentId, understood, onDone }: CorrectFormProps) {
  const { t } = useTranslation(["pipeline", "common"]);
  const sites = useAppSelector((state) => state.feed.sites);
  const names = [...new Set([...sites.map(({ id }) => id), ...understood.targetSites])].sort(byName);
  const resolver = useMemo(() => correctionResolver(understood), [understood]);
  const { register, handleSubmit, formState, watch } = useForm<ReadingDraft>({ defaultValues: readingDraft(understood), resolver });
  const [correct, { isLoading, error }] = server.useCorrectMutation();
  const sent = useRef({ body: "", key: "" });
  const untouched = correctedFields(understood, watch()) === null;
  const send = handleSubmit(async (draft) => {
    const fields = correctedFields(understood, draft);
    if (fields === null) return;
    // The same correction tried again after a lost answer carries the same key: it cannot be stored twice.
    const body = JSON.stringify(fields);
    if (sent.current.body !== body) sent.current = { body, key: newKey() };
    const answer = await correct({ id: intentId, fields, key: sent.current.key });
    if (answer.data !== undefined) onDone(answer.data);
  });
  const wrong = formState.errors;
  return (
    <Box
      component="form"
      noValidate
      aria-label={t("correct.title")}
      data-testid="correct-form"
      onSubmit={(event) => void send(event)}
      sx={{ mt: 1.5, display: "grid", gap: 1.5 }}
    >
      <Box sx={{ display: "grid", gap: 1.5, gridTemplateColumns: "repeat(auto-fill, minmax(130px, 1fr))" }}>
        <Choice label={t("read.action")} {...register("action")}>
          {understood.action === "unsupported" && <option value="unsupported">{t("common:actionName.unsupported")}</option>}
          {CorrectableAction.options.map((action) => (
            <option key={action} value={action}>
              {t(`common:actionName.${action}`)}
            </option>
          ))}
        </Choice>
        <Choice label={t("read.type")} {...register("serviceType")}>
          <option value="">{t("correct.none")}</option>
          {ServiceType.options.map((type) => (
            <option key={type} value={type}>
              {type}
            </option>
          ))}
        </Choice>
        <Line label={t("read.slice")} register={register("slice")} problem={wrong.slice?.message} />
        <Line label={t("head.priority")} register={register("priority")} problem={wrong.priority?.message} numeric />
        {REQUIREMENT_FIELDS.map((key) => (
          <Line
            key={key}
            label={t(`common:requirement.${key}`)}
            register={register(`requirements.${key}`)}
            problem={wrong.requirements?.[key]?.message}
            numeric
          />
        ))}
      </Box>
      <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, minWidth: 0 }}>
        <FormLabel component="legend" sx={{ fontSize: "0.85rem" }}>
          {t("read.sites")}
        </FormLabel>
        <Box sx={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(96px, 1fr))" }}>
          {names.map((site) => (
            <Box component="label" key={site} sx={{ display: "flex", alignItems: "center", gap: 0.75, minHeight: 30 }}>
              <input type="checkbox" value={site} {...register("targetSites")} style={TICK} />
              <Untrusted>{site}</Untrusted>
            </Box>
          ))}
        </Box>
      </Box>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>
        <ActionButton
          type="submit"
          variant="contained"
          refusal={untouched ? t("correct.untouched") : null}
          busy={isLoading}
          data-testid="send-correction"
        >
          {t("correct.send")}
        </ActionButton>
        {untouched && (
          <Box component="span" sx={{ color: "text.secondary" }}>
            {t("correct.untouched")}
          </Box>
        )}
      </Box>
      <Problem problem={error} />
    </Box>
  );
}

interface LineProps {
  label: string;
  register: ReturnType<ReturnType<typeof useForm<ReadingDraft>>["register"]>;
  problem: string | undefined;
  numeric?: boolean;
}

function Line({ label, register: { ref, ...input }, problem, numeric = false }: LineProps) {
  return (
    <Field
      label={label}
      problem={problem}
      inputRef={ref}
      inputProps={numeric ? { inputMode: "decimal" } : {}}
      autoComplete="off"
      {...input}
    />
  );
}
