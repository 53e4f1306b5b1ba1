// The preview of a draft while one writes: read a moment after the last key, in the background, by rules that are loaded on the first word.
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { withType } from "./additions.ts";
import { type Draft, obstacleOf } from "./draft.ts";
import type { Understood, UnderstoodInput } from "./understood.ts";

const CALM_MS = 150; // after the last key

function useCalm(value: string): string {
  const [calm, setCalm] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(value), CALM_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return calm;
}

type Read = (input: UnderstoodInput) => Understood;

function isReadable(text: string): boolean {
  const obstacle = obstacleOf(text)?.kind;
  return obstacle === undefined || obstacle === "open"; // with blanks, what is there already can be read
}

/** Null while there is nothing to read, and until the rules are here. */
export function useUnderstood({ text, targetSites }: Pick<Draft, "text" | "targetSites">): Understood | null {
  const sites = useAppSelector((state) => state.feed.sites);
  const begun = text.trim() !== "";
  const { data: live } = server.useSlicesQuery(undefined, { skip: !begun }); // a sentence may name a slice
  const [read, setRead] = useState<Read | null>(null);
  useEffect(() => {
    if (!begun) return;
    let gone = false;
    import("./understood.ts").then(
      (module) => gone || setRead(() => module.understood),
      () => undefined, // without the preview one can write and send all the same
    );
    return () => {
      gone = true;
    };
  }, [begun]);
  const calm = useDeferredValue(useCalm(text).trim());
  const found = useMemo(() => {
    if (read === null || !isReadable(calm)) return null;
    const slices = (live ?? []).map(({ slice }) => slice);
    return read({ text: calm, targetSites, sites, slices, textWithType: withType(calm, "eMBB") });
  }, [read, calm, targetSites, sites, live]);
  return begun ? found : null;
}
