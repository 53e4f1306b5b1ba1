// Parts of what is told of an edge site: its state, each way to it, its marks, its capacity; on its card and on its page.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { Site } from "../../../protocol/site.ts";
import { paths } from "../../app/paths.ts";
import { AppLink } from "../../common/link.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { LEVEL_TONES, type Usage, usageOf } from "../../state/site-view.ts";
import { SITE_STATUS_TONES } from "../../state/tones.ts";
import { Bar } from "./bar.tsx";
import { DateTime } from "./date-time.tsx";
import { Quiet, Row } from "./row.tsx";

const COMPONENTS = ["sync", "o2ims", "metrics"] as const;
export const SYNC_NAMES = { configsync: "Config Sync", flux: "Flux" } as const;
export const DIALECT_NAMES = {
  "oran-o2ims-rest": "O-RAN O2 IMS REST",
  "oran-o2ims-cr": "O-RAN O2 IMS CR",
  "nephio-cr": "Nephio CR",
  "nephio-shim": "Nephio shim",
} as const;

export function SiteState({ site, boxed = false }: { site: Pick<Site, "status">; boxed?: boolean }) {
  const { t } = useTranslation("common");
  return (
    <StateLabel tone={SITE_STATUS_TONES[site.status]} boxed={boxed}>
      {t(`siteStatus.${site.status}`)}
    </StateLabel>
  );
}

/** Each way to the site by itself: that one is down tells what still works. */
export function SiteComponents({ site }: { site: Pick<Site, "components" | "sync" | "o2Dialect"> }) {
  const { t } = useTranslation(["monitoring", "common"]);
  return (
    <Box
      component="ul"
      aria-label={t("site.components")}
      sx={{ m: 0, p: 0, listStyle: "none", display: "flex", flexWrap: "wrap", columnGap: 2, rowGap: 0.25, fontSize: "0.88rem" }}
    >
      {COMPONENTS.map((name) => {
        const status = site.components[name];
        return (
          <Box
            key={name}
            component="li"
            data-testid="site-component"
            data-component={name}
            data-state={status}
            sx={{ display: "inline-flex", gap: 0.5, flexWrap: "wrap" }}
          >
            <span>{t(`siteComponent.${name}`)}</span>
            <StateLabel tone={SITE_STATUS_TONES[status]}>{t(`common:siteStatus.${status}`)}</StateLabel>
          </Box>
        );
      })}
    </Box>
  );
}

/** What an operator must not overlook: production, frozen, not in use yet, drifted. Nothing when there is none of it. */
export function SiteMarks({ site }: { site: Site }) {
  const { t } = useTranslation("monitoring");
  if (!site.production && site.ready && site.frozenUntil === null && site.drift.length === 0) return null;
  return (
    <Row>
      {site.production && (
        <Box component="strong" sx={{ border: 1, borderRadius: 4, px: 1, fontSize: "0.85rem" }}>
          {t("site.production")}
        </Box>
      )}
      {!site.ready && (
        <StateLabel tone="wait" boxed>
          {t("site.not_ready")}
        </StateLabel>
      )}
      {site.frozenUntil !== null && (
        <StateLabel tone="wait" boxed>
          {t("site.frozen")} <DateTime at={site.frozenUntil} />
        </StateLabel>
      )}
      {site.drift.length > 0 && (
        <StateLabel tone="failed" boxed>
          {t("site.drift", { count: site.drift.length })}
        </StateLabel>
      )}
    </Row>
  );
}

export function SiteCapacity({ site }: { site: Pick<Site, "used" | "capacity"> }) {
  return (
    <Box sx={{ display: "grid", gap: 0.75 }} data-testid="capacity">
      {usageOf(site).map((usage) => (
        <UsageBar key={usage.what} usage={usage} />
      ))}
    </Box>
  );
}

function UsageBar({ usage: { what, used, capacity, percent, level } }: { usage: Usage }) {
  const { t, i18n } = useTranslation("monitoring");
  const number = (value: number) => new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(value);
  const unit = what === "devices" ? "" : " Mbps";
  const text = (
    <>
      {t("capacity.of", { used: number(used), capacity: `${number(capacity)}${unit}` })} (
      {percent > 0 && percent < 1 ? "< 1" : Math.round(percent)} %)
      {level !== "free" && (
        <>
          {" "}
          <StateLabel tone={LEVEL_TONES[level]}>{t(`capacity.${level}`)}</StateLabel>
        </>
      )}
    </>
  );
  return <Bar label={t(`capacity.${what}`)} text={text} percent={percent} tone={LEVEL_TONES[level]} />;
}

const MAX_LINKS = 8;

export function SliceLinks({ slices, all = false }: { slices: readonly string[]; all?: boolean }) {
  const { t } = useTranslation("monitoring");
  if (slices.length === 0) return <Quiet>{t("site.no_slices")}</Quiet>;
  const shown = all ? slices : slices.slice(0, MAX_LINKS);
  return (
    <Box
      component="span"
      sx={{ display: "inline-flex", flexWrap: "wrap", columnGap: 1, "& a": { display: "inline-block", minHeight: 24 } }}
    >
      {shown.map((slice) => (
        <AppLink key={slice} href={paths.slice(slice)}>
          <Untrusted>{slice}</Untrusted>
        </AppLink>
      ))}
      {shown.length < slices.length && <Quiet>{t("site.more_slices", { count: slices.length - shown.length })}</Quiet>}
    </Box>
  );
}

export function AgentLink({ agentId, name }: { agentId: string | null; name: string | undefined }) {
  const { t } = useTranslation("monitoring");
  if (agentId === null) return <Quiet>{t("site.no_agent")}</Quiet>;
  return (
    <AppLink href={paths.agent(agentId)}>
      <Untrusted>{name ?? agentId}</Untrusted>
    </AppLink>
  );
}
