// What a deployment is: its state, the slice, who asked for and approved it, and under which commits it is in the repository.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { Deployment } from "../../../protocol/deployment.ts";
import { paths } from "../../app/paths.ts";
import { useAppSelector } from "../../app/store.ts";
import { Commit } from "../../common/commit.tsx";
import { Copy } from "../../common/copy.tsx";
import { Fact, Facts } from "../../common/facts.tsx";
import { FreshnessLabel } from "../../common/freshness.tsx";
import { Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { Panel } from "../../common/page.tsx";
import { Repository } from "../../common/repository.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { recordOf } from "../../state/shown.ts";
import { DEPLOYMENT_TONES } from "../../state/tones.ts";
import { Snssai } from "./snssai.tsx";

export function DeploymentHead({ deployment }: { deployment: Deployment }) {
  const { t } = useTranslation(["deployments", "common"]);
  const { deploymentId, intentId, slice, status, action, serviceType, snssai } = deployment;
  const { digest, repositoryUrl, branch, revertCommit, approvedBy, createdAt, updatedAt } = deployment;
  const sentence = useAppSelector((state) => recordOf(state.feed, intentId)?.text);
  return (
    <Panel title={t("deployment.facts")} actions={<FreshnessLabel />} testId="deployment-head">
      <div data-testid="deployment" data-status={status} data-deployment-id={deploymentId}>
        <Facts way="tiles">
          <Fact name={t("deployment.status")}>
            <StateLabel tone={DEPLOYMENT_TONES[status]}>{t(`common:deployment.${status}`)}</StateLabel>
          </Fact>
          <Fact name={t("deployment.slice")}>
            <AppLink href={paths.slice(slice)}>{slice}</AppLink>
          </Fact>
          <Fact name={t("deployment.action")}>{t(`common:actionName.${action}`)}</Fact>
          <Fact name={t("slice.type")}>{serviceType}</Fact>
          <Fact name={t("slice.snssai")}>
            <Snssai snssai={snssai} />
          </Fact>
          <Fact name={t("deployment.created")}>
            <Instant at={createdAt} />
          </Fact>
          <Fact name={t("deployment.updated")}>
            <Instant at={updatedAt} />
          </Fact>
          <Fact name={t("deployment.approved")}>
            {approvedBy === null ? t("deployment.approved_none") : <Untrusted>{approvedBy}</Untrusted>}
          </Fact>
          <Fact name={t("deployment.intent")}>
            <AppLink href={paths.intent(intentId)}>
              <Untrusted>{sentence ?? intentId}</Untrusted>
            </AppLink>
          </Fact>
          <Fact name={t("deployment.commits")}>
            <Commits deployment={deployment} />
          </Fact>
          {revertCommit !== undefined && (
            <Fact name={t("deployment.revert")}>
              <Commit commit={revertCommit} repository={repositoryUrl} />
            </Fact>
          )}
          {repositoryUrl !== null && (
            <Fact name={t("deployment.repository")}>
              <Repository address={repositoryUrl} />
            </Fact>
          )}
          {branch !== null && (
            <Fact name={t("deployment.branch")}>
              <Untrusted>{branch}</Untrusted>
            </Fact>
          )}
          {digest !== "" && (
            <Fact name={t("deployment.digest")}>
              <Copy value={digest} shown={shortDigest(digest)} what={t("copy.digest")} />
            </Fact>
          )}
          <Fact name={t("deployment.id")}>
            <Copy value={deploymentId} what={t("copy.deployment")} />
          </Fact>
        </Facts>
      </div>
    </Panel>
  );
}

const DIGEST_SHOWN = "sha256:".length + 12; // as much as people compare

function shortDigest(digest: string): string {
  return digest.length > DIGEST_SHOWN ? `${digest.slice(0, DIGEST_SHOWN)}…` : digest;
}

/** One per wave of the rollout; the number is said where there are several. */
function Commits({ deployment: { commits, repositoryUrl } }: { deployment: Deployment }) {
  const { t } = useTranslation("deployments");
  if (commits.length === 0) return t("deployments.no_commit");
  return commits.map(({ commit, sites }, index) => (
    <Box key={commit} title={sites.join(", ")}>
      {commits.length > 1 && <Box component="span">{t("deployment.wave", { number: index + 1 })} </Box>}
      <Commit commit={commit} repository={repositoryUrl} />
    </Box>
  ));
}
