// All edge sites as cards, with a filter that is in the address.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useDeferredValue, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { SiteStatus } from "../../../protocol/site.ts";
import { useFiringPage } from "../../app/firing.tsx";
import { useAppSelector } from "../../app/store.ts";
import { Empty, Loading } from "../../common/empty.tsx";
import { Choice, Field } from "../../common/field.tsx";
import { FreshnessLabel } from "../../common/freshness.tsx";
import { Page } from "../../common/page.tsx";
import { type Firing, firingBySite } from "../../state/firing.ts";
import { siteFilterOf, sitesShown, statusCounts } from "../../state/site-view.ts";
import { SiteCard } from "./site-card.tsx";

export function SitesPage() {
  const { t } = useTranslation("monitoring");
  const loaded = useAppSelector((state) => state.feed.loaded);
  const any = useAppSelector((state) => state.feed.sites.length > 0);
  return (
    <Page title={t("sites")} actions={<FreshnessLabel />}>
      {!loaded && <Loading rows={3} height={200} />}
      {loaded && !any && <Empty title={t("sites.none")} next={<HowToAdd />} />}
      {loaded && any && <FilteredSites />}
    </Page>
  );
}

function HowToAdd() {
  const { t } = useTranslation("monitoring");
  return (
    <>
      <p>{t("sites.none_next")}</p>
      <p>
        {t("sites.by_api")} <code>POST /api/v1/sites</code> ·{" "}
        <a href="/docs" target="_blank" rel="noreferrer">
          {t("sites.docs")}
        </a>
      </p>
    </>
  );
}

function useFiringBySite(): ReadonlyMap<string, Firing> {
  const page = useFiringPage();
  return useMemo(() => firingBySite(page ?? { alerts: [], nextCursor: null }), [page]);
}

function FilteredSites() {
  const { t } = useTranslation(["monitoring", "common"]);
  const sites = useAppSelector((state) => state.feed.sites);
  const agents = useAppSelector((state) => state.feed.agents);
  const [params, setParams] = useSearchParams();
  const filter = siteFilterOf(params);
  const firing = useFiringBySite();
  const counts = statusCounts(sites);
  const shown = sitesShown(sites, useDeferredValue(filter));
  const names = new Map(agents.map(({ agentId, name }) => [agentId, name]));
  const choose = (name: "q" | "status", value: string) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === "") next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return (
    <>
      <Box role="search" sx={{ display: "flex", flexWrap: "wrap", alignItems: "end", gap: 1.5 }}>
        <Field
          label={t("sites.find")}
          type="search"
          data-testid="sites-find"
          value={filter.text}
          onChange={(event) => choose("q", event.target.value)}
          sx={{ flex: "1 1 220px", maxWidth: 420 }}
        />
        <Choice
          label={t("sites.status")}
          data-testid="sites-status"
          value={filter.status ?? ""}
          onChange={(event) => choose("status", event.target.value)}
        >
          <option value="">{t("sites.status_all", { count: sites.length })}</option>
          {SiteStatus.options.map((status) => (
            <option key={status} value={status}>
              {t(`common:siteStatus.${status}`)} ({counts.get(status) ?? 0})
            </option>
          ))}
        </Choice>
        <Box role="status" sx={{ color: "text.secondary", pb: 0.75 }}>
          {t("sites.shown", { shown: shown.length, count: sites.length })}
        </Box>
      </Box>
      {shown.length === 0 && (
        <Empty
          title={t("sites.no_match")}
          next={<Button onClick={() => setParams({}, { replace: true })}>{t("common:action.filter_clear")}</Button>}
        />
      )}
      <Box
        component="ul"
        aria-label={t("sites")}
        sx={{
          m: 0,
          p: 0,
          listStyle: "none",
          display: "grid",
          gap: 1.5,
          gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 330px), 1fr))",
        }}
      >
        {shown.map((site) => (
          <SiteCard
            key={site.id}
            site={site}
            firing={firing.get(site.id)}
            agentName={site.agentId === null ? undefined : names.get(site.agentId)}
          />
        ))}
      </Box>
    </>
  );
}
