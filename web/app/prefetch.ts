// Fetches what is not on the first page once that one has been live for a while: a network that goes away later then takes no page along.
import { useEffect } from "react";
import { loadParts } from "../common/part.tsx";
import { loadAllWords } from "../i18n/index.ts";
import { useAppSelector } from "./store.ts";

const AFTER_MS = 10_000; // the first load stays what it is, also on a slow link

/** For the shell, once. Not for who saves data. */
export function usePrefetch(): void {
  const live = useAppSelector((state) => state.feed.loaded && state.live.link.subscribed);
  useEffect(() => {
    if (!live || savesData()) return;
    const timer = setTimeout(() => void loadAllWords().then(() => loadParts(idle)), AFTER_MS);
    return () => clearTimeout(timer);
  }, [live]);
}

/** Network Information API: Chromium only, and not in TypeScript's DOM. */
function savesData(): boolean {
  return "connection" in navigator && Object(navigator.connection).saveData === true;
}

/** Safari has no idle callback. */
function idle(): Promise<void> {
  return new Promise((done) => {
    if ("requestIdleCallback" in window) window.requestIdleCallback(() => done());
    else setTimeout(done, 200);
  });
}
