// Everything that waits for a person: approvals, decisions, questions, the oldest first; each can be settled in place.
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { paths } from "../../app/paths.ts";
import { useAppSelector } from "../../app/store.ts";
import { Empty, Loading } from "../../common/empty.tsx";
import { AppLink } from "../../common/link.tsx";
import { Page } from "../../common/page.tsx";
import { Problem } from "../../common/problem.tsx";
import { WAITING, type WaitingStatus } from "../../state/waiting.ts";
import { useWaitingList } from "./use-waiting-list.ts";
import { WaitingGroup } from "./waiting-group.tsx";

export function ApprovalsPage() {
  const { t } = useTranslation(["approval", "common"]);
  const loaded = useAppSelector((state) => state.feed.loaded);
  // What one has open stays where it is when it stops waiting: its panel says what became of it.
  const [open, setOpen] = useState<Readonly<Record<string, WaitingStatus>>>({});
  const { groups, loading, error, retry } = useWaitingList(open);
  const toggle = (intentId: string, status: WaitingStatus) => {
    const { [intentId]: known, ...others } = open;
    setOpen(known === undefined ? { ...open, [intentId]: status } : others);
  };
  const count = WAITING.reduce((sum, status) => sum + groups[status].length, 0);
  return (
    <Page title={t("title")}>
      <Typography sx={{ color: "text.secondary" }}>{t("page.lead")}</Typography>
      <Problem problem={error} onRetry={retry} />
      {count === 0 && (loading || !loaded) && <Loading rows={4} height={64} />}
      {count === 0 && !loading && loaded && error === undefined && (
        <Empty
          title={t("page.empty")}
          next={
            <>
              {t("page.empty.next")} <AppLink href={paths.home}>{t("page.empty.link")}</AppLink>
            </>
          }
        />
      )}
      <Box sx={{ display: "grid", gap: 2, minWidth: 0 }}>
        {WAITING.map((status) => (
          <WaitingGroup key={status} status={status} records={groups[status]} open={open} onToggle={(id) => toggle(id, status)} />
        ))}
      </Box>
    </Page>
  );
}
