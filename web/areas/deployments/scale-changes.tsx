// What a scale changes, value by value: from what is in force to what was filled in. Nothing is sent here.
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import type { SliceView } from "../../../protocol/api.ts";
import { REQUIREMENT_FIELDS, type Requirements } from "../../../protocol/intent.ts";
import { inForce } from "../../state/scale-draft.ts";

export function ScaleChanges({ slice, wanted }: { slice: SliceView; wanted: Requirements }) {
  const { t } = useTranslation(["deployments", "common"]);
  const now = inForce(slice);
  const changes = REQUIREMENT_FIELDS.flatMap((field) => {
    const after = wanted[field];
    return after === undefined ? [] : [{ field, before: now[field], after }];
  });
  if (changes.length === 0) return null;
  return (
    <div>
      <Typography variant="h3" component="h3">
        {t("scale.changes")}
      </Typography>
      <Box component="ul" data-testid="scale-changes" sx={{ m: 0, pl: 2.5, fontVariantNumeric: "tabular-nums" }}>
        {changes.map(({ field, before, after }) => (
          <li key={field} data-field={field}>
            {t("scale.change", { name: t(`common:requirement.${field}`), before, after })}
          </li>
        ))}
      </Box>
    </div>
  );
}
