// The feed's kept events for a list that somebody reads: renewed a few times a second at most, however many events come.
import { useCallback, useRef, useSyncExternalStore } from "react";
import { useStore } from "react-redux";
import type { RootState } from "../../app/store.ts";
import type { EventLog } from "../../state/log.ts";

const RENEW_MS = 250; // nobody reads faster; a thousand events a second are then four renderings

export function useLog(): EventLog {
  const store = useStore<RootState>();
  const shown = useRef(store.getState().feed.log);
  const subscribe = useCallback(
    (listener: () => void) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const renew = () => {
        timer = undefined;
        shown.current = store.getState().feed.log;
        listener();
      };
      const unsubscribe = store.subscribe(() => {
        if (store.getState().feed.log !== shown.current) timer ??= setTimeout(renew, RENEW_MS);
      });
      renew();
      return () => {
        unsubscribe();
        clearTimeout(timer);
      };
    },
    [store],
  );
  return useSyncExternalStore(subscribe, () => shown.current);
}
