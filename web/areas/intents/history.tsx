// Every intent there was, newest first: pages of the server, and what the live feed knows since, through one filter.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { Empty, Loading } from "../../common/empty.tsx";
import { Panel } from "../../common/page.tsx";
import { Problem } from "../../common/problem.tsx";
import { VirtualList } from "../../common/virtual-list.tsx";
import type { Draft } from "./draft.ts";
import { type FilterName, filterOf, historyIds, newerThan, queryOf, withFilter, withoutFilters } from "./history-filter.ts";
import { HistoryFilters } from "./history-filters.tsx";
import { HistoryRow, ROW_PX } from "./history-row.tsx";

const isKey = (id: string) => id;

export function History({ onEdit }: { onEdit(draft: Draft): void }) {
  const { t } = useTranslation(["intents", "common"]);
  const [params, setParams] = useSearchParams();
  const filter = useMemo(() => filterOf(params), [params]);
  const query = useMemo(() => queryOf(filter), [filter]);
  const { currentData: data, error, isFetching, hasNextPage, fetchNextPage, refetch } = server.useIntentsInfiniteQuery(query);
  const intents = useAppSelector((state) => state.feed.intents);
  const oldest = data === undefined ? "" : (data.pages.at(-1)?.ids.at(-1) ?? null); // while it loads: whatever is known here
  const complete = data !== undefined && !hasNextPage;
  const ids = useMemo(() => historyIds(intents, filter, { oldest, complete }), [intents, filter, oldest, complete]);

  const change = (name: FilterName, value: string) => setParams((now) => withFilter(now, name, value), { replace: true });
  const clear = () => setParams((now) => withoutFilters(now), { replace: true });
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const render = useCallback((id: string) => <HistoryRow intentId={id} onEdit={onEdit} />, [onEdit]);
  const filtered = Object.keys(filter).length > 0;
  const count = t(complete ? "common:list.count" : "history.at_least", { count: ids.length });

  return (
    <Panel
      title={t("history.title")}
      testId="history"
      actions={
        <Box component="span" role="status" data-testid="history-count" data-count={ids.length} sx={{ color: "text.secondary" }}>
          {data === undefined ? "" : count}
        </Box>
      }
    >
      <HistoryFilters filter={filter} onChange={change} onClear={clear} />
      {error !== undefined && <Problem problem={error} onRetry={() => void refetch()} />}
      {data === undefined && error === undefined && ids.length === 0 && <Loading rows={5} height={ROW_PX - 8} />}
      {data !== undefined && ids.length === 0 && !isFetching && (
        <Empty
          title={t(filtered ? "history.none_match" : "history.empty")}
          next={
            filtered ? (
              <Button variant="text" onClick={clear}>
                {t("common:action.filter_clear")}
              </Button>
            ) : (
              <FirstSteps />
            )
          }
        />
      )}
      <Newer ids={ids} filter={query} />
      {ids.length > 0 && (
        <VirtualList items={ids} keyOf={isKey} rowHeight={ROW_PX} label={t("history.title")} render={render} onNearEnd={more} />
      )}
      {ids.length > 0 && (
        <Box sx={{ pt: 1.5, minHeight: 36, textAlign: "center", color: "text.secondary", borderTop: 1, borderColor: "divider" }}>
          {complete ? t("common:list.end") : isFetching ? t("common:list.loading_more") : ""}
        </Box>
      )}
    </Panel>
  );
}

function FirstSteps() {
  const { t } = useTranslation("intents");
  const steps = ["history.step.write", "history.step.watch", "history.step.prove"] as const;
  return (
    <Box component="ol" sx={{ display: "inline-block", textAlign: "start", m: 0, pl: 2.5 }}>
      {steps.map((key) => (
        <li key={key}>{t(key)}</li>
      ))}
    </Box>
  );
}

/** Whoever reads further down is not moved: what came on top is counted, and one press away. */
function Newer({ ids, filter }: { ids: readonly string[]; filter: object }) {
  const { t } = useTranslation("intents");
  const mark = useRef<HTMLDivElement>(null);
  const [below, setBelow] = useState(false);
  const [top, setTop] = useState<string | null>(null);
  const newest = ids[0] ?? null;
  useEffect(() => {
    const { current } = mark;
    if (current === null) return;
    const watcher = new IntersectionObserver(([entry]) => {
      if (entry !== undefined) setBelow(!entry.isIntersecting && entry.boundingClientRect.top < 0);
    });
    watcher.observe(current);
    return () => watcher.disconnect();
  }, []);
  // What is on top is remembered at the moment of scrolling down or filtering.
  useEffect(() => setTop(below ? newest : null), [below, filter]);
  const count = below ? newerThan(ids, top) : 0;
  return (
    <>
      <div ref={mark} />
      <Box role="status" sx={{ position: "sticky", top: 64, zIndex: 2, height: 0, textAlign: "center" }}>
        {count > 0 && (
          <Button
            variant="contained"
            data-testid="newer"
            onClick={() => mark.current?.scrollIntoView({ block: "center" })}
            sx={{ boxShadow: 3 }}
          >
            {t("history.newer", { count })}
          </Button>
        )}
      </Box>
    </>
  );
}
