// What a plan is about, in a few facts: the slice, its sites in their waves, what has to give way, and what will be measured.
import Box from "@mui/material/Box";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { SlicePlan } from "../../../protocol/stage.ts";
import { paths } from "../../app/paths.ts";
import { useAppSelector } from "../../app/store.ts";
import { AppLink } from "../../common/link.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { duration } from "../../state/format.ts";

const SIGN = { lte: "≤", gte: "≥" } as const;

export function PlanFacts({ plan }: { plan: SlicePlan }) {
  const { t } = useTranslation(["approval", "common"]);
  const { waves, preempts, objectives, bakeSeconds, snssai } = plan;
  return (
    <Box
      component="dl"
      data-testid="plan-facts"
      sx={{
        display: "grid",
        gridTemplateColumns: { xs: "minmax(0, 1fr)", sm: "max-content minmax(0, 1fr)" },
        columnGap: 2,
        rowGap: 0.5,
        m: 0,
        "& dt": { color: "text.secondary" },
        "& dd": { m: 0, minWidth: 0 },
      }}
    >
      <Fact name={t("plan.slice")}>
        <AppLink href={paths.slice(plan.slice)}>
          <Untrusted>{plan.slice}</Untrusted>
        </AppLink>
        , {plan.serviceType}, S-NSSAI {snssai.sst}-{snssai.sd}
      </Fact>
      <Fact name={t("plan.action")}>
        {t(`common:actionName.${plan.action}`)}, {t("plan.priority", { priority: plan.priority })}
      </Fact>
      <Fact name={waves.length > 1 ? t("plan.waves") : t("plan.sites")}>
        <Waves waves={waves} />
        {bakeSeconds > 0 && <> ({t("plan.bake", { time: duration(bakeSeconds * 1_000) })})</>}
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
        {objectives.map(({ name, comparator, threshold, unit }) => (
          <Box key={name} component="span" sx={{ mr: 2, whiteSpace: "nowrap" }}>
            {t(`common:objective.${name}`)} {SIGN[comparator]} {threshold} {unit}
          </Box>
        ))}
      </Fact>
    </Box>
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
      {wave.map((site, place) => (
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

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
