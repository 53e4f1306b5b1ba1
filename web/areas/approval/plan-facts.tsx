// What a plan is about, in a few facts: the slice, its sites in their waves, what has to give way, and what will be measured.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { RequirementField } from "../../../protocol/intent.ts";
import type { ObjectiveName } from "../../../protocol/slo.ts";
import type { SlicePlan } from "../../../protocol/stage.ts";
import { paths } from "../../app/paths.ts";
import { useAppSelector } from "../../app/store.ts";
import { Fact, Facts } from "../../common/facts.tsx";
import { AppLink } from "../../common/link.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { COMPARISONS, duration } from "../../state/format.ts";
import { byName } from "../../state/natural.ts";

export function PlanFacts({ plan }: { plan: SlicePlan }) {
  const { t, i18n } = useTranslation(["approval", "common"]);
  const { waves, preempts, bakeSeconds, snssai } = plan;
  return (
    <Facts way="rows" testId="plan-facts">
      <Fact name={t("plan.slice")}>
        <AppLink href={paths.slice(plan.slice)}>
          <Untrusted>{plan.slice}</Untrusted>
        </AppLink>
        {t("common:comma")}
        {plan.serviceType}
        {t("common:comma")}S-NSSAI {snssai.sst}-{snssai.sd}
      </Fact>
      <Fact name={t("plan.action")}>
        {t(`common:actionName.${plan.action}`)}
        {t("common:comma")}
        {t("plan.priority", { priority: plan.priority })}
      </Fact>
      <Fact name={waves.length > 1 ? t("plan.waves") : t("plan.sites")}>
        <Waves waves={waves} />
        {bakeSeconds > 0 && <> ({t("plan.bake", { time: duration(bakeSeconds * 1_000, i18n.language) })})</>}
      </Fact>
      {preempts.length > 0 && (
        <Fact name={t("plan.preempts")}>
          {preempts.map(({ slice, site }) => (
            <Box key={`${slice} ${site}`} component="span" sx={{ display: "block", color: "error.main", fontWeight: 600 }}>
              {t("plan.preempted", { slice, site })}
            </Box>
          ))}
        </Fact>
      )}
      {plan.replaces.length > 0 && (
        <Fact name={t("plan.replaces")}>
          {[...new Set(plan.replaces.map(({ deploymentId }) => deploymentId))].map((id) => (
            <Box key={id} component="span" sx={{ display: "block" }}>
              <AppLink href={paths.deployment(id)}>{id}</AppLink>
            </Box>
          ))}
        </Fact>
      )}
      <Fact name={t("plan.objectives")}>
        <Objectives plan={plan} />
      </Fact>
    </Facts>
  );
}

const STATED_BY: Record<ObjectiveName, RequirementField> = {
  ...{ latencyP95: "latencyMs", throughputMin: "downlinkMbps", uplinkThroughputMin: "uplinkMbps" },
  availability: "availabilityPercent",
};
const NOT_MEASURED = ["reliabilityPercent", "maxDevices"] as const;

/** What will be measured and whether it was asked for; and what was asked for and is not measured, so that nobody takes one for the other. */
function Objectives({ plan: { objectives, requirements, serviceType } }: { plan: SlicePlan }) {
  const { t } = useTranslation(["approval", "common"]);
  const unmeasured = NOT_MEASURED.flatMap((field) => {
    const value = requirements[field];
    return value === undefined ? [] : [t(`plan.not_measured.${field}`, { value })];
  });
  return (
    <>
      {objectives.map(({ name, comparator, threshold, unit }) => (
        <Box key={name} component="span" sx={{ display: "inline-block", mr: 2 }}>
          {t(`common:objective.${name}`)} {COMPARISONS[comparator]} {threshold} {unit}
          {requirements[STATED_BY[name]] === undefined && (
            <Box component="span" sx={{ color: "text.secondary" }}>
              {" "}
              {t("plan.default", { type: serviceType })}
            </Box>
          )}
        </Box>
      ))}
      {unmeasured.length > 0 && (
        <Box data-testid="not-measured" sx={{ color: "text.secondary" }}>
          {t("plan.not_measured", { names: unmeasured.join(t("common:comma")) })}
        </Box>
      )}
    </>
  );
}

/** Sites as links, production ones marked; waves in their order. */
function Waves({ waves }: { waves: SlicePlan["waves"] }) {
  const { t } = useTranslation("approval");
  const sites = useAppSelector((state) => state.feed.sites);
  const production = new Set(sites.filter((site) => site.production).map((site) => site.id));
  return waves.map((wave, index) => (
    <span key={wave.join()}>
      {index > 0 && " → "}
      {[...wave].sort(byName).map((site, place) => (
        <span key={site}>
          {place > 0 && ", "}
          <AppLink href={paths.site(site)}>{site}</AppLink>
          {production.has(site) && (
            <>
              {" "}
              <StateLabel tone="wait" boxed>
                {t("plan.production")}
              </StateLabel>
            </>
          )}
        </span>
      ))}
    </span>
  ));
}
