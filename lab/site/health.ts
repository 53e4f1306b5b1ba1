// Which slices of a site are unwell. The fault makes new releases fail; one that ran well before is well again when it comes back.
import type { SiteSlice } from "./packages.ts";

export interface SliceHealth {
  /** Call after every apply, with what is applied now. */
  applied(slices: ReadonlyMap<string, SiteSlice>): void;
  /** The fault switch: on makes the newest slices fail, off heals all. */
  setFault(failing: boolean): void;
  isFailing(slice: string): boolean;
}

const MAX_KNOWN_GOOD = 10_000; // releases remembered; the oldest are forgotten first

export function createSliceHealth(): SliceHealth {
  let fault = false;
  let current = new Map<string, string>(); // slice → digest
  let newest = new Set<string>(); // the slices that the last apply with a change brought
  const failing = new Set<string>(); // digests
  const knownGood = new Set<string>();

  function remember(): void {
    for (const digest of current.values()) if (!failing.has(digest)) knownGood.add(digest);
    for (const digest of knownGood) {
      if (knownGood.size <= MAX_KNOWN_GOOD) break;
      knownGood.delete(digest);
    }
  }

  return {
    applied(slices) {
      const next = new Map([...slices.values()].map((slice) => [slice.name, slice.digest]));
      const changed = [...next].filter(([name, digest]) => current.get(name) !== digest);
      current = next;
      if (changed.length > 0) newest = new Set(changed.map(([name]) => name));
      if (fault) for (const [, digest] of changed) if (!knownGood.has(digest)) failing.add(digest);
      remember();
    },
    setFault(on) {
      if (on === fault) return;
      fault = on;
      failing.clear();
      if (!on) return remember();
      for (const name of newest) {
        const digest = current.get(name);
        if (digest === undefined) continue;
        failing.add(digest);
        knownGood.delete(digest);
      }
    },
    isFailing(slice) {
      return failing.has(current.get(slice) ?? "");
    },
  };
}
