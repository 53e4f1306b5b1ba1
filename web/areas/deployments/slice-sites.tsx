// Where a slice is in force, by which deployment, and what it holds of each site.
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import { useTranslation } from "react-i18next";
import type { SliceView } from "../../../protocol/api.ts";
import { paths } from "../../app/paths.ts";
import { useAppSelector } from "../../app/store.ts";
import { AppLink } from "../../common/link.tsx";
import { Panel } from "../../common/page.tsx";
import { ScrollBox } from "../../common/scroll-box.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { productionAmong } from "../../state/change-preview.ts";
import { deploymentById } from "../../state/shown.ts";
import { SITE_STATUS_TONES } from "../../state/tones.ts";

export function SliceSites({ slice }: { slice: SliceView }) {
  const { t } = useTranslation(["deployments", "common"]);
  const known = useAppSelector((state) => state.feed.sites);
  const production = productionAmong(
    known,
    slice.sites.map((one) => one.site),
  );
  const statusOf = (id: string) => known.find((site) => site.id === id)?.status ?? "unknown";
  return (
    <Panel title={t("slice.sites")} testId="slice-sites">
      <ScrollBox label={t("slice.sites")}>
        <Table size="small" sx={{ minWidth: 560 }}>
          <TableHead>
            <TableRow>
              {[t("site.site"), t("slice.health")].map((column) => (
                <TableCell key={column} component="th" scope="col">
                  {column}
                </TableCell>
              ))}
              {(["downlinkMbps", "uplinkMbps", "maxDevices"] as const).map((field) => (
                <TableCell key={field} component="th" scope="col" align="right">
                  {t(`common:requirement.${field}`)}
                </TableCell>
              ))}
              <TableCell component="th" scope="col">
                {t("slice.by")}
              </TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {slice.sites.map(({ site, downlinkMbps, uplinkMbps, maxDevices, deploymentId }) => (
              <TableRow key={site} data-testid="slice-site" data-site={site}>
                <TableCell component="th" scope="row">
                  <AppLink href={paths.site(site)}>{site}</AppLink>
                  {production.includes(site) && <span> ({t("site.production")})</span>}
                </TableCell>
                <TableCell>
                  <StateLabel tone={SITE_STATUS_TONES[statusOf(site)]}>{t(`common:siteStatus.${statusOf(site)}`)}</StateLabel>
                </TableCell>
                <TableCell align="right">{downlinkMbps}</TableCell>
                <TableCell align="right">{uplinkMbps}</TableCell>
                <TableCell align="right">{maxDevices}</TableCell>
                <TableCell>
                  <By deploymentId={deploymentId} />
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </ScrollBox>
    </Panel>
  );
}

function By({ deploymentId }: { deploymentId: string }) {
  const { t } = useTranslation("common");
  const action = useAppSelector((state) => deploymentById(state.feed, deploymentId)?.action);
  return <AppLink href={paths.deployment(deploymentId)}>{action === undefined ? deploymentId : t(`actionName.${action}`)}</AppLink>;
}
