// Which of the sites a command is for: a box for each, the production ones marked in words.
import Checkbox from "@mui/material/Checkbox";
import FormControl from "@mui/material/FormControl";
import FormControlLabel from "@mui/material/FormControlLabel";
import FormGroup from "@mui/material/FormGroup";
import FormLabel from "@mui/material/FormLabel";
import { useTranslation } from "react-i18next";

export interface SitesChoiceProps {
  label: string;
  sites: readonly string[];
  production: readonly string[];
  chosen: readonly string[];
  disabled?: boolean;
  onChoose(sites: string[]): void;
}

export function SitesChoice({ label, sites, production, chosen, disabled = false, onChoose }: SitesChoiceProps) {
  const { t } = useTranslation("deployments");
  const name = (site: string) => (production.includes(site) ? `${site} (${t("site.production")})` : site);
  return (
    <FormControl component="fieldset" disabled={disabled}>
      <FormLabel component="legend" sx={{ fontSize: "0.85rem" }}>
        {label}
      </FormLabel>
      <FormGroup row>
        {sites.map((site) => (
          <FormControlLabel
            key={site}
            label={name(site)}
            control={
              <Checkbox
                size="small"
                checked={chosen.includes(site)}
                onChange={(event) => onChoose(sites.filter((one) => (one === site ? event.target.checked : chosen.includes(one))))}
              />
            }
          />
        ))}
      </FormGroup>
    </FormControl>
  );
}
