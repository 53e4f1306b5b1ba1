// The filter of the activity page, kept in its address: a link shows another person the same.
import { useMemo } from "react";
import { useSearchParams } from "wouter";
import { type ActivityFilter, EVENT_KINDS } from "../../state/activity.ts";

export interface FilterUse {
  filter: ActivityFilter;
  set(name: "kind" | "site" | "intent" | "text", value: string): void; // empty: any
  clear(): void;
}

export function useActivityFilter(): FilterUse {
  const [params, setParams] = useSearchParams();
  const text = params.get("text") ?? "";
  const intent = params.get("intent") ?? "";
  const site = params.get("site") ?? "";
  const kind = EVENT_KINDS.find((one) => one === params.get("kind")) ?? null;
  const filter = useMemo(() => ({ kind, site: site === "" ? null : site, intent, text }), [kind, site, intent, text]);
  const set: FilterUse["set"] = (name, value) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === "") next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return { filter, set, clear: () => setParams(new URLSearchParams(), { replace: true }) };
}
