// The row above a diff: how much it is, of which site, whether long lines are wrapped, all open or closed, and the patch as text.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import FormControlLabel from "@mui/material/FormControlLabel";
import Switch from "@mui/material/Switch";
import { useTranslation } from "react-i18next";
import { CopyText } from "../../common/copy-text.tsx";
import { Choice } from "../../common/field.tsx";
import { type DiffGroup, totals } from "../../state/diff-view.ts";
import { Counts } from "./diff-group.tsx";

export interface DiffToolsProps {
  groups: readonly DiffGroup[];
  shown: readonly DiffGroup[];
  view: { site: string | null; wrap: boolean; open: boolean };
  onSite(site: string | null): void;
  onWrap(wrap: boolean): void;
  onAll(open: boolean): void;
}

export function DiffTools({ groups, shown, view, onSite, onWrap, onAll }: DiffToolsProps) {
  const { t } = useTranslation("approval");
  const files = shown.flatMap((group) => group.files);
  const sites = groups.map((group) => group.site).filter((site) => site !== null);
  const patch = () => files.map((file) => file.patch.replace(/\n?$/, "\n")).join("");
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 1.5, rowGap: 0.5 }}>
      <Box data-testid="diff-total" sx={{ display: "flex", gap: 1, fontWeight: 600 }}>
        {t("diff.files", { count: files.length })} <Counts {...totals(files)} />
      </Box>
      <Box sx={{ flex: 1 }} />
      {sites.length > 1 && (
        <Choice
          label={t("diff.site")}
          data-testid="diff-filter"
          value={view.site ?? ""}
          onChange={(event) => onSite(event.target.value === "" ? null : event.target.value)}
        >
          <option value="">{t("diff.every_site", { count: sites.length })}</option>
          {sites.map((site) => (
            <option key={site} value={site}>
              {site}
            </option>
          ))}
        </Choice>
      )}
      <FormControlLabel
        control={<Switch size="small" checked={view.wrap} onChange={(event) => onWrap(event.target.checked)} />}
        label={t("diff.wrap")}
        data-testid="diff-wrap"
        sx={{ m: 0, gap: 0.5 }}
      />
      <Button variant="text" data-testid="diff-open-all" onClick={() => onAll(!view.open)}>
        {view.open ? t("diff.close_all") : t("diff.open_all")}
      </Button>
      <CopyText text={patch} label={t("diff.copy")} testId="diff-copy" />
    </Box>
  );
}
