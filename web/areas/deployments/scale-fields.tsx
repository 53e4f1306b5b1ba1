// The values of a slice that a scale can change, each with what holds now and what is wrong with what was typed.
import Box from "@mui/material/Box";
import type { UseFormReturn } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { SliceView } from "../../../protocol/api.ts";
import { REQUIREMENT_FIELDS, type RequirementField, type Requirements } from "../../../protocol/intent.ts";
import { Field } from "../../common/field.tsx";
import { inForce } from "../../state/scale-draft.ts";

/** An empty field says nothing; anything else has to be a number. */
function numberOf(text: unknown): number | undefined {
  return text === "" || text === undefined ? undefined : Number(text);
}

const RULES = {
  downlinkMbps: "positive",
  uplinkMbps: "positive",
  latencyMs: "positive",
  reliabilityPercent: "percent",
  availabilityPercent: "percent",
  maxDevices: "whole",
} as const satisfies Record<RequirementField, string>;

export function ScaleFields({ slice, form }: { slice: SliceView; form: UseFormReturn<Requirements> }) {
  const { t } = useTranslation(["deployments", "common"]);
  const now = inForce(slice);
  return (
    <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: "repeat(auto-fill, minmax(200px, 1fr))" }}>
      {REQUIREMENT_FIELDS.map((field) => {
        const { ref, ...input } = form.register(field, { setValueAs: numberOf });
        const stated = slice.requirements[field] !== undefined;
        return (
          <Field
            key={field}
            label={t(`common:requirement.${field}`)}
            hint={t(stated ? "scale.now" : "scale.now_default", { value: now[field] })}
            problem={form.formState.errors[field] === undefined ? undefined : t(`scale.wrong.${RULES[field]}`)}
            type="number"
            inputRef={ref}
            inputProps={{ "data-testid": `scale-${field}`, step: field === "maxDevices" ? 1 : "any", min: 0, inputMode: "decimal" }}
            {...input}
          />
        );
      })}
    </Box>
  );
}
