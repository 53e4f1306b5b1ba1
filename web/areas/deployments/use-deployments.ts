// The list of deployments that fit a filter: pages from REST, and the feed's live rows in their place. Newer ones come by themselves.
import { useCallback, useMemo } from "react";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { type DeploymentFilter, type LoadedPages, listed } from "../../state/deployment-view.ts";

const NOTHING: LoadedPages = { deployments: [], complete: false };

export function useDeployments(filter: DeploymentFilter) {
  const { data, error, isLoading, isFetching, hasNextPage, fetchNextPage, refetch } = server.useDeploymentsInfiniteQuery(filter);
  const table = useAppSelector((state) => state.feed.deployments);
  const loaded = useMemo((): LoadedPages => {
    if (data === undefined) return NOTHING;
    return { deployments: data.pages.flatMap((page) => page.deployments), complete: data.pages.at(-1)?.nextCursor === null };
  }, [data]);
  const deployments = useMemo(() => listed(table, loaded, filter), [table, loaded, filter]);
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetching && error === undefined) void fetchNextPage();
  }, [hasNextPage, isFetching, error, fetchNextPage]);
  return { deployments, error, isLoading, hasMore: hasNextPage, isLoadingMore: isFetching && !isLoading, loadMore, reload: refetch };
}
