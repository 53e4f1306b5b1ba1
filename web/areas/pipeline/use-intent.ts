// One intent as the page knows it: its record and its deployment from the live feed, and what each of its stages and sites is called by.
import { useMemo } from "react";
import type { IntentRecord } from "../../../protocol/api.ts";
import type { Deployment } from "../../../protocol/deployment.ts";
import { useWatchedIntent } from "../../app/feed-context.ts";
import { useAppSelector } from "../../app/store.ts";
import { type GateView, gateOf } from "../../state/gate.ts";
import type { PlacedSite } from "../../state/graph.ts";
import { inOrder } from "../../state/natural.ts";
import { type PipelineView, pipelineView } from "../../state/pipeline.ts";
import { deploymentOf, intentOf } from "../../state/shown.ts";
import { wavesOf } from "../../state/timeline.ts";

export interface Known {
  record: IntentRecord;
  deployment: Deployment | null;
  full: boolean; // false: only its summary is known so far
  view: PipelineView;
  gate: GateView;
  sites: readonly PlacedSite[];
}

/** When it came to its end. A question is answered in the request itself: its record was never updated. */
export function endOf({ record, view }: Pick<Known, "record" | "view">): string {
  return view.stages.at(-1)?.endedAt ?? record.updatedAt;
}

/** Null: not known yet. `gone`: the server does not know it either. */
export function useIntent(intentId: string): { known: Known | null; gone: boolean } {
  useWatchedIntent(intentId);
  const entry = useAppSelector((state) => intentOf(state.feed, intentId));
  const deployment = useAppSelector((state) => (entry === undefined ? null : deploymentOf(state.feed, entry.record)));
  const gone = useAppSelector((state) => state.feed.gone.includes(intentId));
  const known = useMemo(() => {
    if (entry === undefined) return null;
    const { record, full } = entry;
    const waves = wavesOf(record);
    const sites = inOrder(deployment?.sites ?? []).map(({ site, state }) => ({ site, state, wave: waves?.get(site) ?? 0 }));
    return { record, deployment, full, view: pipelineView(record, deployment), gate: gateOf(record, deployment), sites };
  }, [entry, deployment]);
  return { known, gone };
}
