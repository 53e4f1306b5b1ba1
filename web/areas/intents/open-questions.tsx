// What the sentence leaves open, asked where one writes: sites become options of the request, a type and an amount become words of the sentence.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { REQUIREMENT_FIELDS, type RequirementField, ServiceType } from "../../../protocol/intent.ts";
import { useAppSelector } from "../../app/store.ts";
import { Choice, Field } from "../../common/field.tsx";
import { Untrusted } from "../../common/text.tsx";
import { withAmount, withType } from "./additions.ts";
import type { Draft } from "./draft.ts";
import { SiteChoices } from "./site-choices.tsx";
import type { Understood } from "./understood.ts";

export interface OpenQuestionsProps {
  draft: Draft;
  found: Understood;
  onChange(patch: Partial<Draft>): void;
  onAsked(): void;
}

export function OpenQuestions({ draft, found, onChange, onAsked }: OpenQuestionsProps) {
  const { t } = useTranslation("intents");
  const sites = useAppSelector((state) => state.feed.sites);
  const { asksSites, asksType, asksAmount, understanding } = found;
  const said = (field: string) => understanding.clarifications.find((one) => one.field === field)?.question;
  const add = (text: string) => {
    onChange({ text });
    onAsked();
  };
  // What no answer here can settle: the rules' own words for it.
  const rest = understanding.clarifications.filter(
    ({ field }) => (field === "serviceType" && !asksType) || (field === "requirement" && !asksAmount),
  );
  return (
    <>
      {asksType && (
        <Ask field="serviceType" title={t("ask.type")} said={said("serviceType")}>
          <TypeForm onType={(type) => add(withType(draft.text, type))} />
        </Ask>
      )}
      {asksSites && (
        <Ask field="targetSites" title={t("ask.sites")} said={said("targetSites")}>
          <SiteChoices sites={sites} chosen={draft.targetSites} onChange={(targetSites) => onChange({ targetSites })} />
        </Ask>
      )}
      {asksAmount && (
        <Ask field="requirement" title={t("ask.amount")} said={said("requirement")}>
          <AmountForm onAmount={(field, value) => add(withAmount(draft.text, field, value))} />
        </Ask>
      )}
      {rest.map(({ field, question }) => (
        <Box key={field} data-testid="open-question" data-field={field} lang="en" sx={{ fontSize: "0.9rem" }}>
          <Untrusted>{question}</Untrusted>
        </Box>
      ))}
    </>
  );
}

const PLAIN = /^(Which|To what) /; // then the rules ask what the title asks; else they say first what was wrong

interface AskProps {
  field: string;
  title: string;
  said: string | undefined; // by the rules, in English
  children: ReactNode;
}

function Ask({ field, title, said, children }: AskProps) {
  return (
    <Box component="fieldset" data-testid="ask" data-field={field} sx={{ m: 0, p: 0, border: 0, minWidth: 0 }}>
      <Box component="legend" sx={{ p: 0, mb: 0.5, fontWeight: 600, fontSize: "0.9rem" }}>
        {title}
      </Box>
      {said !== undefined && !PLAIN.test(said) && (
        <Box lang="en" sx={{ mb: 0.5, fontSize: "0.85rem", color: "text.secondary" }}>
          <Untrusted>{said}</Untrusted>
        </Box>
      )}
      {children}
    </Box>
  );
}

const row = { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 2, rowGap: 0.5 } as const;

function TypeForm({ onType }: { onType(type: ServiceType): void }) {
  const { t } = useTranslation("intents");
  const [type, setType] = useState<ServiceType>("eMBB");
  return (
    <Box sx={row}>
      {ServiceType.options.map((option) => (
        <Box component="label" key={option} sx={{ display: "inline-flex", alignItems: "center", gap: 0.75, minHeight: 28 }}>
          <input type="radio" name="ask-type" value={option} checked={type === option} onChange={() => setType(option)} />
          <span>
            {option}{" "}
            <Box component="span" sx={{ color: "text.secondary", fontSize: "0.85rem" }}>
              {t(`type.${option}`)}
            </Box>
          </span>
        </Box>
      ))}
      <Button data-testid="add-type" onClick={() => onType(type)}>
        {t("ask.add")}
      </Button>
    </Box>
  );
}

function AmountForm({ onAmount }: { onAmount(field: RequirementField, value: number): void }) {
  const { t } = useTranslation(["intents", "common"]);
  const [field, setField] = useState<RequirementField>("downlinkMbps");
  const [value, setValue] = useState("");
  const amount = Number(value);
  const good = value.trim() !== "" && Number.isFinite(amount) && amount > 0;
  return (
    <Box sx={{ ...row, alignItems: "flex-end" }}>
      <Choice
        label={t("ask.what")}
        value={field}
        onChange={(event) => setField(REQUIREMENT_FIELDS.find((one) => one === event.target.value) ?? field)}
      >
        {REQUIREMENT_FIELDS.map((one) => (
          <option key={one} value={one}>
            {t(`common:requirement.${one}`)}
          </option>
        ))}
      </Choice>
      <Field
        label={t("ask.value")}
        type="number"
        value={value}
        onChange={(event) => setValue(event.target.value)}
        inputProps={{ min: 0, step: "any", inputMode: "decimal" }}
        sx={{ width: 120 }}
      />
      <Button data-testid="add-amount" aria-disabled={!good} onClick={() => good && onAmount(field, amount)} sx={{ mb: 0.25 }}>
        {t("ask.add")}
      </Button>
    </Box>
  );
}
