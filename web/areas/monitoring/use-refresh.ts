// Asks again for what no event tells of (measurements, counts): on a bounded interval while the tab is looked at, and at once when it is looked at again.
import { useEffect, useRef } from "react";

/** `refetch` null: there is nothing to ask for now. */
export function useRefresh(refetch: (() => unknown) | null, everyMs: number): void {
  const latest = useRef(refetch);
  latest.current = refetch;
  useEffect(() => {
    let askedAt = Date.now();
    const ask = () => {
      if (document.visibilityState === "hidden") return;
      askedAt = Date.now();
      latest.current?.();
    };
    const seen = () => {
      if (Date.now() - askedAt >= SOON_MS) ask();
    };
    const timer = setInterval(ask, everyMs);
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [everyMs]);
}

const SOON_MS = 2_000; // who flips between tabs need not ask each time
