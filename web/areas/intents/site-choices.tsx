// Registered sites to choose some of: boxes to tick, all at once where there are several. Fifty of them scroll in a box of their own.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { Site } from "../../../protocol/site.ts";
import { visible } from "../../state/visible.ts";

export interface SiteChoicesProps {
  sites: readonly Site[];
  chosen: readonly string[];
  onChange(chosen: string[]): void;
}

const MANY = 12;

export function SiteChoices({ sites, chosen, onChange }: SiteChoicesProps) {
  const { t } = useTranslation("intents");
  if (sites.length === 0) return <Box sx={{ color: "text.secondary" }}>{t("sites.none")}</Box>;
  const ids = sites.map(({ id }) => id);
  const unknown = chosen.filter((id) => !ids.includes(id)); // of a draft that is older than the registry
  const toggle = (id: string, on: boolean) => onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id));
  const many = sites.length > MANY;
  return (
    <Box
      role="group"
      aria-label={t("sites.label")}
      tabIndex={many ? 0 : undefined}
      sx={{ display: "flex", flexWrap: "wrap", columnGap: 2, rowGap: 0.25, maxHeight: 132, overflowY: many ? "auto" : "visible" }}
    >
      {sites.length > 1 && (
        <Tick
          label={t("sites.all", { count: sites.length })}
          checked={ids.every((id) => chosen.includes(id))}
          onChange={(on) => onChange(on ? ids : [])}
        />
      )}
      {sites.map(({ id, production }) => (
        <Tick
          key={id}
          label={production ? t("sites.production", { site: visible(id) }) : visible(id)}
          checked={chosen.includes(id)}
          onChange={(on) => toggle(id, on)}
        />
      ))}
      {unknown.map((id) => (
        <Tick key={id} label={t("sites.unknown", { site: visible(id) })} checked onChange={(on) => toggle(id, on)} />
      ))}
    </Box>
  );
}

export interface TickProps {
  label: string;
  checked: boolean;
  onChange(on: boolean): void;
  disabled?: boolean;
  describedBy?: string;
  testId?: string;
}

export function Tick({ label, checked, onChange, disabled = false, describedBy, testId }: TickProps) {
  return (
    <Box component="label" sx={{ display: "inline-flex", alignItems: "center", gap: 0.75, minHeight: 28 }}>
      <Box
        component="input"
        type="checkbox"
        data-testid={testId}
        checked={checked}
        disabled={disabled}
        aria-describedby={describedBy}
        onChange={(event) => onChange(event.target.checked)}
        sx={{ width: 16, height: 16, m: 0, accentColor: (theme) => theme.vars?.palette.primary.main ?? theme.palette.primary.main }}
      />
      {label}
    </Box>
  );
}
