// The sites of a deployment: how far each is, under which commit, what it says, since when; and the way back for one of them.
import Box from "@mui/material/Box";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Deployment, DeploymentSite } from "../../../protocol/deployment.ts";
import { paths } from "../../app/paths.ts";
import { useAppSelector } from "../../app/store.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { Commit } from "../../common/commit.tsx";
import { Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { Panel } from "../../common/page.tsx";
import { ScrollBox } from "../../common/scroll-box.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { SITE_STATE_TONES } from "../../state/tones.ts";

const COLUMNS = ["site", "state", "commit", "since", "commands"] as const;

export interface SitesPanelProps {
  deployment: Deployment;
  inForce: readonly string[]; // where it can be taken back
  refusal: string | null; // why it cannot be taken back at all
  onRollback(site: string): void;
}

export function SitesPanel({ deployment: { sites, repositoryUrl }, inForce, refusal, onRollback }: SitesPanelProps) {
  const { t } = useTranslation("deployments");
  return (
    <Panel title={t("deployment.sites")} testId="deployment-sites">
      <ScrollBox label={t("deployment.sites")}>
        <Table size="small" sx={{ minWidth: 560 }}>
          <TableHead>
            <TableRow>
              {COLUMNS.map((column) => (
                <TableCell key={column} component="th" scope="col">
                  {t(`site.${column}`)}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {sites.map((site) => (
              <Row
                key={site.site}
                site={site}
                repository={repositoryUrl}
                refusal={refusal ?? (inForce.includes(site.site) ? null : t("obstacle.nowhere_here"))}
                onRollback={onRollback}
              />
            ))}
          </TableBody>
        </Table>
      </ScrollBox>
    </Panel>
  );
}

interface RowProps {
  site: DeploymentSite;
  repository: string | null;
  refusal: string | null;
  onRollback(site: string): void;
}

const Row = memo(function Row({ site: { site, state, commit, message, updatedAt }, repository, refusal, onRollback }: RowProps) {
  const { t } = useTranslation(["deployments", "common"]);
  const production = useAppSelector((all) => all.feed.sites.some((one) => one.id === site && one.production));
  return (
    <TableRow data-testid="deployment-site" data-site={site} data-state={state}>
      <TableCell component="th" scope="row">
        <AppLink href={paths.site(site)}>{site}</AppLink>
        {production && <span> ({t("site.production")})</span>}
      </TableCell>
      <TableCell>
        <StateLabel tone={SITE_STATE_TONES[state]}>{t(`common:siteState.${state}`)}</StateLabel>
        <Box sx={{ color: "text.secondary", fontSize: "0.85rem", overflowWrap: "anywhere" }}>
          <Untrusted>{message}</Untrusted>
        </Box>
      </TableCell>
      <TableCell>{commit === null ? t("deployments.no_commit") : <Commit commit={commit} repository={repository} />}</TableCell>
      <TableCell>
        <Instant at={updatedAt} />
      </TableCell>
      <TableCell>
        <ActionButton
          refusal={refusal}
          data-testid="site-rollback"
          aria-label={`${t("command.rollback")} ${site}`}
          onClick={() => onRollback(site)}
          sx={{ whiteSpace: "nowrap" }}
        >
          {t("command.rollback")}
        </ActionButton>
      </TableCell>
    </TableRow>
  );
});
