// One question with what answers it: the registered sites, the three kinds of service, or one number with its unit.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import FormHelperText from "@mui/material/FormHelperText";
import { useId, useState } from "react";
import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import {
  type Clarification,
  type ClarificationAnswers,
  REQUIREMENT_FIELDS,
  type RequirementField,
  ServiceType,
} from "../../../protocol/intent.ts";
import { useAppSelector } from "../../app/store.ts";
import { Choice, Field } from "../../common/field.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";

export function ClarifyField({ question: { field, question } }: { question: Clarification }) {
  const { t } = useTranslation("approval");
  const { formState } = useFormContext<ClarificationAnswers>();
  const saidId = useId();
  const wrong = formState.errors[field] !== undefined;
  return (
    <Box
      component="fieldset"
      data-field={field}
      aria-describedby={wrong ? saidId : undefined}
      sx={{ border: 0, m: 0, p: 0, minWidth: 0, "& legend": { fontWeight: 600, mb: 0.5, p: 0 } }}
    >
      <legend>
        <Untrusted>{question}</Untrusted>
      </legend>
      {field === "targetSites" && <Sites />}
      {field === "serviceType" && <Services />}
      {field === "requirement" && <Requirement />}
      {wrong && (
        <FormHelperText error id={saidId} role="alert" sx={{ mx: 0 }}>
          {t(`clarify.missing.${field}`)}
        </FormHelperText>
      )}
    </Box>
  );
}

const OPTION = { display: "inline-flex", alignItems: "center", gap: 1, minHeight: 28 } as const;
const BOX = { width: 18, height: 18, accentColor: "var(--mui-palette-primary-main)" } as const;

function Sites() {
  const { t } = useTranslation("approval");
  const { register, setValue } = useFormContext<ClarificationAnswers>();
  const sites = useAppSelector((state) => state.feed.sites);
  if (sites.length === 0) return <p>{t("clarify.no_sites")}</p>;
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 2, rowGap: 0.5 }}>
      {sites.map((site) => (
        <Box component="label" key={site.id} sx={OPTION}>
          <input type="checkbox" value={site.id} style={BOX} {...register("targetSites")} />
          <Untrusted>{site.id}</Untrusted>
          {site.production && (
            <StateLabel tone="wait" boxed>
              {t("plan.production")}
            </StateLabel>
          )}
        </Box>
      ))}
      {sites.length > 1 && (
        <Button
          variant="text"
          onClick={() =>
            setValue(
              "targetSites",
              sites.map(({ id }) => id),
              { shouldDirty: true, shouldValidate: true },
            )
          }
        >
          {t("clarify.all_sites", { count: sites.length })}
        </Button>
      )}
    </Box>
  );
}

function Services() {
  const { t } = useTranslation("approval");
  const { register } = useFormContext<ClarificationAnswers>();
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", columnGap: 2, rowGap: 0.5 }}>
      {ServiceType.options.map((type) => (
        <Box component="label" key={type} sx={OPTION}>
          <input type="radio" value={type} style={BOX} {...register("serviceType")} />
          {type}{" "}
          <Box component="span" sx={{ color: "text.secondary" }}>
            {t(`clarify.hint.${type}`)}
          </Box>
        </Box>
      ))}
    </Box>
  );
}

/** The field of another quantity takes the number along. */
function Requirement() {
  const { t } = useTranslation(["approval", "common"]);
  const { setValue } = useFormContext<ClarificationAnswers>();
  const [quantity, setQuantity] = useState<RequirementField>("downlinkMbps");
  const [text, setText] = useState("");
  const set = (field: RequirementField, value: string) => {
    setQuantity(field);
    setText(value);
    const number = Number(value);
    const given = value.trim() === "" ? undefined : { [field]: number };
    setValue("requirement", given, { shouldDirty: true });
  };
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "flex-start", gap: 1.5 }}>
      <Choice
        label={t("clarify.quantity")}
        value={quantity}
        onChange={(event) => set(REQUIREMENT_FIELDS.find((field) => field === event.target.value) ?? quantity, text)}
      >
        {REQUIREMENT_FIELDS.map((field) => (
          <option key={field} value={field}>
            {t(`common:requirement.${field}`)}
          </option>
        ))}
      </Choice>
      <Field
        label={t("clarify.value")}
        value={text}
        inputProps={{ inputMode: "decimal", "data-testid": "clarify-value" }}
        onChange={(event) => set(quantity, event.target.value)}
        sx={{ width: 160 }}
      />
    </Box>
  );
}
