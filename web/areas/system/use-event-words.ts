// Events in words: the detail of one in the viewer's language, and all words of its row, to search in.
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { DurableEvent } from "../../../protocol/event.ts";
import { type Detail, eventDetail, type SayingValues } from "../../state/event-detail.ts";

const NO_VALUES: SayingValues = { by: "", others: "", what: "", sites: "", count: 0, commit: "", branch: "", provider: "" }; // each key uses some

/** State, saying and text in one line; empty when there is none. */
export function useDetailWords(): (detail: Detail) => string {
  const { t } = useTranslation(["system", "common"]);
  return useCallback(
    ({ saying, state, text }: Detail) => {
      const said = saying === undefined ? "" : t(saying.key, { ...NO_VALUES, ...saying.values });
      const stateWord = state === undefined ? "" : t(`common:${state}`);
      return [said, stateWord, text].filter((part) => part !== "").join(": ");
    },
    [t],
  );
}

/** Small letters. Each event is put into words once, however often it is searched. */
export function useEventWords(): (event: DurableEvent) => string {
  const { t } = useTranslation(["system", "common"]);
  const detail = useDetailWords();
  return useMemo(() => {
    const known = new WeakMap<DurableEvent, string>();
    return (event) => {
      const words =
        known.get(event) ??
        [t(`common:event.${event.type}`), event.type, event.intentId, event.site, `#${event.seq}`, detail(eventDetail(event))]
          .join(" ")
          .toLowerCase();
      known.set(event, words);
      return words;
    };
  }, [t, detail]);
}
