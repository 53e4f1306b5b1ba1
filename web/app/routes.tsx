// Which page an address shows. Each is loaded when it is first gone to; only the first page comes with the shell.
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Route, Switch } from "wouter";
import { IntentsPage } from "../areas/intents/intents-page.tsx";
import { Empty, Loading } from "../common/empty.tsx";
import { ErrorBoundary } from "../common/error-boundary.tsx";
import { Page } from "../common/page.tsx";

const IntentPage = lazy(() => import("../areas/pipeline/intent-page.tsx").then((module) => ({ default: module.IntentPage })));
const ApprovalsPage = lazy(() => import("../areas/approval/approvals-page.tsx").then((module) => ({ default: module.ApprovalsPage })));
const DeploymentsPage = lazy(() =>
  import("../areas/deployments/deployments-page.tsx").then((module) => ({ default: module.DeploymentsPage })),
);
const DeploymentPage = lazy(() =>
  import("../areas/deployments/deployment-page.tsx").then((module) => ({ default: module.DeploymentPage })),
);
const SlicePage = lazy(() => import("../areas/deployments/slice-page.tsx").then((module) => ({ default: module.SlicePage })));
const MonitoringPage = lazy(() => import("../areas/monitoring/monitoring-page.tsx").then((module) => ({ default: module.MonitoringPage })));
const AlertPage = lazy(() => import("../areas/monitoring/alert-page.tsx").then((module) => ({ default: module.AlertPage })));
const SitesPage = lazy(() => import("../areas/monitoring/sites-page.tsx").then((module) => ({ default: module.SitesPage })));
const SitePage = lazy(() => import("../areas/monitoring/site-page.tsx").then((module) => ({ default: module.SitePage })));
const AgentPage = lazy(() => import("../areas/monitoring/agent-page.tsx").then((module) => ({ default: module.AgentPage })));
const ActivityPage = lazy(() => import("../areas/system/activity-page.tsx").then((module) => ({ default: module.ActivityPage })));
const IntegrationsPage = lazy(() =>
  import("../areas/system/integrations-page.tsx").then((module) => ({ default: module.IntegrationsPage })),
);
const MorePage = lazy(() => import("../areas/system/more-page.tsx").then((module) => ({ default: module.MorePage })));

export function Routes() {
  return (
    <ErrorBoundary>
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
      <Empty title={t("page.not_found")} next={t("page.not_found.hint")} />
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
