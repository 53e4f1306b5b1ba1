// Of one intent at a glance: how it stands, who asked and when, which slice and deployment, and the options it is carried out with.
import Box from "@mui/material/Box";
import Paper from "@mui/material/Paper";
import { useTranslation } from "react-i18next";
import { paths } from "../../app/paths.ts";
import { Copy } from "../../common/copy.tsx";
import { Fact, Facts } from "../../common/facts.tsx";
import { Elapsed, Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { staysDry } from "../../state/kind.ts";
import { isSettled } from "../../state/pipeline.ts";
import { DEPLOYMENT_TONES } from "../../state/tones.ts";
import { endOf, type Known } from "./use-intent.ts";

export function IntentHead({ known }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const { record, deployment, view } = known;
  const slice = record.plan?.slice ?? record.slice;
  const ended = isSettled(record) && deployment?.status !== "reverting" ? endOf(known) : null;
  const waits = view.waiting !== null; // nothing runs meanwhile
  return (
    <Paper
      sx={{ p: 2, minWidth: 0 }}
      data-testid="pipeline"
      data-intent-id={record.intentId}
      data-status={record.status}
      data-tone={view.status.tone}
    >
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 2, rowGap: 0.5, mb: 1.5 }}>
        <span role="status">
          <StateLabel tone={view.status.tone} boxed>
            {t(view.status.word)}
          </StateLabel>
        </span>
        <Box component="span" sx={{ color: "text.secondary" }}>
          {t("head.by")} <Untrusted>{record.createdBy}</Untrusted>
          {t("common:comma")}
          <Instant at={record.createdAt} />
        </Box>
        <Box component="span" sx={{ color: "text.secondary" }}>
          {waits ? t("head.waiting_for") : ended === null ? t("head.running_for") : t("head.took")}{" "}
          <Elapsed from={waits ? record.updatedAt : record.createdAt} to={ended} />
        </Box>
      </Box>
      <Facts way="beside">
        <Fact name={t("head.id")}>
          <Copy value={record.intentId} shown={shortId(record.intentId)} what={t("head.id_what")} />
        </Fact>
        {slice !== null && (
          <Fact name={t("head.slice")}>
            <AppLink href={paths.slice(slice)}>
              <Untrusted>{slice}</Untrusted>
            </AppLink>
          </Fact>
        )}
        {record.deploymentId !== null && (
          <Fact name={t("head.deployment")}>
            <AppLink href={paths.deployment(record.deploymentId)} data-testid="deployment-link">
              {shortId(record.deploymentId)}
            </AppLink>
            {deployment !== null && (
              <>
                {" "}
                <StateLabel tone={DEPLOYMENT_TONES[deployment.status]}>{t(`common:deployment.${deployment.status}`)}</StateLabel>
              </>
            )}
          </Fact>
        )}
        <Options known={known} />
      </Facts>
    </Paper>
  );
}

/** Ids are long, and their end tells them apart. */
export function shortId(id: string): string {
  return `${id.slice(0, 4)}…${id.slice(-6)}`;
}

function Options({ known: { record } }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const waves = record.plan?.waves ?? record.rollout?.waves ?? [];
  const bake = record.plan?.bakeSeconds ?? 0;
  return (
    <>
      <Fact name={t("head.policy")}>{t(`common:policy.${record.policy}`)}</Fact>
      <Fact name={t("head.priority")}>{t("head.priority_of", { priority: record.plan?.priority ?? record.priority })}</Fact>
      <Fact name={t("head.approval")}>{t(`approval.${record.approval}`)}</Fact>
      {staysDry(record) && <Fact name={t("head.mode")}>{t("head.dry_run")}</Fact>}
      {record.preempt && <Fact name={t("head.preempt")}>{t("head.preempt_on")}</Fact>}
      {waves.length > 1 && (
        <Fact name={t("head.waves")}>
          {waves.map((wave) => (wave.length > 3 ? t("head.wave_sites", { count: wave.length }) : wave.join(", "))).join(" → ")}
          {bake > 0 && ` (${t("head.bake", { seconds: bake })})`}
        </Fact>
      )}
      {record.deployment === null && record.sites.length > 0 && waves.length < 2 && (
        <Fact name={t("head.sites")}>
          {record.sites.length > 6 ? t("head.wave_sites", { count: record.sites.length }) : record.sites.join(", ")}
        </Fact>
      )}
    </>
  );
}
