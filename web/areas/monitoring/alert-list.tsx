// A list of alerts of one status, page by page; asked for again now and then, for no event tells how the burn rate of one that lasts has moved.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../../protocol/alert.ts";
import type { AlertFilter } from "../../api.ts";
import { server } from "../../app/server.ts";
import { Empty, Loading } from "../../common/empty.tsx";
import { Problem } from "../../common/problem.tsx";
import { AlertRow } from "./alert-row.tsx";
import { useRefresh } from "./use-refresh.ts";

const PAGE = 20;
const REFRESH_MS = 30_000;

export interface AlertListProps {
  status: Alert["status"];
  about?: Pick<AlertFilter, "site" | "slice">;
  label: string;
}

export function AlertList({ status, about = {}, label }: AlertListProps) {
  const { t } = useTranslation("monitoring");
  const query = server.useAlertPagesInfiniteQuery({ status, limit: PAGE, ...about });
  useRefresh(query.refetch, REFRESH_MS);
  const alerts = query.data?.pages.flatMap((page) => page.alerts) ?? [];
  if (query.isLoading) return <Loading rows={2} height={64} />;
  if (query.error !== undefined && alerts.length === 0) return <Problem problem={query.error} onRetry={query.refetch} />;
  if (alerts.length === 0) {
    return status === "firing" ? (
      <Empty title={t("alerts.none")} next={t("alerts.none_next")} />
    ) : (
      <Empty title={t("alerts.none_resolved")} />
    );
  }
  return (
    <>
      {query.error !== undefined && <Problem problem={query.error} onRetry={query.refetch} />}
      <Box component="ul" aria-label={label} sx={{ m: 0, p: 0, listStyle: "none" }}>
        {alerts.map((alert) => (
          <AlertRow key={alert.alertId} alert={alert} />
        ))}
      </Box>
      {query.hasNextPage && (
        <Button onClick={() => void query.fetchNextPage()} aria-disabled={query.isFetchingNextPage}>
          {t("alerts.older")}
        </Button>
      )}
    </>
  );
}
