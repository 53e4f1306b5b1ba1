// One site of an intent: how it stands, what it said step by step, its measurements, and the way to the site itself.
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import { paths } from "../../app/paths.ts";
import { Copy } from "../../common/copy.tsx";
import { EvidenceTable } from "../../common/evidence-table.tsx";
import { Fact, Facts } from "../../common/facts.tsx";
import { Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { newestEvidence } from "../../state/approval.ts";
import { shortCommit } from "../../state/format.ts";
import { SITE_STATE_TONES, toneOfEvent } from "../../state/tones.ts";
import { NotYet } from "./not-yet.tsx";
import { SiteStep } from "./site-step.tsx";
import type { Known } from "./use-intent.ts";
import { useIntentEvents } from "./use-intent-events.ts";

export function SiteDetails({ known: { record, deployment }, site }: { known: Known; site: string }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const { events } = useIntentEvents(record.intentId);
  const place = deployment?.sites.find((one) => one.site === site);
  if (deployment === null || place === undefined) return <NotYet />;
  const steps = events.filter((event) => event.site === site);
  const evidence = newestEvidence(deployment.evidence.filter((one) => one.site === site));
  return (
    <>
      <Facts way="stacked">
        <Fact name={t("site.state")}>
          <StateLabel tone={SITE_STATE_TONES[place.state]}>{t(`common:siteState.${place.state}`)}</StateLabel>{" "}
          <Instant at={place.updatedAt} />
        </Fact>
        {place.message !== "" && (
          <Fact name={t("site.says")}>
            <Untrusted>{place.message}</Untrusted>
          </Fact>
        )}
        {place.commit !== null && (
          <Fact name={t("site.commit")}>
            <Copy value={place.commit} shown={shortCommit(place.commit)} what={t("common:commit.what")} />
          </Fact>
        )}
      </Facts>
      {steps.length > 0 && (
        <>
          <Typography variant="h3">{t("site.steps")}</Typography>
          <Box component="ol" sx={{ m: 0, mb: 1.5, p: 0, listStyle: "none" }}>
            {steps.map((event) => (
              <SiteStep key={event.seq} event={event} tone={toneOfEvent(event)} />
            ))}
          </Box>
        </>
      )}
      {evidence.length > 0 && (
        <>
          <Typography variant="h3">{t("evidence.title")}</Typography>
          <EvidenceTable label={t("evidence.table")} evidence={evidence} compact />
        </>
      )}
      <AppLink href={paths.site(site)}>{t("site.open", { site })}</AppLink>
    </>
  );
}
