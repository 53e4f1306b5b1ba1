// One agent in full, at its own address.
import { useTranslation } from "react-i18next";
import type { AgentView } from "../../../protocol/agent.ts";
import { paths } from "../../app/paths.ts";
import { useAppSelector } from "../../app/store.ts";
import { Copy } from "../../common/copy.tsx";
import { Empty, Loading } from "../../common/empty.tsx";
import { Fact, Facts } from "../../common/facts.tsx";
import { FreshnessLabel } from "../../common/freshness.tsx";
import { Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { Page, Panel } from "../../common/page.tsx";
import { Untrusted } from "../../common/text.tsx";
import { AgentLoad, AgentState, Heartbeat, SiteLinks, Words } from "./agent-facts.tsx";
import { Row } from "./row.tsx";

export function AgentPage({ agentId }: { agentId: string }) {
  const { t } = useTranslation("monitoring");
  const loaded = useAppSelector((state) => state.feed.loaded);
  const agent = useAppSelector((state) => state.feed.agents.find((one) => one.agentId === agentId));
  const up = { href: paths.monitoring, title: t("title") };
  if (agent === undefined) {
    const next = <AppLink href={paths.monitoring}>{t("agent.unknown_next")}</AppLink>;
    return (
      <Page title={t("agent")} up={up}>
        {loaded ? <Empty title={t("agent.unknown")} next={next} /> : <Loading rows={5} />}
      </Page>
    );
  }
  return (
    <Page title={agent.name} up={up} actions={<FreshnessLabel />}>
      <InFull agent={agent} />
    </Page>
  );
}

function InFull({ agent }: { agent: AgentView }) {
  const { t } = useTranslation("monitoring");
  const labels = Object.entries(agent.labels).map(([name, value]) => `${name}=${value}`);
  return (
    <Panel title={t("agent")} testId="agent-detail">
      <Facts way="rows">
        <Fact name={t("agent.state")}>
          <Row>
            <AgentState agent={agent} />
            {agent.status !== "online" && <span>{t(`agent.${agent.status}_means`)}</span>}
          </Row>
        </Fact>
        <Fact name={t("agent.heartbeat")}>
          <Heartbeat agent={agent} />
        </Fact>
        <Fact name={t("agent.version")}>
          <Untrusted>{agent.version}</Untrusted>
        </Fact>
        <Fact name={t("agent.protocol")}>{agent.protocol}</Fact>
        <Fact name={t("agent.work")}>
          <AgentLoad agent={agent} />
        </Fact>
        <Fact name={t("agent.sites")}>
          <SiteLinks sites={agent.sites} />
        </Fact>
        <Fact name={t("agent.capabilities")}>
          <Words words={agent.capabilities} />
        </Fact>
        <Fact name={t("labels")}>
          <Words words={labels} />
        </Fact>
        <Fact name={t("agent.enrolled")}>
          <Instant at={agent.createdAt} />
        </Fact>
        <Fact name={t("agent.id")}>
          <Copy value={agent.agentId} what={t("agent.id")} />
        </Fact>
      </Facts>
    </Panel>
  );
}
