// Whether one has scrolled away from the top of the page, to read what is further down.
import { useSyncExternalStore } from "react";

const AWAY_PX = 240;

function subscribe(listener: () => void): () => void {
  window.addEventListener("scroll", listener, { passive: true });
  return () => window.removeEventListener("scroll", listener);
}

export function useScrolledDown(): boolean {
  return useSyncExternalStore(subscribe, () => window.scrollY > AWAY_PX);
}
