// What is told of an agent: its state, load and age in a card, and everything on its own page.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { AgentView } from "../../../protocol/agent.ts";
import { paths } from "../../app/paths.ts";
import { Elapsed } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { AGENT_TONES } from "../../state/tones.ts";
import { Bar } from "./bar.tsx";
import { Quiet } from "./row.tsx";

export function AgentState({ agent }: { agent: Pick<AgentView, "status"> }) {
  const { t } = useTranslation("common");
  return (
    <StateLabel tone={AGENT_TONES[agent.status]} boxed>
      {t(`agent.${agent.status}`)}
    </StateLabel>
  );
}

export function AgentLoad({ agent: { running, slots } }: { agent: AgentView }) {
  const { t } = useTranslation("monitoring");
  const text = t("agent.load", { running, slots });
  return (
    <Bar
      label={t("agent.load_label")}
      text={text}
      percent={slots === 0 ? 0 : (100 * running) / slots}
      tone={running >= slots && slots > 0 ? "wait" : "done"}
    />
  );
}

/** How long ago the agent was heard of last. */
export function Heartbeat({ agent }: { agent: AgentView }) {
  const { t } = useTranslation("monitoring");
  if (agent.lastHeartbeat === null) return <>{t("agent.never")}</>;
  return (
    <>
      <Elapsed from={agent.lastHeartbeat} to={null} /> {t("agent.ago")}
    </>
  );
}

export function SiteLinks({ sites }: { sites: readonly string[] }) {
  const { t } = useTranslation("monitoring");
  if (sites.length === 0) return <Quiet>{t("agent.no_sites")}</Quiet>;
  return (
    <Box
      component="span"
      sx={{ display: "inline-flex", flexWrap: "wrap", columnGap: 1, "& a": { display: "inline-block", minHeight: 24 } }}
    >
      {sites.map((site) => (
        <AppLink key={site} href={paths.site(site)}>
          <Untrusted>{site}</Untrusted>
        </AppLink>
      ))}
    </Box>
  );
}

/** Short words beside each other: capabilities, labels, aliases. */
export function Words({ words }: { words: readonly string[] }) {
  const { t } = useTranslation("monitoring");
  if (words.length === 0) return <Quiet>{t("none")}</Quiet>;
  return (
    <Box component="span" sx={{ display: "inline-flex", flexWrap: "wrap", gap: 0.5 }}>
      {words.map((word) => (
        <Box key={word} component="code" sx={{ border: 1, borderColor: "divider", borderRadius: 1, px: 0.75 }}>
          <Untrusted>{word}</Untrusted>
        </Box>
      ))}
    </Box>
  );
}
