// What was tried to be sent, beside the draft in this tab: its Idempotency-Key outlives a lost answer, another page and a reload, so that the same
// request is never two intents. And who is told when it has been sent, wherever the person is by then.
import * as z from "zod";
import { newKey } from "../../state/key.ts";
import { Draft, type DraftStorage, EMPTY_DRAFT, keepDraft, readDraft } from "./draft.ts";

const STORED = "control-center.try";

const Try = z.object({ body: z.string(), key: z.string() });
type Try = z.infer<typeof Try>;

export interface Tries {
  /** The same for the same request until it has been sent. */
  keyFor(body: string): string;
  sent(body: string): void;
}

/** The last try under this name. `storage` null, or refusing: it is known as long as the caller lives. */
export function createTries(storage: DraftStorage | null, name: string): Tries {
  const slot = `${STORED}.${name}`;
  let last: Try | null = null;
  const stored = (): Try | null => {
    try {
      return Try.parse(JSON.parse(storage?.getItem(slot) ?? ""));
    } catch {
      return null;
    }
  };
  return {
    keyFor(body) {
      last = [last, stored()].find((one) => one?.body === body) ?? { body, key: newKey() };
      try {
        storage?.setItem(slot, JSON.stringify(last));
      } catch {
        // full or switched off
      }
      return last.key;
    },
    sent(body) {
      if (last?.body === body) last = null;
      if (stored()?.body === body) storage?.removeItem(slot);
    },
  };
}

function isSame(a: Draft, b: Draft): boolean {
  const whole = (draft: Draft) => JSON.stringify(Draft.parse(draft)); // its fields in one order
  return whole(a) === whole(b);
}

const watchers = new Set<(done: Draft) => void>(); // the box that is on the page, be it another one than the draft was sent from

/** Tells what has been sent from any box of this tab, until the answer is called. */
export function watchSent(watcher: (done: Draft) => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

/** The stored draft goes when it is the one that was sent: whoever comes back does not find it waiting to be sent once more. */
export function tellSent(storage: DraftStorage, name: string, done: Draft): void {
  keepDraft(storage, name, afterSent(readDraft(storage, name), done));
  for (const watcher of watchers) watcher(done);
}

/** What is in a box after this was sent: nothing, or what was written meanwhile. */
export function afterSent(now: Draft, done: Draft): Draft {
  return isSame(now, done) ? EMPTY_DRAFT : now;
}
