// What of a look at a site is drift, in words. Pure; the loop says what was seen, and when it was quiet enough to judge.
import type { Drift } from "../../protocol/site.ts";
import type { ResourceReport, TreeDrift } from "../ports.ts";

const MAX_DRIFTS = 50; // of one site, as the protocol has it
const MAX_DIFF_CHARS = 24_000; // of one site: it travels with a heartbeat and with an event
const MAX_MESSAGE = 500;

export interface SiteLook {
  tree: TreeDrift;
  commit: string | null; // in force at the site, as it says
  behind: boolean; // it has run a state that is not the branch's for too long
  quiet: boolean; // nothing was changed there through the control centre just now
  busy: ReadonlySet<string>; // slices that somebody is changing
  synced: boolean; // the site is at rest
  running: ReadonlyMap<string, ResourceReport> | null; // slices of which it has resources; null: it does not say
  before: readonly Drift[]; // as it was found last
}

/** While it cannot be judged, what was found before stays. */
export function siteDrift(look: SiteLook): Drift[] {
  const { tree, quiet, busy, before } = look;
  const kept = (kind: Drift["kind"]) => before.filter((one) => one.kind === kind);
  const found = [
    ...tree.changed.map(({ slice, commit, diff }) =>
      drift("slice_files", slice, {
        diff,
        message: `the files of ${slice} on the branch are not those of its deployment's commit ${short(commit)}`,
      }),
    ),
    ...tree.missing.map((slice) => drift("missing_slice", slice, { message: `${slice} is deployed here and gone from the branch` })),
  ].filter(({ slice }) => slice !== null && !busy.has(slice));
  const unmanaged = quiet
    ? tree.unmanaged.map((slice) =>
        drift("unmanaged_slice", slice, { message: `sites/${tree.site}/slices/${slice} is on the branch, and no deployment put it there` }),
      )
    : kept("unmanaged_slice");
  return [...found, ...unmanaged, ...(quiet ? resources(look) : kept("resources")), ...(quiet ? behind(look) : kept("behind"))].slice(
    0,
    MAX_DRIFTS,
  );
}

/** A site that is still applying something is judged when it is at rest. */
function resources({ tree, running, synced, before, busy }: SiteLook): Drift[] {
  if (running === null || tree.inForce === null || !synced) return before.filter((one) => one.kind === "resources");
  const wanted = new Set(tree.inForce);
  const present = [...running].filter(([, { phase }]) => phase !== "absent").map(([slice]) => slice);
  const extra = present
    .filter((slice) => !wanted.has(slice))
    .map((slice) => drift("resources", slice, { message: `the site runs ${slice}, which git does not have at the commit in force` }));
  const lacking = [...wanted]
    .filter((slice) => !present.includes(slice))
    .map((slice) => drift("resources", slice, { message: `git has ${slice} at the commit in force, and the site runs nothing of it` }));
  return [...extra, ...lacking].filter(({ slice }) => slice !== null && !busy.has(slice));
}

function behind({ behind: late, commit }: SiteLook): Drift[] {
  if (!late || commit === null) return [];
  return [
    drift("behind", null, {
      message: `the site runs commit ${short(commit)} and does not follow the branch, which has something else for it`,
    }),
  ];
}

function short(commit: string): string {
  return commit.slice(0, 10);
}

function drift(kind: Drift["kind"], slice: string | null, { message, diff = "" }: { message: string; diff?: string }): Drift {
  return { kind, slice, message: message.slice(0, MAX_MESSAGE), diff };
}

/** The first diffs stay whole; of the others it is only said that there are some. */
export function capDiffs(all: readonly Drift[]): Drift[] {
  let left = MAX_DIFF_CHARS;
  return all.map((one) => {
    left -= one.diff.length;
    return left >= 0 ? one : { ...one, diff: "" };
  });
}
