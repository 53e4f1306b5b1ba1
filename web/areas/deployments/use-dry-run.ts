// How far a dry run is, from the feed; and whether it takes longer than a person should be kept waiting for.
import { useEffect, useState } from "react";
import { useFeedHandle } from "../../app/feed-context.ts";
import { useAppSelector } from "../../app/store.ts";
import { type DryRun, dryRunOf } from "../../state/change-preview.ts";
import { recordOf } from "../../state/shown.ts";

export const DRY_RUN_WAIT_MS = 60_000; // a plan takes a second; a busy or absent agent is told about long before

export function useDryRun(intentId: string | null): { run: DryRun | null; isLate: boolean } {
  const feed = useFeedHandle();
  const record = useAppSelector((state) => (intentId === null ? null : recordOf(state.feed, intentId)));
  const [lateId, setLateId] = useState<string | null>(null);
  useEffect(() => {
    if (intentId === null) return;
    const unwatch = feed.watch(intentId);
    const timer = setTimeout(() => setLateId(intentId), DRY_RUN_WAIT_MS);
    return () => {
      clearTimeout(timer);
      unwatch();
    };
  }, [feed, intentId]);
  if (intentId === null) return { run: null, isLate: false };
  const run = dryRunOf(record);
  return { run, isLate: run.state === "waiting" && lateId === intentId };
}
