// How the parts of the Control Center and the edges are, each in words: from the health check, and from what monitors are told.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { Health } from "../../../protocol/api.ts";
import type { MonitorState } from "../../../protocol/monitor.ts";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { Loading } from "../../common/empty.tsx";
import { FreshnessLabel } from "../../common/freshness.tsx";
import { AppLink } from "../../common/link.tsx";
import { Panel } from "../../common/page.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import type { Tone } from "../../state/tones.ts";
import { Quiet } from "./row.tsx";

const HEALTH_TONES: Record<Health["status"], Tone> = { ok: "done", degraded: "wait", down: "failed" };
const SERVICE_TONES: Record<MonitorState["services"][string], Tone> = {
  healthy: "done",
  unhealthy: "wait",
  offline: "failed",
  unknown: "pending",
};
const COMPONENTS = ["worker", "d1", "room", "agents", "sites", "llm"] as const;

export function ServicesPanel() {
  const { t } = useTranslation("monitoring");
  const health = useAppSelector((state) => state.live.health);
  const loaded = useAppSelector((state) => state.feed.loaded);
  return (
    <Panel
      title={t("services")}
      testId="services"
      actions={
        <>
          {health !== null && (
            <StateLabel tone={HEALTH_TONES[health.status]} boxed>
              {t(`health.${health.status}`)}
            </StateLabel>
          )}
          <FreshnessLabel />
        </>
      }
    >
      {health === null && !loaded && <Loading rows={4} height={28} />}
      {health === null && loaded && <StateLabel tone="wait">{t("services.unknown")}</StateLabel>}
      {health !== null && (
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 0.75 }}>
          {COMPONENTS.map((name) => {
            const { status, message } = health.components[name];
            return (
              <Box
                key={name}
                component="li"
                data-testid="service"
                data-service={name}
                data-status={status}
                sx={{
                  display: "grid",
                  gridTemplateColumns: { xs: "minmax(0, 1fr) auto", sm: "minmax(0, 9.5em) minmax(0, 7em) minmax(0, 1fr)" },
                  columnGap: 1,
                }}
              >
                <span>{t(`component.${name}`)}</span>
                <StateLabel tone={HEALTH_TONES[status]}>{t(`health.${status}`)}</StateLabel>
                <Quiet>
                  <span lang="en">
                    <Untrusted>{message}</Untrusted>
                  </span>
                </Quiet>
              </Box>
            );
          })}
        </Box>
      )}
      <Edges />
    </Panel>
  );
}

/** The edges as other monitors see them; also those that are not ours, with what others reported. */
function Edges() {
  const { t } = useTranslation("monitoring");
  const { data } = server.useMetricsQuery();
  const edges = Object.entries(data?.edge_status ?? {});
  if (data === undefined || edges.length === 0) return null;
  const own = (name: string) => data.services[name] ?? "unknown";
  return (
    <Box
      component="ul"
      aria-label={t("services.edges")}
      sx={{ m: 0, mt: 1.5, p: 0, listStyle: "none", display: "flex", flexWrap: "wrap", columnGap: 2, rowGap: 1 }}
    >
      {edges.map(([name, { external }]) => (
        <Box
          key={name}
          component="li"
          data-testid="service"
          data-service={name}
          data-status={own(name)}
          sx={{ display: "inline-flex", gap: 0.75, flexWrap: "wrap" }}
        >
          <AppLink href={paths.site(name)}>
            <Untrusted>{name}</Untrusted>
          </AppLink>
          <StateLabel tone={SERVICE_TONES[own(name)]}>{t(`service.${own(name)}`)}</StateLabel>
          {external !== undefined && (
            <Quiet>
              {t("services.reported")} <Untrusted>{external.status}</Untrusted>
            </Quiet>
          )}
        </Box>
      ))}
    </Box>
  );
}
