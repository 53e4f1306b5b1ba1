// Text that somebody else wrote (an intent, a site, a log, a commit): shown as text, with nothing hidden in it, whatever it holds.
import { visible } from "../state/visible.ts";

/** Isolated, so that a right-to-left name cannot turn around what stands beside it. */
export function Untrusted({ children }: { children: string }) {
  return <bdi>{visible(children)}</bdi>;
}
