// One alert in full, at its own address: what it is about, what was measured, what was done about it, and who has taken note.
import { useTranslation } from "react-i18next";
import type { Alert } from "../../../protocol/alert.ts";
import { AlertId } from "../../../protocol/ids.ts";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { Copy } from "../../common/copy.tsx";
import { Empty, Loading } from "../../common/empty.tsx";
import { Fact, Facts } from "../../common/facts.tsx";
import { Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { Page, Panel } from "../../common/page.tsx";
import { Problem } from "../../common/problem.tsx";
import { Untrusted } from "../../common/text.tsx";
import { asFailure } from "../../state/problem.ts";
import { Acknowledgement } from "./acknowledge.tsx";
import { AlertLinks } from "./alert-links.tsx";
import { AlertFigures, AlertSince, AlertState } from "./alert-row.tsx";
import { SiteChart, SliceChart } from "./charts.tsx";
import { Remediation } from "./remediation.tsx";
import { Quiet, Row } from "./row.tsx";
import { useRefresh } from "./use-refresh.ts";

const REFRESH_MS = 15_000;

export function AlertPage({ alertId }: { alertId: string }) {
  const { t } = useTranslation("monitoring");
  const isId = AlertId.safeParse(alertId).success; // of another form there is none
  const { data: alert, error, isLoading, refetch } = server.useAlertQuery(alertId, { skip: !isId });
  useRefresh(isId ? refetch : null, REFRESH_MS);
  const up = { href: paths.monitoring, title: t("title") };
  if (alert !== undefined) {
    return (
      <Page title={t(`alertKind.${alert.kind}`)} up={up}>
        <InFull alert={alert} />
      </Page>
    );
  }
  const unknown = !isId || asFailure(error)?.code === "NOT_FOUND";
  return (
    <Page title={t("alert")} up={up}>
      {isLoading && <Loading rows={4} />}
      {unknown && <Empty title={t("alert.unknown")} next={<AppLink href={paths.monitoring}>{t("alert.unknown_next")}</AppLink>} />}
      {!unknown && <Problem problem={error} onRetry={refetch} />}
    </Page>
  );
}

function InFull({ alert }: { alert: Alert }) {
  const { t } = useTranslation("monitoring");
  const { slice, site, objective } = alert;
  return (
    <>
      <Panel title={t("alert.what")} testId="alert-detail">
        <Facts way="rows">
          <Fact name={t("alert.state")}>
            <Row>
              <AlertState alert={alert} />
              {alert.status === "firing" && <strong>{t("alerts.firing")}</strong>}
              <AlertSince alert={alert} />
            </Row>
          </Fact>
          <Fact name={t("alert.message")}>
            <Untrusted>{alert.message}</Untrusted>
          </Fact>
          {(objective !== null || alert.burnRate !== null) && (
            <Fact name={t("alert.measured")}>
              <AlertFigures alert={alert} />
            </Fact>
          )}
          <Fact name={t("alert.about")}>
            <AlertLinks alert={alert} />
          </Fact>
          {alert.resolvedAt !== null && (
            <Fact name={t("alert.resolved")}>
              <Instant at={alert.resolvedAt} />
            </Fact>
          )}
          <Fact name={t("alert.updated")}>
            <Instant at={alert.updatedAt} />
          </Fact>
          <Fact name={t("alert.id")}>
            <Copy value={alert.alertId} what={t("alert.id")} />
          </Fact>
        </Facts>
      </Panel>
      <Panel title={t("ack")}>
        <Acknowledgement alert={alert} />
      </Panel>
      <Panel title={t("remediation")}>
        {alert.remediation.length === 0 ? <Quiet>{t("remediation.none")}</Quiet> : <Remediation steps={alert.remediation} />}
      </Panel>
      {objective !== null && slice !== null && (
        <Panel title={t("charts.measured")}>
          <SliceChart name={slice} site={site} metric={objective} range="1h" titled="metric" />
        </Panel>
      )}
      {objective !== null && slice === null && site !== null && (
        <Panel title={t("charts.measured")}>
          <SiteChart id={site} metric={objective} range="1h" titled="metric" />
        </Panel>
      )}
    </>
  );
}
