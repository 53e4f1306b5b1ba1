// The site's reconciler: fetch, read, validate, apply; one pass at a time, again at once when news came during a pass. Honours the sync fault.
import { setTimeout as delay } from "node:timers/promises";
import type { Faults } from "../faults.ts";
import type { SiteClone, TreeFile } from "./clone.ts";
import { KNV, type ParsedFile, parseFile, type SyncError } from "./manifest.ts";
import { readPackages, type SitePackages, type SiteSlice } from "./packages.ts";

export interface SyncState {
  seen: string | null; // the newest commit that the site knows of
  commit: string | null; // the commit in force
  phase: "syncing" | "synced" | "failed";
  failedAt: "source" | "rendering" | "sync" | null;
  errors: SyncError[];
  packages: SitePackages;
  changedAt: Date;
}

type SyncFault = Pick<Faults, "sync" | "message">;

export interface Reconciler {
  readonly state: SyncState;
  /** There may be news; never waits. */
  look(): void;
  /** Also interrupts the wait of a slow site. */
  setFault(fault: SyncFault): void;
  /** Resolves when the pass under way, if any, has ended. Call it after the signal has fired. */
  settled(): Promise<void>;
}

export interface ReconcilerOptions {
  siteId: string;
  openClone(): Promise<SiteClone>;
  slowMs: number;
  signal: AbortSignal;
  onApplied(slices: ReadonlyMap<string, SiteSlice>): void;
}

const EMPTY: SitePackages = { slices: new Map(), manifests: [], errors: [], failedAt: null };

/** Texts are parsed once per blob; blobs that the tree no longer names are forgotten. */
function createParser(clone: () => SiteClone, signal: AbortSignal) {
  let known = new Map<string, ParsedFile>();
  return async (files: readonly TreeFile[]): Promise<Map<string, ParsedFile>> => {
    const blobs = new Set(files.filter((file) => /\.ya?ml$|(^|\/)Kptfile$/.test(file.path)).map((file) => file.blob));
    const texts = await clone().read(
      [...blobs].filter((blob) => !known.has(blob)),
      signal,
    );
    const next = new Map<string, ParsedFile>();
    for (const blob of blobs) next.set(blob, known.get(blob) ?? parseFile(texts.get(blob) ?? ""));
    known = next;
    return next;
  };
}

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { signal } = options;
  const state: SyncState = {
    seen: null,
    commit: null,
    phase: "syncing",
    failedAt: null,
    errors: [],
    packages: EMPTY,
    changedAt: new Date(),
  };
  let fault: SyncFault = { sync: "ok" };
  let faultChanged = new AbortController();
  let clone: SiteClone | null = null;
  let pass: Promise<void> | null = null;
  let again = false;

  function move(change: Partial<SyncState>): void {
    Object.assign(state, change, { changedAt: new Date() });
  }

  const parse = createParser(() => {
    if (clone === null) throw new Error("the clone is not open");
    return clone;
  }, signal);

  async function apply(opened: SiteClone, head: string): Promise<void> {
    const files = await opened.list(head, signal);
    const packages = readPackages(files, await parse(files));
    if (packages.failedAt !== null) return move({ phase: "failed", failedAt: packages.failedAt, errors: packages.errors });
    move({ commit: head, phase: "synced", failedAt: null, errors: [], packages });
    options.onApplied(packages.slices);
  }

  async function reconcile(): Promise<void> {
    clone ??= await options.openClone();
    const head = await clone.fetch(signal);
    state.seen = head;
    if (fault.sync === "fail") {
      const message = fault.message ?? `simulated fault: the API server refused the objects of sites/${options.siteId}`;
      return move({ phase: "failed", failedAt: "sync", errors: [{ code: KNV.apply, message, path: `sites/${options.siteId}` }] });
    }
    if (head === state.commit) {
      if (state.phase !== "synced") move({ phase: "synced", failedAt: null, errors: [] });
      return;
    }
    if (state.phase !== "syncing") move({ phase: "syncing", failedAt: null, errors: [] });
    if (fault.sync === "stuck") return;
    if (fault.sync === "slow") {
      const woken = AbortSignal.any([signal, faultChanged.signal]);
      await delay(options.slowMs, undefined, { signal: woken }).catch(() => undefined);
      if (woken.aborted) return look();
    }
    await apply(clone, head);
  }

  async function run(): Promise<void> {
    do {
      again = false;
      try {
        await reconcile();
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        if (!signal.aborted) move({ phase: "failed", failedAt: "source", errors: [{ code: KNV.source, message: said, path: "" }] });
      }
    } while (again && !signal.aborted);
    pass = null;
  }

  function look(): void {
    if (signal.aborted) return;
    if (pass !== null) again = true;
    else pass = run();
  }

  return {
    state,
    look,
    setFault(next) {
      const same = next.sync === fault.sync;
      if (same && next.message === fault.message) return;
      fault = next;
      if (same) return look();
      faultChanged.abort();
      faultChanged = new AbortController();
      look();
    },
    settled: () => pass ?? Promise.resolve(),
  };
}
