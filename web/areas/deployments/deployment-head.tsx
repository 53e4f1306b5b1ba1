// What a deployment is: its state, the slice, who asked for and approved it, and under which commits it is in the repository.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { Deployment } from "../../../protocol/deployment.ts";
import { paths } from "../../app/paths.ts";
import { useAppSelector } from "../../app/store.ts";
import { Copy } from "../../common/copy.tsx";
import { FreshnessLabel } from "../../common/freshness.tsx";
import { Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { Panel } from "../../common/page.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { recordOf } from "../../state/shown.ts";
import { DEPLOYMENT_TONES } from "../../state/tones.ts";
import { Commit } from "./commit.tsx";
import { Facts } from "./facts.tsx";
import { Repository } from "./repository.tsx";
import { Snssai } from "./snssai.tsx";

export function DeploymentHead({ deployment }: { deployment: Deployment }) {
  const { t } = useTranslation(["deployments", "common"]);
  const { deploymentId, intentId, slice, status, action, serviceType, snssai } = deployment;
  const { digest, repositoryUrl, branch, revertCommit, approvedBy, createdAt, updatedAt } = deployment;
  const sentence = useAppSelector((state) => recordOf(state.feed, intentId)?.text);
  const facts = [
    {
      name: t("deployment.status"),
      value: <StateLabel tone={DEPLOYMENT_TONES[status]}>{t(`common:deployment.${status}`)}</StateLabel>,
    },
    { name: t("deployment.slice"), value: <AppLink href={paths.slice(slice)}>{slice}</AppLink> },
    { name: t("deployment.action"), value: t(`common:actionName.${action}`) },
    { name: t("slice.type"), value: serviceType },
    { name: t("slice.snssai"), value: <Snssai snssai={snssai} /> },
    { name: t("deployment.created"), value: <Instant at={createdAt} /> },
    { name: t("deployment.updated"), value: <Instant at={updatedAt} /> },
    {
      name: t("deployment.approved"),
      value: approvedBy === null ? t("deployment.approved_none") : <Untrusted>{approvedBy}</Untrusted>,
    },
    {
      name: t("deployment.intent"),
      value: (
        <AppLink href={paths.intent(intentId)}>
          <Untrusted>{sentence ?? intentId}</Untrusted>
        </AppLink>
      ),
    },
    { name: t("deployment.commits"), value: <Commits deployment={deployment} /> },
    {
      name: t("deployment.revert"),
      value: revertCommit === undefined ? null : <Commit commit={revertCommit} repository={repositoryUrl} />,
    },
    { name: t("deployment.repository"), value: repositoryUrl === null ? null : <Repository address={repositoryUrl} /> },
    { name: t("deployment.branch"), value: branch === null ? null : <Untrusted>{branch}</Untrusted> },
    {
      name: t("deployment.digest"),
      value: digest === "" ? null : <Copy value={digest} shown={shortDigest(digest)} what={t("copy.digest")} />,
    },
    { name: t("deployment.id"), value: <Copy value={deploymentId} what={t("copy.deployment")} /> },
  ];
  return (
    <Panel title={t("deployment.facts")} actions={<FreshnessLabel />} testId="deployment-head">
      <div data-testid="deployment" data-status={status} data-deployment-id={deploymentId}>
        <Facts facts={facts} />
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
