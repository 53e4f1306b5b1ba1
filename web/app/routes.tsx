// Which page an address shows. Each is loaded when it is first gone to; only the first page comes with the shell.
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Route, Switch, useLocation } from "wouter";
import { IntentsPage } from "../areas/intents/intents-page.tsx";
import { Empty, Loading } from "../common/empty.tsx";
import { ErrorBoundary } from "../common/error-boundary.tsx";
import { AppLink } from "../common/link.tsx";
import { Page } from "../common/page.tsx";
import { part } from "../common/part.tsx";
import { paths } from "./paths.ts";

const IntentPage = part(
  () => import("../areas/pipeline/intent-page.tsx"),
  (module) => module.IntentPage,
);
const ApprovalsPage = part(
  () => import("../areas/approval/approvals-page.tsx"),
  (module) => module.ApprovalsPage,
);
const DeploymentsPage = part(
  () => import("../areas/deployments/deployments-page.tsx"),
  (module) => module.DeploymentsPage,
);
const DeploymentPage = part(
  () => import("../areas/deployments/deployment-page.tsx"),
  (module) => module.DeploymentPage,
);
const SlicePage = part(
  () => import("../areas/deployments/slice-page.tsx"),
  (module) => module.SlicePage,
);
const MonitoringPage = part(
  () => import("../areas/monitoring/monitoring-page.tsx"),
  (module) => module.MonitoringPage,
);
const AlertPage = part(
  () => import("../areas/monitoring/alert-page.tsx"),
  (module) => module.AlertPage,
);
const SitesPage = part(
  () => import("../areas/monitoring/sites-page.tsx"),
  (module) => module.SitesPage,
);
const SitePage = part(
  () => import("../areas/monitoring/site-page.tsx"),
  (module) => module.SitePage,
);
const AgentPage = part(
  () => import("../areas/monitoring/agent-page.tsx"),
  (module) => module.AgentPage,
);
const ActivityPage = part(
  () => import("../areas/system/activity-page.tsx"),
  (module) => module.ActivityPage,
);
const IntegrationsPage = part(
  () => import("../areas/system/integrations-page.tsx"),
  (module) => module.IntegrationsPage,
);
const MorePage = part(
  () => import("../areas/system/more-page.tsx"),
  (module) => module.MorePage,
);

export function Routes() {
  const [path] = useLocation();
  return (
    <ErrorBoundary at={path}>
      <Suspense fallback={<Loading rows={6} height={56} />}>
        <Switch>
          <Route path="/">{() => <IntentsPage />}</Route>
          <Route path="/intents/:id">{({ id }) => <IntentPage key={id} intentId={decode(id)} />}</Route>
          <Route path="/approvals">{() => <ApprovalsPage />}</Route>
          <Route path="/deployments">{() => <DeploymentsPage />}</Route>
          <Route path="/deployments/:id">{({ id }) => <DeploymentPage key={id} deploymentId={decode(id)} />}</Route>
          <Route path="/slices/:name">{({ name }) => <SlicePage key={name} name={decode(name)} />}</Route>
          <Route path="/monitoring">{() => <MonitoringPage />}</Route>
          <Route path="/alerts/:id">{({ id }) => <AlertPage key={id} alertId={decode(id)} />}</Route>
          <Route path="/sites">{() => <SitesPage />}</Route>
          <Route path="/sites/:id">{({ id }) => <SitePage key={id} siteId={decode(id)} />}</Route>
          <Route path="/agents/:id">{({ id }) => <AgentPage key={id} agentId={decode(id)} />}</Route>
          <Route path="/activity">{() => <ActivityPage />}</Route>
          <Route path="/integrations">{() => <IntegrationsPage />}</Route>
          <Route path="/more">{() => <MorePage />}</Route>
          <Route>{() => <NotFound />}</Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}

function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t("page.not_found")}>
      <Empty title={t("page.not_found.hint")} next={<AppLink href={paths.home}>{t("page.not_found.next")}</AppLink>} />
    </Page>
  );
}

/** An address that is no valid encoding names nothing; it is shown as it is. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
