// The way of one intent: as a graph where there is room, as an ordered list on a phone or on request, and beside it what is chosen, in detail.
import AccountTree from "@mui/icons-material/AccountTreeOutlined";
import FormatListNumbered from "@mui/icons-material/FormatListNumberedOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import useMediaQuery from "@mui/material/useMediaQuery";
import { Suspense, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { Loading } from "../../common/empty.tsx";
import { FreshnessLabel } from "../../common/freshness.tsx";
import { Panel } from "../../common/page.tsx";
import { part } from "../../common/part.tsx";
import { Details } from "./details.tsx";
import { StageList } from "./stage-list.tsx";
import { useChoice } from "./use-choice.ts";
import type { Known } from "./use-intent.ts";

const GraphCanvas = part(
  () => import("./graph-canvas.tsx"),
  (module) => module.GraphCanvas,
);

const CANVAS_HEIGHT = 360; // while it loads

export function PipelineTab({ known }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const roomy = useMediaQuery("(min-width: 760px)", { noSsr: true });
  const [wantsList, setWantsList] = useState(false);
  const asList = !roomy || wantsList;
  const { chosen, choose } = useChoice(known);
  const onChoose = useCallback((id: string) => choose(id), [choose]);
  const form = (
    <Button
      onClick={() => setWantsList(!wantsList)}
      startIcon={wantsList ? <AccountTree /> : <FormatListNumbered />}
      data-testid="pipeline-form"
    >
      {wantsList ? t("graph.as_graph") : t("graph.as_list")}
    </Button>
  );
  return (
    <Box
      sx={{
        display: "grid",
        gap: 2,
        alignItems: "start",
        gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: asList ? "minmax(0, 5fr) minmax(0, 6fr)" : "minmax(0, 1fr) minmax(0, 360px)" },
      }}
    >
      <Panel
        title={t("graph.title")}
        testId="graph"
        actions={
          <>
            <FreshnessLabel />
            {roomy && form}
          </>
        }
      >
        {asList ? (
          <StageList known={known} chosen={chosen} onChoose={onChoose} inline={!roomy} />
        ) : (
          <Suspense fallback={<Loading rows={1} height={CANVAS_HEIGHT} />}>
            <GraphCanvas known={known} chosen={chosen} onChoose={onChoose} />
          </Suspense>
        )}
      </Panel>
      {roomy && <Details known={known} chosen={chosen} />}
    </Box>
  );
}
