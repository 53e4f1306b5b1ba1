// What is deployed: the slices that are live now, and every deployment there has been. Which of the two, and the filters, are in the address.
import Paper from "@mui/material/Paper";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { FreshnessLabel } from "../../common/freshness.tsx";
import { Page } from "../../common/page.tsx";
import { type DeploymentFilter, filterOf } from "../../state/deployment-view.ts";
import { DeploymentList } from "./deployment-list.tsx";
import { Filters } from "./filters.tsx";
import { SliceList } from "./slice-list.tsx";

const VIEWS = ["slices", "deployments"] as const;
type View = (typeof VIEWS)[number];

export function DeploymentsPage() {
  const { t } = useTranslation("deployments");
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => filterOf(search), [search]);
  const view: View = search.get("view") === "deployments" ? "deployments" : "slices";
  const change = (name: keyof DeploymentFilter | "view", value: string) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === "") next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return (
    <Page title={t("title")} actions={<FreshnessLabel />}>
      <Paper sx={{ px: 2, pb: 2 }}>
        <Tabs
          value={view}
          onChange={(_event, next: View) => change("view", next)}
          aria-label={t("view.label")}
          sx={{ mb: 1.5, borderBottom: 1, borderColor: "divider" }}
        >
          {VIEWS.map((one) => (
            <Tab
              key={one}
              value={one}
              id={`tab-${one}`}
              aria-controls={one === view ? `panel-${one}` : undefined} // the other is not there
              data-testid={`view-${one}`}
              label={t(`view.${one}`)}
            />
          ))}
        </Tabs>
        <div role="tabpanel" id={`panel-${view}`} aria-labelledby={`tab-${view}`}>
          <Filters
            filter={filter}
            withStatus={view === "deployments"}
            onChange={change}
            onClear={() => setSearch({ view }, { replace: true })}
          />
          {view === "slices" ? <SliceList filter={filter} /> : <DeploymentList filter={filter} />}
        </div>
      </Paper>
    </Page>
  );
}
