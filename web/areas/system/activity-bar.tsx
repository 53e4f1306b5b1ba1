// Above the activity: filters, how many rows there are, and whether it runs or holds still.
import Pause from "@mui/icons-material/Pause";
import PlayArrow from "@mui/icons-material/PlayArrow";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useTranslation } from "react-i18next";
import { useAppSelector } from "../../app/store.ts";
import { Choice, Field } from "../../common/field.tsx";
import { FreshnessLabel } from "../../common/freshness.tsx";
import { EVENT_KINDS, isFiltering } from "../../state/activity.ts";
import { useActivityFilter } from "./use-activity-filter.ts";

export interface ActivityBarProps {
  count: number;
  fresh: number; // came while it holds still
  paused: boolean;
  onPause(): void;
  onResume(): void;
}

export function ActivityBar({ count, fresh, paused, onPause, onResume }: ActivityBarProps) {
  const { t } = useTranslation(["system", "common"]);
  const { filter, clear } = useActivityFilter();
  return (
    <>
      <Filters />
      <Box
        sx={{
          position: "sticky",
          top: "var(--sticky-top, 0px)",
          zIndex: 2,
          display: "flex",
          flexWrap: "wrap",
          alignItems: "center",
          gap: 1.5,
          py: 0.75,
          minHeight: 44,
          bgcolor: "background.default",
          borderBottom: 1,
          borderColor: "divider",
        }}
      >
        <FreshnessLabel />
        <Box component="span" data-testid="activity-count" sx={{ color: "text.secondary" }}>
          {t("common:list.count", { count })}
        </Box>
        {isFiltering(filter) && (
          <Button variant="text" onClick={clear}>
            {t("common:action.filter_clear")}
          </Button>
        )}
        <Box sx={{ flex: 1 }} />
        <Button
          data-testid="pause"
          data-paused={paused}
          variant={paused ? "contained" : "outlined"}
          startIcon={paused ? <PlayArrow /> : <Pause />}
          onClick={paused ? onResume : onPause}
          sx={{ minWidth: 150 }}
        >
          {paused ? (fresh === 0 ? t("activity.resume") : t("activity.new", { count: fresh })) : t("activity.pause")}
        </Button>
      </Box>
    </>
  );
}

function Filters() {
  const { t } = useTranslation(["system", "common"]);
  const { filter, set } = useActivityFilter();
  const sites = useAppSelector((state) => state.feed.sites);
  return (
    <Box role="search" sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, alignItems: "flex-end" }}>
      <Choice
        label={t("activity.kind")}
        data-testid="filter-kind"
        value={filter.kind ?? ""}
        onChange={(event) => set("kind", event.target.value)}
      >
        <option value="">{t("activity.any_kind")}</option>
        {EVENT_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(`activity.kind.${kind}`)}
          </option>
        ))}
      </Choice>
      <Choice
        label={t("activity.site")}
        data-testid="filter-site"
        value={filter.site ?? ""}
        onChange={(event) => set("site", event.target.value)}
      >
        <option value="">{t("activity.any_site")}</option>
        {[...new Set([...sites.map(({ id }) => id), ...(filter.site === null ? [] : [filter.site])])].map((site) => (
          <option key={site} value={site}>
            {site}
          </option>
        ))}
      </Choice>
      <Field
        label={t("activity.intent")}
        placeholder="int_…"
        value={filter.intent}
        inputProps={{ "data-testid": "filter-intent", spellCheck: false }}
        onChange={(event) => set("intent", event.target.value.trim())}
        sx={{ width: { xs: "100%", sm: 220 } }}
      />
      <Field
        label={t("activity.text")}
        type="search"
        value={filter.text}
        inputProps={{ "data-testid": "filter-text" }}
        onChange={(event) => set("text", event.target.value)}
        sx={{ flex: "1 1 200px" }}
      />
    </Box>
  );
}
