// The way of one intent as an ordered list, the sites within: for a phone, for a screen reader, and for whoever reads lists faster than graphs.
import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import { Fragment, memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { GateView } from "../../state/gate.ts";
import { GATE_ID, type PlacedSite, siteId } from "../../state/graph.ts";
import type { StageView } from "../../state/pipeline.ts";
import { Details } from "./details.tsx";
import { SiteSummary } from "./site-summary.tsx";
import { GateFace, SiteFace, StageFace } from "./stage-face.tsx";
import type { Known } from "./use-intent.ts";

export interface StageListProps {
  known: Known;
  chosen: string;
  inline: boolean; // the details stand below what was chosen
  onChoose(id: string): void;
}

export function StageList({ known, chosen, inline, onChoose }: StageListProps) {
  const { t } = useTranslation(["pipeline", "common"]);
  const { view, gate, record } = known;
  const below = (id: string) => inline && chosen === id && <Details known={known} chosen={id} />;
  return (
    <Box
      component="ol"
      aria-label={t("graph.stages")}
      data-testid="stage-list"
      sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 0.5 }}
    >
      {view.stages.map((stage) => (
        <Fragment key={stage.stage}>
          {stage.stage === "gitops_pushing" && (
            <Box component="li">
              <GateRow gate={gate} chosen={chosen === GATE_ID} onChoose={onChoose} />
              {below(GATE_ID)}
            </Box>
          )}
          <Box component="li" aria-current={stage.state === "active" ? "step" : undefined}>
            <StageRow stage={stage} createdAt={record.createdAt} chosen={chosen === stage.stage} onChoose={onChoose} />
            {below(stage.stage)}
            {stage.stage === "edge_deploying" && known.sites.length > 0 && (
              <Sites known={known} chosen={chosen} onChoose={onChoose} below={below} />
            )}
          </Box>
        </Fragment>
      ))}
    </Box>
  );
}

interface SitesProps {
  known: Known;
  chosen: string;
  onChoose(id: string): void;
  below(id: string): ReactNode;
}

function Sites({ known, chosen, onChoose, below }: SitesProps) {
  const waves = [...new Set(known.sites.map((site) => site.wave))].sort((a, b) => a - b);
  const { t } = useTranslation(["pipeline", "common"]);
  return waves.map((wave) => {
    const members = known.sites.filter((site) => site.wave === wave);
    const name = waves.length > 1 ? t("graph.wave", { number: wave + 1 }) : t("graph.sites");
    return (
      <Box key={wave} sx={{ ml: 2, my: 0.5, pl: 1, borderLeft: 2, borderColor: "divider" }}>
        {(waves.length > 1 || members.length > 1) && (
          <Box sx={{ fontSize: "0.85rem", color: "text.secondary", py: 0.5 }}>
            {waves.length > 1 && `${name}: `}
            <SiteSummary sites={members} />
          </Box>
        )}
        <Box
          component="ul"
          aria-label={name}
          sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 0.5, gridTemplateColumns: "repeat(auto-fill, minmax(132px, 1fr))" }}
        >
          {members.map((site) => (
            <Box component="li" key={site.site} sx={chosen === siteId(site.site) ? { gridColumn: "1 / -1" } : {}}>
              <SiteRow site={site} chosen={chosen === siteId(site.site)} onChoose={onChoose} />
              {below(siteId(site.site))}
            </Box>
          ))}
        </Box>
      </Box>
    );
  });
}

const ROW = {
  display: "block",
  width: "100%",
  textAlign: "left",
  px: 1,
  py: 0.75,
  borderRadius: 1,
  border: 1,
  borderColor: "divider",
  fontSize: "0.875rem",
} as const;
const CHOSEN = { borderColor: "text.primary", boxShadow: "inset 3px 0 0 currentColor" } as const;

interface RowProps {
  chosen: boolean;
  onChoose(id: string): void;
}

const StageRow = memo(function StageRow({ stage, createdAt, chosen, onChoose }: RowProps & { stage: StageView; createdAt: string }) {
  return (
    <ButtonBase
      aria-pressed={chosen}
      data-testid="stage"
      data-stage={stage.stage}
      data-state={stage.state}
      onClick={() => onChoose(stage.stage)}
      sx={[ROW, chosen && CHOSEN]}
    >
      <StageFace stage={stage} createdAt={createdAt} />
    </ButtonBase>
  );
});

function GateRow({ gate, chosen, onChoose }: RowProps & { gate: GateView }) {
  return (
    <ButtonBase
      aria-pressed={chosen}
      data-testid="gate"
      data-state={gate.state}
      onClick={() => onChoose(GATE_ID)}
      sx={[ROW, chosen && CHOSEN]}
    >
      <GateFace gate={gate} />
    </ButtonBase>
  );
}

const SiteRow = memo(function SiteRow({ site, chosen, onChoose }: RowProps & { site: PlacedSite }) {
  return (
    <ButtonBase
      aria-pressed={chosen}
      data-testid="site-leaf"
      data-site={site.site}
      data-state={site.state}
      onClick={() => onChoose(siteId(site.site))}
      sx={[ROW, chosen && CHOSEN]}
    >
      <SiteFace site={site.site} state={site.state} />
    </ButtonBase>
  );
});
