// One deployment in a list: what was done to which slice, where it stands at each site, under which commit, since when. The whole of it is one link away.
import Box from "@mui/material/Box";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Deployment } from "../../../protocol/deployment.ts";
import { paths } from "../../app/paths.ts";
import { Commit } from "../../common/commit.tsx";
import { Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { DEPLOYMENT_TONES } from "../../state/tones.ts";
import { SiteStates } from "./site-states.tsx";

export const DEPLOYMENT_ROW_PX = 62;

export const DeploymentRow = memo(function DeploymentRow({ deployment }: { deployment: Deployment }) {
  const { t } = useTranslation(["deployments", "common"]);
  const { deploymentId, slice, status, action, serviceType, sites, commit, repositoryUrl, approvedBy, createdAt } = deployment;
  return (
    <Box
      data-testid="deployment"
      data-status={status}
      data-deployment-id={deploymentId}
      sx={{
        display: "grid",
        gridTemplateColumns: { xs: "minmax(0, 1fr) auto", md: "minmax(150px, 1.2fr) 130px minmax(220px, 2fr) 150px minmax(130px, 1fr)" },
        columnGap: 2,
        rowGap: 0.25,
        alignItems: "center",
        minHeight: DEPLOYMENT_ROW_PX,
        py: 0.75,
        borderBottom: 1,
        borderColor: "divider",
      }}
    >
      <Box sx={{ minWidth: 0 }}>
        <AppLink href={paths.deployment(deploymentId)} sx={{ fontWeight: 650 }}>
          <Untrusted>{slice}</Untrusted>
        </AppLink>
        <Box sx={{ color: "text.secondary", fontSize: "0.85rem" }}>
          {t(`common:actionName.${action}`)} · {serviceType}
        </Box>
      </Box>
      <StateLabel tone={DEPLOYMENT_TONES[status]}>{t(`common:deployment.${status}`)}</StateLabel>
      <Box sx={{ gridColumn: { xs: "1 / -1", md: "auto" }, minWidth: 0 }}>
        <SiteStates sites={sites} />
      </Box>
      <Box sx={{ minWidth: 0 }}>
        {commit === null ? (
          <Box component="span" sx={{ color: "text.secondary" }}>
            {t("deployments.no_commit")}
          </Box>
        ) : (
          <Commit commit={commit} repository={repositoryUrl} />
        )}
      </Box>
      <Box sx={{ textAlign: { xs: "right", md: "left" }, fontSize: "0.9rem", minWidth: 0 }}>
        <Instant at={createdAt} />
        {approvedBy !== null && (
          <Box sx={{ color: "text.secondary", fontSize: "0.85rem" }}>
            <Untrusted>{t("deployments.by", { who: approvedBy })}</Untrusted>
          </Box>
        )}
      </Box>
    </Box>
  );
});
