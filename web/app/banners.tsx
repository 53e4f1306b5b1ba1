// What is wrong with the page's own view of the world: the browser is offline, the feed is stale, the first load failed, the connection was refused for good.
import Button from "@mui/material/Button";
import { useTranslation } from "react-i18next";
import { useFreshness } from "../common/freshness.tsx";
import { Notice } from "../common/notice.tsx";
import { Problem } from "../common/problem.tsx";
import { useOnline } from "../common/use-online.ts";
import { clockTime } from "../state/format.ts";
import { useFeedHandle } from "./feed-context.ts";
import { useAppSelector } from "./store.ts";

/** One at a time: the first that explains the rest. */
export function Banners() {
  const { t, i18n } = useTranslation();
  const online = useOnline();
  const fresh = useFreshness();
  const feed = useFeedHandle();
  const loaded = useAppSelector((state) => state.feed.loaded);
  const problem = useAppSelector((state) => state.live.problem);
  const again = (
    <Button color="inherit" onClick={feed.nudge}>
      {t("connection.reconnect")}
    </Button>
  );

  const banner = (tone: "wait" | "failed", text: string) => (
    <Notice tone={tone} role="alert" data-testid="banner" action={again} sx={{ mb: 2 }}>
      {text}
    </Notice>
  );
  if (fresh.state === "stale" && fresh.reason !== null) return banner("failed", t("connection.refused", { reason: fresh.reason }));
  if (!online) return banner("wait", t("connection.offline"));
  if (!loaded && problem !== null) return <Problem problem={problem} onRetry={feed.nudge} />;
  if (fresh.state !== "stale") return null;
  if (fresh.since === null) return banner("wait", t("connection.never"));
  return banner("wait", t("connection.stale", { time: clockTime(fresh.since, { now: Date.now(), language: i18n.language }) }));
}
