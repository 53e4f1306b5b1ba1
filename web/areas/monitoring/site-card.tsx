// One edge site at a glance. Cards out of sight are not laid out, so that a hundred of them scroll as well as four.
import Box from "@mui/material/Box";
import Paper from "@mui/material/Paper";
import Typography from "@mui/material/Typography";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Site } from "../../../protocol/site.ts";
import { FiringLabel } from "../../app/firing.tsx";
import { paths } from "../../app/paths.ts";
import { Copy } from "../../common/copy.tsx";
import { Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { Untrusted } from "../../common/text.tsx";
import type { Firing } from "../../state/firing.ts";
import { shortCommit } from "../../state/format.ts";
import { Quiet, Row } from "./row.tsx";
import { AgentLink, DIALECT_NAMES, SiteCapacity, SiteComponents, SiteMarks, SiteState, SliceLinks, SYNC_NAMES } from "./site-parts.tsx";

const MESSAGE_LINES = 4; // all of it is on the page of the site
const CARD_PX = 330; // about: for the scroll bar before a card has been laid out

interface SiteCardProps {
  site: Site;
  agentName: string | undefined;
  firing: Firing | undefined;
}

export const SiteCard = memo(function SiteCard({ site, agentName, firing }: SiteCardProps) {
  const { t } = useTranslation("monitoring");
  return (
    <Paper
      component="li"
      data-testid="site"
      data-site={site.id}
      data-state={site.status}
      sx={{
        p: 1.75,
        minWidth: 0,
        display: "flex",
        flexDirection: "column",
        gap: 1,
        contentVisibility: "auto",
        containIntrinsicSize: `auto ${CARD_PX}px`,
      }}
    >
      <Row>
        <Typography variant="h2" sx={{ flex: "1 1 auto", minWidth: 0 }}>
          <AppLink href={paths.site(site.id)}>
            <Untrusted>{site.id}</Untrusted>
          </AppLink>
        </Typography>
        <SiteState site={site} boxed />
      </Row>
      {firing !== undefined && (
        <div data-testid="site-firing">
          <FiringLabel firing={firing} />
        </div>
      )}
      <SiteMarks site={site} />
      <SiteComponents site={site} />
      {site.message !== "" && site.status !== "healthy" && (
        <Box sx={{ display: "-webkit-box", WebkitBoxOrient: "vertical", WebkitLineClamp: MESSAGE_LINES, overflow: "hidden" }}>
          <Untrusted>{site.message}</Untrusted>
        </Box>
      )}
      <SiteCapacity site={site} />
      <Box sx={{ fontSize: "0.88rem", display: "grid", gap: 0.25, mt: "auto" }}>
        <div>
          <Quiet>{t("site.slices")}: </Quiet>
          <SliceLinks slices={site.slices} />
        </div>
        <Row>
          <span>
            <Quiet>{t("site.last_sync")}: </Quiet>
            {site.lastSync === null ? t("site.never") : <Instant at={site.lastSync} />}
          </span>
          {site.commit !== null && (
            <Copy value={site.commit} shown={shortCommit(site.commit)} what={t("site.commit_of", { site: site.id })} />
          )}
        </Row>
        <Row>
          <span>
            <Quiet>{t("site.agent")}: </Quiet>
            <AgentLink agentId={site.agentId} name={agentName} />
          </span>
          <Quiet>
            {SYNC_NAMES[site.sync]} · {DIALECT_NAMES[site.o2Dialect]}
          </Quiet>
        </Row>
      </Box>
    </Paper>
  );
});
