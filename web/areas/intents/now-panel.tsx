// What goes on now, in short rows: first what waits for a person, then what is at work. Each leads to its intent.
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { IntentRecord } from "../../../protocol/api.ts";
import { paths } from "../../app/paths.ts";
import { useAppSelector } from "../../app/store.ts";
import { allWaitingKnown } from "../../app/waiting.ts";
import { Loading } from "../../common/empty.tsx";
import { FreshnessLabel } from "../../common/freshness.tsx";
import { Elapsed } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { Panel } from "../../common/page.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { STATUS_TONES } from "../../state/tones.ts";
import { goingOf } from "./going.ts";

const SHOWN = 5; // of each kind

export function NowPanel() {
  const { t } = useTranslation("intents");
  const intents = useAppSelector((state) => state.feed.intents);
  const allKnown = useAppSelector(allWaitingKnown);
  const { waiting, running } = useMemo(() => goingOf(intents), [intents]);
  return (
    <Panel title={t("now.title")} testId="now" actions={<FreshnessLabel />}>
      <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "minmax(0, 1fr) minmax(0, 1fr)" } }}>
        <Rows kind="waiting" records={waiting} allKnown={allKnown} more={paths.approvals} />
        <Rows kind="running" records={running} allKnown more={null} />
      </Box>
    </Panel>
  );
}

interface RowsProps {
  kind: "waiting" | "running";
  records: readonly IntentRecord[];
  allKnown: boolean; // false: older ones are still asked for
  more: string | null; // where all of them are listed; null: no list shows just these
}

function Rows({ kind, records, allKnown, more }: RowsProps) {
  const { t } = useTranslation("intents");
  const rest = records.length - SHOWN;
  return (
    <Box data-testid={`now-${kind}`} data-count={records.length} sx={{ minWidth: 0 }}>
      <Typography variant="h3" sx={{ mb: 0.5 }}>
        {allKnown ? t(`now.${kind}`, { count: records.length }) : t("now.waiting.unknown")}
      </Typography>
      {records.length === 0 && !allKnown && <Loading rows={1} height={28} />}
      {records.length === 0 && allKnown && <Box sx={{ color: "text.secondary", minHeight: 36, py: 0.75 }}>{t(`now.${kind}.none`)}</Box>}
      {records.length > 0 && (
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: "none" }}>
          {records.slice(0, SHOWN).map((record) => (
            <Row key={record.intentId} record={record} />
          ))}
        </Box>
      )}
      {rest > 0 && (
        <Box sx={{ py: 0.25 }}>
          {more === null ? (
            t("now.more", { count: rest })
          ) : (
            <AppLink href={more} sx={{ display: "inline-block" }}>
              {t("now.more", { count: rest })}
            </AppLink>
          )}
        </Box>
      )}
    </Box>
  );
}

function Row({ record }: { record: IntentRecord }) {
  const { t } = useTranslation(["intents", "common"]);
  const { intentId, status, text, stage, sites, createdAt } = record;
  return (
    <Box
      component="li"
      data-testid="now-row"
      data-intent-id={intentId}
      data-status={status}
      sx={{
        display: "grid",
        gridTemplateColumns: { xs: "minmax(0, 1fr) auto", sm: "200px minmax(0, 1fr) auto" },
        columnGap: 1,
        alignItems: "baseline",
        minHeight: 36,
        py: 0.75,
        borderTop: 1,
        borderColor: "divider",
      }}
    >
      <StateLabel tone={STATUS_TONES[status]}>
        {status === "running" && stage !== null ? t(`common:stage.${stage}`) : t(`common:status.${status}`)}
      </StateLabel>
      <Box sx={{ minWidth: 0, gridColumn: { xs: "1 / -1", sm: "auto" }, gridRow: { xs: 2, sm: "auto" } }}>
        <AppLink
          href={paths.intent(intentId)}
          color="text.primary"
          underline="hover"
          sx={{ display: "block", overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", lineHeight: 1.6 }}
        >
          <Untrusted>{text}</Untrusted>
        </AppLink>
      </Box>
      <Box component="span" sx={{ color: "text.secondary", fontSize: "0.85rem", whiteSpace: "nowrap" }}>
        {sites.length > 2 ? t("row.sites", { count: sites.length }) : <Untrusted>{sites.join(", ")}</Untrusted>}{" "}
        <Elapsed from={createdAt} to={null} />
      </Box>
    </Box>
  );
}
