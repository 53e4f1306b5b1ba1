// One thing that a site reported, with its instant.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { DeploymentSiteState } from "../../../protocol/deployment.ts";
import type { DurableEvent } from "../../../protocol/event.ts";
import { Instant } from "../../common/instant.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import type { Tone } from "../../state/tones.ts";

export function SiteStep({ event, tone }: { event: DurableEvent; tone: Tone }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const state = DeploymentSiteState.safeParse(event.data.state).data;
  const message = typeof event.data.message === "string" ? event.data.message : "";
  return (
    <Box component="li" sx={{ display: "flex", flexWrap: "wrap", columnGap: 1 }}>
      <Instant at={event.at} />
      <StateLabel tone={tone}>{state === undefined ? t(`common:event.${event.type}`) : t(`common:siteState.${state}`)}</StateLabel>
      {message !== "" && (
        <Box component="span" sx={{ color: "text.secondary" }}>
          <Untrusted>{message}</Untrusted>
        </Box>
      )}
    </Box>
  );
}
