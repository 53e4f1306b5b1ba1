// The filters of the history: words, status, action, site. They are in the address, so that what one sees can be linked.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Action, IntentStatus } from "../../../protocol/intent.ts";
import { useAppSelector } from "../../app/store.ts";
import { Choice, Field } from "../../common/field.tsx";
import { visible } from "../../state/visible.ts";
import type { FilterName, HistoryFilter } from "./history-filter.ts";

const CALM_MS = 300; // after the last key, before the server is asked

export interface HistoryFiltersProps {
  filter: HistoryFilter;
  onChange(name: FilterName, value: string): void;
  onClear(): void;
}

export function HistoryFilters({ filter, onChange, onClear }: HistoryFiltersProps) {
  const { t } = useTranslation(["intents", "common"]);
  const sites = useAppSelector((state) => state.feed.sites);
  const { status = "", action = "", site = "" } = filter;
  const offered = sites.map(({ id }) => id);
  const words = { q: filter.q ?? "", onWords: (q: string) => onChange("q", q) };
  return (
    <Box
      component="search"
      aria-label={t("filter.label")}
      sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, alignItems: "flex-end", mb: 1 }}
    >
      <Words {...words} />
      <Choice
        label={t("filter.status")}
        data-testid="filter-status"
        value={status}
        onChange={(event) => onChange("status", event.target.value)}
      >
        <option value="">{t("filter.any")}</option>
        {IntentStatus.options.map((one) => (
          <option key={one} value={one}>
            {t(`common:status.${one}`)}
          </option>
        ))}
      </Choice>
      <Choice
        label={t("filter.action")}
        data-testid="filter-action"
        value={action}
        onChange={(event) => onChange("action", event.target.value)}
      >
        <option value="">{t("filter.any")}</option>
        {Action.options.map((one) => (
          <option key={one} value={one}>
            {t(`common:actionName.${one}`)}
          </option>
        ))}
      </Choice>
      <Choice label={t("filter.site")} data-testid="filter-site" value={site} onChange={(event) => onChange("site", event.target.value)}>
        <option value="">{t("filter.any")}</option>
        {(site === "" || offered.includes(site) ? offered : [site, ...offered]).map((id) => (
          <option key={id} value={id}>
            {visible(id)}
          </option>
        ))}
      </Choice>
      {Object.keys(filter).length > 0 && (
        <Button variant="text" data-testid="filter-clear" onClick={onClear} sx={{ minHeight: 36 }}>
          {t("common:action.filter_clear")}
        </Button>
      )}
    </Box>
  );
}

/** What is typed goes to the address when one pauses; what comes from the address, by a link or the back button, goes into the field. */
function Words({ q, onWords }: { q: string; onWords(q: string): void }) {
  const { t } = useTranslation("intents");
  const [typed, setTyped] = useState(q);
  const told = useRef(q);
  const tell = useRef(onWords);
  tell.current = onWords;
  useEffect(() => {
    if (q === told.current) return;
    told.current = q;
    setTyped(q);
  }, [q]);
  useEffect(() => {
    const wanted = typed.trim() === "" ? "" : typed;
    if (wanted === told.current) return;
    const timer = setTimeout(() => {
      told.current = wanted;
      tell.current(wanted);
    }, CALM_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <Field
      label={t("filter.q")}
      type="search"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      inputProps={{ "data-testid": "filter-q", maxLength: 200 }}
      sx={{ flex: "1 1 220px", maxWidth: 420, "& input": { py: "5.5px" } }}
    />
  );
}
