// Which page the address bar names, and the way from one to the other without loading anything anew. The back button works.
import { useCallback, useSyncExternalStore } from "react";

export const INTEGRATIONS_PATH = "/integrations";
export const HOME_PATH = "/";

const listeners = new Set<() => void>(); // going somewhere by a link makes no event of its own

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

export interface Place {
  path: string;
  go(path: string): void;
}

/** The same page with a slash behind it is the same page. */
export function pageOf(pathname: string): string {
  return pathname.replace(/\/+$/, "") || HOME_PATH;
}

export function usePath(): Place {
  const path = useSyncExternalStore(subscribe, () => pageOf(window.location.pathname));
  const go = useCallback((to: string) => {
    if (to !== pageOf(window.location.pathname)) window.history.pushState(null, "", to);
    window.scrollTo(0, 0);
    for (const listener of listeners) listener();
  }, []);
  return { path, go };
}
