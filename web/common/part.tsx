// A part of the page that is loaded when it is first shown, like React.lazy, but one that could not be loaded can be tried again: React.lazy keeps its failure for ever.
import { type ComponentType, createElement, lazy } from "react";

/** The part is not here: the browser is offline, or the server has a newer one under another name. */
export class PartMissing extends Error {
  override name = "PartMissing";
}

const missing = new Set<() => void>();
const known = new Set<() => Promise<unknown>>();

export function part<M, P extends object>(load: () => Promise<M>, pick: (module: M) => ComponentType<P>): ComponentType<P> {
  const fail = (cause: unknown): never => {
    missing.add(() => {
      current = fresh();
    });
    throw new PartMissing("A part of the page could not be loaded.", { cause });
  };
  const fresh = (): ComponentType<P> => lazy(() => load().then((module) => ({ default: pick(module) }), fail));
  let current = fresh();
  known.add(load);
  return (props: P) => createElement(current, props);
}

/** What failed is asked for again when it is next shown. */
export function renewParts(): void {
  for (const renew of missing) renew();
  missing.clear();
}

/** One after the other, and what is in them as well; one that cannot be had is asked for again where it is shown. */
export async function loadParts(idle: () => Promise<void>): Promise<void> {
  for (const load of known) {
    await idle();
    await load().catch(() => undefined);
  }
}
