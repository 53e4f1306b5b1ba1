// What of the log is shown: everything, facts, agents' lines or trouble; of all sites or one; with these words in it.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { Choice, Field } from "../../common/field.tsx";
import type { LogFilter } from "../../state/logtail.ts";

const LEVELS = ["all", "events", "lines", "bad"] as const satisfies readonly LogFilter["level"][];

export interface LogFiltersProps {
  filter: LogFilter;
  sites: readonly string[];
  onFilter(filter: Omit<LogFilter, "site">): void;
  onSite(site: string): void;
}

export function LogFilters({ filter, sites, onFilter, onSite }: LogFiltersProps) {
  const { t } = useTranslation(["pipeline", "common"]);
  const { level, text } = filter;
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, mb: 1.5 }}>
      <Choice
        label={t("log.level")}
        value={level}
        onChange={(event) => onFilter({ text, level: LEVELS.find((one) => one === event.target.value) ?? "all" })}
        data-testid="log-level"
      >
        {LEVELS.map((one) => (
          <option key={one} value={one}>
            {t(`log.level.${one}`)}
          </option>
        ))}
      </Choice>
      <Choice label={t("log.site")} value={filter.site} onChange={(event) => onSite(event.target.value)} data-testid="log-site">
        <option value="">{t("log.all_sites")}</option>
        {sites.map((site) => (
          <option key={site} value={site}>
            {site}
          </option>
        ))}
      </Choice>
      <Field
        label={t("log.text")}
        type="search"
        value={text}
        onChange={(event) => onFilter({ level, text: event.target.value })}
        inputProps={{ "data-testid": "log-text" }}
        sx={{ flex: "1 1 180px" }}
      />
    </Box>
  );
}
