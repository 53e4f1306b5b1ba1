// The filters of the two lists. They live in the address, so that a view can be linked and survives a reload.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DeploymentStatus } from "../../../protocol/deployment.ts";
import { SliceName } from "../../../protocol/ids.ts";
import { useAppSelector } from "../../app/store.ts";
import { Choice, Field } from "../../common/field.tsx";
import type { DeploymentFilter } from "../../state/deployment-view.ts";

export interface FiltersProps {
  filter: DeploymentFilter;
  withStatus: boolean;
  onChange(name: keyof DeploymentFilter, value: string): void; // an empty value: any
  onClear(): void;
}

export function Filters({ filter, withStatus, onChange, onClear }: FiltersProps) {
  const { t } = useTranslation(["deployments", "common"]);
  const sites = useAppSelector((state) => state.feed.sites);
  const known = sites.map((site) => site.id);
  const options = filter.site === undefined || known.includes(filter.site) ? known : [...known, filter.site];
  return (
    <Box
      component="search"
      aria-label={t("filter.label")}
      sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, alignItems: "flex-end", mb: 1.5 }}
    >
      {withStatus && (
        <Choice
          label={t("filter.status")}
          data-testid="filter-status"
          value={filter.status ?? ""}
          onChange={(event) => onChange("status", event.target.value)}
        >
          <option value="">{t("filter.any")}</option>
          {DeploymentStatus.options.map((status) => (
            <option key={status} value={status}>
              {t(`common:deployment.${status}`)}
            </option>
          ))}
        </Choice>
      )}
      <Choice
        label={t("filter.site")}
        data-testid="filter-site"
        value={filter.site ?? ""}
        onChange={(event) => onChange("site", event.target.value)}
      >
        <option value="">{t("filter.any")}</option>
        {options.map((site) => (
          <option key={site} value={site}>
            {site}
          </option>
        ))}
      </Choice>
      <SliceFilter key={filter.slice ?? ""} slice={filter.slice ?? ""} onChange={(value) => onChange("slice", value)} />
      <Button onClick={onClear} disabled={Object.keys(filter).length === 0} sx={{ minHeight: 34 }}>
        {t("common:action.filter_clear")}
      </Button>
    </Box>
  );
}

/** A whole name: it is looked for when one presses Enter or goes on, not at every letter. */
function SliceFilter({ slice, onChange }: { slice: string; onChange(slice: string): void }) {
  const { t } = useTranslation("deployments");
  const [text, setText] = useState(slice);
  const name = text.trim();
  const wrong = name !== "" && !SliceName.safeParse(name).success;
  const take = () => {
    if (!wrong && name !== slice) onChange(name);
  };
  return (
    <Field
      label={t("filter.slice")}
      value={text}
      problem={wrong ? t("filter.slice_wrong") : undefined}
      inputProps={{ "data-testid": "filter-slice", maxLength: 63, autoCapitalize: "none", spellCheck: false }}
      onChange={(event) => setText(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === "Enter" && take()}
      sx={{ width: 220, "& .MuiOutlinedInput-root": { height: 34 } }}
    />
  );
}
