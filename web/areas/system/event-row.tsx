// One event: what happened, its detail, links to what it is about, when, and its number in the feed.
import Box from "@mui/material/Box";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { DurableEvent } from "../../../protocol/event.ts";
import { paths } from "../../app/paths.ts";
import { useAppSelector } from "../../app/store.ts";
import { Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { eventDetail, linksOf } from "../../state/event-detail.ts";
import { recordOf } from "../../state/shown.ts";
import { toneOfEvent } from "../../state/tones.ts";
import { useDetailWords } from "./use-event-words.ts";

const LONGEST_DETAIL = 400;
const LONGEST_SENTENCE = 80;

export const EventRow = memo(function EventRow({ event }: { event: DurableEvent }) {
  const { t } = useTranslation(["system", "common"]);
  const words = useDetailWords();
  const detail = words(eventDetail(event));
  const tone = toneOfEvent(event);
  return (
    <Box
      data-testid="event"
      data-type={event.type}
      data-seq={event.seq}
      data-tone={tone}
      sx={{
        display: "grid",
        gridTemplateColumns: { xs: "minmax(0, 1fr) max-content", md: "250px minmax(0, 1fr) max-content" },
        columnGap: 1.5,
        rowGap: 0.25,
        alignItems: "start",
        py: 0.75,
        borderBottom: 1,
        borderColor: "divider",
      }}
    >
      <StateLabel tone={tone}>{t(`common:event.${event.type}`)}</StateLabel>
      <Box sx={{ minWidth: 0, gridColumn: { xs: "1 / -1", md: "auto" }, gridRow: { xs: 2, md: "auto" } }}>
        {detail !== "" && (
          <Box data-testid="event-detail">
            <Untrusted>{shortened(detail, LONGEST_DETAIL)}</Untrusted>
          </Box>
        )}
        <Links event={event} />
      </Box>
      <Box sx={{ color: "text.secondary", whiteSpace: "nowrap", textAlign: "right", fontSize: "0.85rem" }}>
        <Instant at={event.at} /> <span title={event.id}>#{event.seq}</span>
      </Box>
    </Box>
  );
});

function Links({ event }: { event: DurableEvent }) {
  const { t } = useTranslation(["system", "common"]);
  const { intent, site, deployment, slice, agent, alert } = linksOf(event);
  const sentence = useAppSelector((state) => (intent === null ? null : (recordOf(state.feed, intent)?.text ?? null)));
  const known = event.type === "intent.received" ? null : sentence; // there the detail says it already
  const links = [
    intent !== null && { href: paths.intent(intent), word: t("activity.link.intent"), name: shortened(known ?? intent, LONGEST_SENTENCE) },
    site !== null && { href: paths.site(site), word: t("activity.link.site"), name: site },
    slice !== null && { href: paths.slice(slice), word: t("activity.link.slice"), name: slice },
    deployment !== null && { href: paths.deployment(deployment), word: t("activity.link.deployment"), name: tail(deployment) },
    agent !== null && { href: paths.agent(agent), word: t("activity.link.agent"), name: tail(agent) },
    alert !== null && { href: paths.alert(alert), word: t("activity.link.alert"), name: tail(alert) },
  ].filter((link) => link !== false);
  if (links.length === 0) return null;
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", columnGap: 1.5, fontSize: "0.85rem", color: "text.secondary" }}>
      {links.map(({ href, word, name }) => (
        <span key={href}>
          {word}{" "}
          <AppLink href={href}>
            <Untrusted>{name}</Untrusted>
          </AppLink>
        </span>
      ))}
    </Box>
  );
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

const TAIL = 6;

/** Ids of one day begin alike; their ends differ. */
function tail(id: string): string {
  return `…${id.slice(-TAIL)}`;
}
