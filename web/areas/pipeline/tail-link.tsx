// The way from what is looked at to its lines of the log.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { paths } from "../../app/paths.ts";
import { AppLink } from "../../common/link.tsx";

export function TailLink({ intentId, site }: { intentId: string; site: string | null }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const href = `${paths.intent(intentId, "log")}${site === null ? "" : `&site=${encodeURIComponent(site)}`}`;
  return (
    <Box sx={{ mt: 1.5 }}>
      <AppLink href={href} data-testid="tail-link">
        {site === null ? t("log.open") : t("log.open_site", { site })}
      </AppLink>
    </Box>
  );
}
