// The agents: who does the work, of which version, how loaded, and when each was heard of last.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { paths } from "../../app/paths.ts";
import { useAppSelector } from "../../app/store.ts";
import { Empty, Loading } from "../../common/empty.tsx";
import { FreshnessLabel } from "../../common/freshness.tsx";
import { AppLink } from "../../common/link.tsx";
import { Panel } from "../../common/page.tsx";
import { Untrusted } from "../../common/text.tsx";
import { visible } from "../../state/visible.ts";
import { AgentLoad, AgentState, Heartbeat, SiteLinks, Words } from "./agent-facts.tsx";
import { Quiet, Row } from "./row.tsx";

export function AgentsPanel() {
  const { t } = useTranslation("monitoring");
  const loaded = useAppSelector((state) => state.feed.loaded);
  const agents = useAppSelector((state) => state.feed.agents);
  return (
    <Panel title={t("agents")} testId="agents" actions={<FreshnessLabel />}>
      {!loaded && <Loading rows={1} height={120} />}
      {loaded && agents.length === 0 && <Empty title={t("agents.none")} next={t("agents.none_next")} />}
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 2 }}>
        {agents.map((agent) => (
          <Box
            key={agent.agentId}
            component="li"
            data-testid="agent"
            data-agent={agent.agentId}
            data-status={agent.status}
            sx={{ display: "grid", gap: 0.75 }}
          >
            <Row>
              <AppLink href={paths.agent(agent.agentId)} sx={{ fontWeight: 650 }}>
                <Untrusted>{agent.name}</Untrusted>
              </AppLink>
              <AgentState agent={agent} />
              <Quiet>{t("agent.version_short", { version: visible(agent.version), protocol: agent.protocol })}</Quiet>
            </Row>
            <AgentLoad agent={agent} />
            <Quiet>
              {t("agent.heartbeat")}: <Heartbeat agent={agent} />
            </Quiet>
            <div>
              <Quiet>{t("agent.sites")}: </Quiet>
              <SiteLinks sites={agent.sites} />
            </div>
            <Words words={agent.capabilities} />
          </Box>
        ))}
      </Box>
    </Panel>
  );
}
