// What was decided to do: the plan in a few facts, the slice's identity, and why it was refused when it was.
import { useTranslation } from "react-i18next";
import type { IntentRecord } from "../../../protocol/api.ts";
import { Fact, Facts } from "../../common/facts.tsx";
import { PlanFacts } from "../approval/plan-facts.tsx";
import { FailureDetails, NotYet } from "./not-yet.tsx";

export function PlanDetails({ record }: { record: IntentRecord }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const { plan, failure } = record;
  const here = failure?.stage === "plan" || failure?.stage === "render" ? failure : null;
  return (
    <>
      {here !== null && <FailureDetails failure={here} />}
      {plan === null && here === null && <NotYet />}
      {plan !== null && (
        <>
          <PlanFacts plan={plan} />
          <Facts way="stacked">
            <Fact name="5QI">{plan.fiveQi}</Fact>
            <Fact name={t("plan.profile")}>
              ↓ {plan.profile.dLThptPerSlice.guaThpt / 1_000} Mbps · ↑ {plan.profile.uLThptPerSlice.guaThpt / 1_000} Mbps · ≤{" "}
              {plan.profile.dLLatency} ms · {plan.profile.availability} % · {t("plan.devices", { count: plan.profile.maxNumberofUEs })}
            </Fact>
          </Facts>
        </>
      )}
    </>
  );
}
