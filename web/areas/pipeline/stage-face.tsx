// What a stage, the gate and a site say of themselves, the same in the graph and in the list: icon, word, state in words, and the time.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { DeploymentSiteState } from "../../../protocol/deployment.ts";
import { Elapsed, Instant } from "../../common/instant.tsx";
import { ToneIcon } from "../../common/tone-icon.tsx";
import type { GateView } from "../../state/gate.ts";
import { type StageState, type StageView, TAKES_TIME } from "../../state/pipeline.ts";
import { SITE_STATE_TONES } from "../../state/tones.ts";
import { colourOf, StageIcon, toneOf } from "./look.tsx";

const OUTCOMES: readonly string[] = ["completed", "failed", "rollback"];

interface FaceProps {
  icon: React.ReactNode;
  colour: string;
  word: React.ReactNode;
  says: React.ReactNode; // the second line
}

function Face({ icon, colour, word, says }: FaceProps) {
  return (
    <>
      <Box component="span" sx={{ display: "flex", alignItems: "center", gap: 0.5, fontWeight: 600, color: colour, minWidth: 0 }}>
        {icon}
        <Box component="span" sx={{ overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>
          {word}
        </Box>
      </Box>
      <Box
        component="span"
        sx={{
          display: "block",
          fontSize: "0.75rem",
          color: "text.secondary",
          whiteSpace: "nowrap",
          overflow: "hidden",
          textOverflow: "ellipsis",
        }}
      >
        {says}
      </Box>
    </>
  );
}

export function StageFace({ stage, createdAt }: { stage: StageView; createdAt: string }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const time = stageTime(stage, createdAt);
  return (
    <Face
      icon={<StageIcon state={stage.state} />}
      colour={colourOf(toneOf(stage.state))}
      word={t(stage.word)}
      says={
        OUTCOMES.includes(stage.stage) && time !== null ? (
          time // its word says already what became of it
        ) : (
          <>
            <StateWord state={stage.state} />
            {time !== null && " · "}
            {time}
          </>
        )
      }
    />
  );
}

/** Of what takes time, how long; of the outcome, from the sentence to it; of an instant, when. */
function stageTime({ stage, state, startedAt, endedAt }: StageView, createdAt: string): React.ReactNode {
  if (startedAt === null) return null;
  if (OUTCOMES.includes(stage))
    return endedAt === null ? <Elapsed from={startedAt} to={null} /> : <Elapsed from={createdAt} to={endedAt} />;
  if (!TAKES_TIME.has(stage)) return state === "active" ? null : <Instant at={startedAt} />;
  return endedAt === null && state !== "active" ? null : <Elapsed from={startedAt} to={endedAt} />;
}

export function GateFace({ gate }: { gate: GateView }) {
  const { t } = useTranslation(["pipeline", "common"]);
  return (
    <Face
      icon={<StageIcon state={gate.state} />}
      colour={colourOf(toneOf(gate.state))}
      word={t("gate.title")}
      says={gate.needed ? <StateWord state={gate.state} gate /> : t("gate.not_needed")}
    />
  );
}

export function SiteFace({ site, state }: { site: string; state: DeploymentSiteState }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const tone = SITE_STATE_TONES[state];
  return <Face icon={<ToneIcon tone={tone} />} colour={colourOf(tone)} word={<bdi>{site}</bdi>} says={t(`common:siteState.${state}`)} />;
}

export function StateWord({ state, gate = false }: { state: StageState; gate?: boolean }) {
  const { t } = useTranslation(["pipeline", "common"]);
  if (state === "skipped") return t("state.skipped");
  if (gate && state === "done") return t("gate.approved");
  if (gate && state === "failed") return t("gate.refused");
  return t(`common:tone.${state}`);
}
