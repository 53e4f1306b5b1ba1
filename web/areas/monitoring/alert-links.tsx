// What an alert is about, as links: the slice, the site, the deployment, the intent.
import { useTranslation } from "react-i18next";
import type { Alert } from "../../../protocol/alert.ts";
import { paths } from "../../app/paths.ts";
import { AppLink } from "../../common/link.tsx";
import { Row } from "./row.tsx";

export function AlertLinks({ alert }: { alert: Pick<Alert, "slice" | "site" | "deploymentId" | "intentId"> }) {
  const { t } = useTranslation("monitoring");
  const { slice, site, deploymentId, intentId } = alert;
  return (
    <Row>
      {slice !== null && (
        <span>
          {t("alert.slice")} <AppLink href={paths.slice(slice)}>{slice}</AppLink>
        </span>
      )}
      {site !== null && (
        <span>
          {t("alert.site")} <AppLink href={paths.site(site)}>{site}</AppLink>
        </span>
      )}
      {deploymentId !== null && <AppLink href={paths.deployment(deploymentId)}>{t("alert.deployment")}</AppLink>}
      {intentId !== null && <AppLink href={paths.intent(intentId)}>{t("alert.intent")}</AppLink>}
    </Row>
  );
}
