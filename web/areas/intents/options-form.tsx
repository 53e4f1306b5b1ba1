// The options of an intent, opened: where, how urgent, what if a site fails, whether somebody approves, at which site first.
import Box from "@mui/material/Box";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { FailurePolicy, MAX_BAKE_SECONDS, type Rollout } from "../../../protocol/intent.ts";
import type { Site } from "../../../protocol/site.ts";
import { Choice, Field } from "../../common/field.tsx";
import { visible } from "../../state/visible.ts";
import { type Draft, USUAL_BAKE_SECONDS } from "./draft.ts";
import { SiteChoices, Tick } from "./site-choices.tsx";

const PRIORITIES = Array.from({ length: 10 }, (_none, index) => 10 - index);

export interface ComposerOptionsProps {
  draft: Draft;
  sites: readonly Site[];
  understoodSites: readonly string[]; // by the rules; a guess before it is sent
  onChange(patch: Partial<Draft>): void;
}

export function OptionsForm({ draft, sites, understoodSites, onChange }: ComposerOptionsProps) {
  const { t } = useTranslation(["intents", "common"]);
  const meant = [...new Set([...draft.targetSites, ...understoodSites])];
  const production = sites.filter((site) => site.production && meant.includes(site.id)).map(({ id }) => visible(id));
  const forced = production.length > 0;
  const why = useId();
  return (
    <Box sx={{ display: "grid", gap: 1.5, pt: 1, boxSizing: "border-box" }}>
      <Group title={t("options.sites")}>
        <SiteChoices sites={sites} chosen={draft.targetSites} onChange={(targetSites) => onChange({ targetSites })} />
        <Hint>{t("options.sites.hint")}</Hint>
      </Group>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 2, alignItems: "flex-start" }}>
        <Choice
          label={t("options.priority")}
          data-testid="priority"
          value={draft.priority}
          onChange={(event) => onChange({ priority: Number(event.target.value) })}
        >
          {PRIORITIES.map((priority) => (
            <option key={priority} value={priority}>
              {priority === 10 || priority === 5 || priority === 1 ? t(`options.priority.${priority}`) : priority}
            </option>
          ))}
        </Choice>
        <Choice
          label={t("options.policy")}
          data-testid="policy"
          value={draft.policy}
          onChange={(event) => onChange({ policy: FailurePolicy.catch(draft.policy).parse(event.target.value) })}
        >
          {FailurePolicy.options.map((policy) => (
            <option key={policy} value={policy}>
              {t(`common:policy.${policy}`)}
            </option>
          ))}
        </Choice>
        <First rollout={draft.rollout} sites={meant.length > 1 ? meant : sites.map(({ id }) => id)} onChange={onChange} />
      </Box>
      <Group title={t("options.safety")}>
        <Tick
          testId="approval"
          label={t("options.approval")}
          checked={forced || draft.approval === "required"}
          disabled={forced}
          {...(forced ? { describedBy: why } : {})}
          onChange={(on) => onChange({ approval: on ? "required" : "auto" })}
        />
        {forced && (
          <Hint id={why} testId="approval-forced">
            {t("options.approval.forced", { sites: production.join(", ") })}
          </Hint>
        )}
        <Tick testId="preempt" label={t("options.preempt")} checked={draft.preempt} onChange={(preempt) => onChange({ preempt })} />
      </Group>
    </Box>
  );
}

interface FirstProps {
  rollout: Rollout | null;
  sites: readonly string[];
  onChange(patch: Partial<Draft>): void;
}

/** One site first, then the rest; or the waves of an intent that is sent again. */
function First({ rollout, sites, onChange }: FirstProps) {
  const { t } = useTranslation("intents");
  const bakeSeconds = rollout?.bakeSeconds ?? USUAL_BAKE_SECONDS;
  const { canary, waves } = rollout ?? {};
  const offered = canary === undefined || sites.includes(canary) ? sites : [...sites, canary];
  const WAVES = " "; // no site is called so
  const choose = (value: string) => {
    if (value !== WAVES) onChange({ rollout: value === "" ? null : { canary: value, bakeSeconds } });
  };
  const seconds = (value: string) => {
    const wanted = Math.min(MAX_BAKE_SECONDS, Math.max(0, Math.round(Number(value))));
    if (rollout !== null && Number.isFinite(wanted)) onChange({ rollout: { ...rollout, bakeSeconds: wanted } });
  };
  return (
    <>
      <Choice
        label={t("options.first")}
        data-testid="canary"
        value={waves === undefined ? (canary ?? "") : WAVES}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">{t("options.first.all")}</option>
        {waves !== undefined && <option value={WAVES}>{waves.map((wave) => wave.map(visible).join(", ")).join(" → ")}</option>}
        {offered.map((id) => (
          <option key={id} value={id}>
            {t("options.first.one", { site: visible(id) })}
          </option>
        ))}
      </Choice>
      {rollout !== null && (
        <Field
          label={t("options.bake")}
          type="number"
          value={String(bakeSeconds)}
          onChange={(event) => seconds(event.target.value)}
          inputProps={{ min: 0, max: MAX_BAKE_SECONDS, step: 1, "data-testid": "bake" }}
          sx={{ width: 150 }}
        />
      )}
    </>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box component="fieldset" sx={{ m: 0, p: 0, border: 0, minWidth: 0, display: "grid", gap: 0.25 }}>
      <Box component="legend" sx={{ p: 0, mb: 0.25, fontSize: "0.85rem", color: "text.secondary" }}>
        {title}
      </Box>
      {children}
    </Box>
  );
}

function Hint({ id, testId, children }: { id?: string; testId?: string; children: string }) {
  return (
    <Box id={id} data-testid={testId} sx={{ fontSize: "0.85rem", color: "text.secondary" }}>
      {children}
    </Box>
  );
}
