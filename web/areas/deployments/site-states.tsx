// The sites of a deployment with the state of each, in as little room as a row of a list has. Many are counted by state instead.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { type DeploymentSite, DeploymentSiteState } from "../../../protocol/deployment.ts";
import { StateLabel } from "../../common/state-label.tsx";
import { SITE_STATE_TONES } from "../../state/tones.ts";

const NAMED = 4; // more would fill the row

export function SiteStates({ sites }: { sites: readonly DeploymentSite[] }) {
  const { t } = useTranslation(["deployments", "common"]);
  const word = (state: DeploymentSiteState) => t(`common:siteState.${state}`);
  return (
    <Box component="span" sx={{ display: "flex", flexWrap: "wrap", columnGap: 1.5, fontSize: "0.9rem" }}>
      {sites.length <= NAMED
        ? sites.map(({ site, state }) => (
            <span key={site} data-site={site} data-state={state}>
              <StateLabel tone={SITE_STATE_TONES[state]}>
                {site} {word(state)}
              </StateLabel>
            </span>
          ))
        : DeploymentSiteState.options
            .map((state) => ({ state, count: sites.filter((one) => one.state === state).length }))
            .filter(({ count }) => count > 0)
            .map(({ state, count }) => (
              <StateLabel key={state} tone={SITE_STATE_TONES[state]}>
                {t("site.many", { number: count, state: word(state) })}
              </StateLabel>
            ))}
    </Box>
  );
}
