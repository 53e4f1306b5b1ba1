// Every site of one deployment: its state, the commit it reported, what it says, and since when.
import Box from "@mui/material/Box";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { paths } from "../../app/paths.ts";
import { Copy } from "../../common/copy.tsx";
import { Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { shortCommit } from "../../state/format.ts";
import { inOrder } from "../../state/natural.ts";
import { SITE_STATE_TONES } from "../../state/tones.ts";
import { FailureDetails, NotYet } from "./not-yet.tsx";
import { SiteSummary } from "./site-summary.tsx";
import type { Known } from "./use-intent.ts";

export function SitesTable({ known }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const [search] = useSearchParams();
  const { deployment, record } = known;
  const failure = record.failure?.stage === "sync" ? record.failure : null;
  if (deployment === null || deployment.sites.length === 0) return <NotYet />;
  const tab = search.get("tab") ?? "pipeline";
  return (
    <>
      {failure !== null && <FailureDetails failure={failure} />}
      <Box sx={{ color: "text.secondary", mb: 0.5 }}>
        <SiteSummary sites={known.sites} />
      </Box>
      <Box role="region" aria-label={t("graph.sites")} tabIndex={0} sx={{ overflow: "auto", maxHeight: 460 }}>
        <Table size="small" stickyHeader>
          <TableHead>
            <TableRow>
              <TableCell component="th" scope="col">
                {t("site.name")}
              </TableCell>
              <TableCell component="th" scope="col">
                {t("site.state")}
              </TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {inOrder(deployment.sites).map((site) => (
              <TableRow key={site.site} data-testid="site-row" data-site={site.site} data-state={site.state}>
                <TableCell component="th" scope="row" sx={{ verticalAlign: "top", whiteSpace: "nowrap", width: "1%" }}>
                  <AppLink href={`${paths.intent(record.intentId, tab)}&site=${encodeURIComponent(site.site)}`}>{site.site}</AppLink>
                </TableCell>
                <TableCell>
                  <Box sx={{ display: "flex", flexWrap: "wrap", columnGap: 1, alignItems: "center" }}>
                    <StateLabel tone={SITE_STATE_TONES[site.state]}>{t(`common:siteState.${site.state}`)}</StateLabel>
                    <Box component="span" sx={{ color: "text.secondary" }}>
                      <Instant at={site.updatedAt} />
                    </Box>
                    {site.commit !== null && <Copy value={site.commit} shown={shortCommit(site.commit)} what={t("common:commit.what")} />}
                  </Box>
                  {site.message !== "" && (
                    <Box sx={{ color: "text.secondary", fontSize: "0.8rem" }}>
                      <Untrusted>{site.message}</Untrusted>
                    </Box>
                  )}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Box>
    </>
  );
}
