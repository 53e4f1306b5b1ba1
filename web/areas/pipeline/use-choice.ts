// Which stage or site of an intent is looked at: what the address says, else where the intent is now.
import { useCallback } from "react";
import { useSearchParams } from "wouter";
import { GATE_ID, siteId } from "../../state/graph.ts";
import type { Known } from "./use-intent.ts";

export interface Choice {
  chosen: string; // a stage, `gate`, or `site:<id>`
  choose(id: string): void;
}

export function useChoice(known: Known): Choice {
  const [search, setSearch] = useSearchParams();
  const asked = askedFor(search, known);
  const change = useCallback(
    (key: "stage" | "site", value: string) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          next.delete("stage");
          next.delete("site");
          next.set(key, value);
          return next;
        },
        { replace: true }, // Back leads to the page before, not through every node that was looked at
      ),
    [setSearch],
  );
  const choose = useCallback(
    (id: string) => (id.startsWith("site:") ? change("site", id.slice("site:".length)) : change("stage", id)),
    [change],
  );
  return { chosen: asked ?? current(known), choose };
}

/** Null: nothing, or something that this intent does not have. */
function askedFor(search: URLSearchParams, { view, sites }: Known): string | null {
  const site = search.get("site");
  if (site !== null) return sites.some((one) => one.site === site) ? siteId(site) : null;
  const stage = search.get("stage");
  if (stage === GATE_ID) return GATE_ID;
  return view.stages.find((one) => one.stage === stage)?.stage ?? null;
}

/** What goes on, asks for a person or went wrong; else how it ended; else what was reached last. */
function current({ view, gate }: Known): string {
  if (gate.state === "wait") return GATE_ID;
  const stages = view.stages;
  const wrong = stages.find((one) => one.state === "failed" || one.state === "wait");
  const going = stages.findLast((one) => one.state === "active");
  const reached = stages.findLast((one) => one.state !== "pending" && one.state !== "skipped");
  const taken = stages.find((one) => one.state === "rollback" && one.endedAt === null); // being taken back
  return (wrong ?? taken ?? going ?? reached ?? stages[0])?.stage ?? GATE_ID;
}
