// The alerts that fire, wherever one is: asked for once, and again when an event says that one began or ended. The list itself is on Monitoring.
import { useTranslation } from "react-i18next";
import type { AlertPage } from "../../protocol/alert.ts";
import { StateLabel } from "../common/state-label.tsx";
import { type Firing, firingOf } from "../state/firing.ts";
import { SEVERITY_TONES } from "../state/tones.ts";
import { server } from "./server.ts";
import { useAppSelector } from "./store.ts";

const MOST = 200; // as many as the server gives at once

export function useFiringPage(): AlertPage | undefined {
  const loaded = useAppSelector((state) => state.feed.loaded);
  return server.useAlertsQuery({ status: "firing", limit: MOST }, { skip: !loaded }).data;
}

export function useFiring(): Firing | null {
  const page = useFiringPage();
  return page === undefined ? null : firingOf(page);
}

export function useFiringWords(): (firing: Firing) => string {
  const { t } = useTranslation();
  return ({ count, worst, isMore }) => t(isMore ? "header.alerts_above" : "header.alerts", { count, severity: t(`severity.${worst}`) });
}

/** Icon, number and the word of the worst. */
export function FiringLabel({ firing }: { firing: Firing }) {
  const words = useFiringWords();
  return <StateLabel tone={SEVERITY_TONES[firing.worst]}>{words(firing)}</StateLabel>;
}
