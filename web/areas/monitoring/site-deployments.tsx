// The newest deployments at a site, each with the state it has there.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { Deployment } from "../../../protocol/deployment.ts";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { Empty, Loading } from "../../common/empty.tsx";
import { Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { Problem } from "../../common/problem.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { DEPLOYMENT_TONES, SITE_STATE_TONES } from "../../state/tones.ts";
import { Quiet, Row } from "./row.tsx";

const SHOWN = 10;

export function SiteDeployments({ siteId }: { siteId: string }) {
  const { t } = useTranslation("monitoring");
  const { data, error, isLoading, refetch } = server.useDeploymentsInfiniteQuery({ site: siteId });
  const ids = data?.pages.flatMap((page) => page.ids) ?? [];
  // A deployment that began since the list was loaded is known to the feed alone.
  const rows = useAppSelector((state) => state.feed.deployments.rows);
  const here = rows
    .map(({ deployment }) => deployment)
    .filter(({ deploymentId, sites }) => ids.includes(deploymentId) || sites.some(({ site }) => site === siteId));
  if (isLoading) return <Loading rows={3} />;
  if (error !== undefined && here.length === 0) return <Problem problem={error} onRetry={refetch} />;
  if (here.length === 0)
    return <Empty title={t("site.no_deployments")} next={<AppLink href={paths.home}>{t("site.no_deployments_next")}</AppLink>} />;
  return (
    <>
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 0.75 }}>
        {here.slice(0, SHOWN).map((deployment) => (
          <OneDeployment key={deployment.deploymentId} deployment={deployment} siteId={siteId} />
        ))}
      </Box>
      <Box sx={{ mt: 1 }}>
        <AppLink href={`${paths.deployments}?site=${encodeURIComponent(siteId)}`}>{t("site.all_deployments")}</AppLink>
      </Box>
    </>
  );
}

function OneDeployment({ deployment, siteId }: { deployment: Deployment; siteId: string }) {
  const { t } = useTranslation(["monitoring", "common"]);
  const at = deployment.sites.find(({ site }) => site === siteId);
  return (
    <li data-testid="site-deployment" data-status={deployment.status}>
      <Row>
        <AppLink href={paths.deployment(deployment.deploymentId)}>
          <Untrusted>{deployment.slice}</Untrusted>
        </AppLink>
        <span>{t(`common:actionName.${deployment.action}`)}</span>
        <span>
          {t("site.deployment_is")}{" "}
          <StateLabel tone={DEPLOYMENT_TONES[deployment.status]}>{t(`common:deployment.${deployment.status}`)}</StateLabel>
        </span>
        {at !== undefined && (
          <span>
            {t("site.here_is")} <StateLabel tone={SITE_STATE_TONES[at.state]}>{t(`common:siteState.${at.state}`)}</StateLabel>
          </span>
        )}
        <Quiet>
          <Instant at={deployment.createdAt} />
        </Quiet>
        {at !== undefined && at.message !== "" && at.state === "failed" && <Untrusted>{at.message}</Untrusted>}
      </Row>
    </li>
  );
}
