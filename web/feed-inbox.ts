// Gathers the events that the room pushes, so that a thousand a second are twenty changes of the page and not a thousand.
import type { DurableEvent } from "../protocol/event.ts";

const GATHER_MS = 50; // between two changes of the page; a person sees no difference
const MAX_WAITING = 2_000; // never more than this waits, whatever becomes of the timers

export interface InboxDeps {
  now(): number;
  lastSeq(): number; // up to where everything is applied
  take(events: readonly DurableEvent[]): void;
}

export interface Inbox {
  put(events: readonly DurableEvent[]): void;
  /** Takes what waits, save what is ahead of a gap. */
  flush(): void;
  /** A gap may have been closed: takes what waited behind it too. */
  release(): void;
  stop(): void;
}

/**
 * On a quiet page events are taken at once. They are never left to the timer alone: in a hidden tab it comes once a second or once a
 * minute, so every frame looks at the clock itself. What is ahead of a gap is passed on once, so that the gap is known, and then kept until it
 * is closed: thrown away it would be the next gap, and under a steady stream there would always be one.
 */
export function createInbox({ now, lastSeq, take }: InboxDeps): Inbox {
  let waiting: DurableEvent[] = [];
  let isAhead = false; // all that waits is behind a gap
  let takenAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function release(): void {
    clearTimeout(timer);
    timer = undefined;
    isAhead = false;
    if (waiting.length === 0) return;
    const events = waiting;
    waiting = [];
    take(events);
    takenAt = now(); // afterwards: the page has its pause even if the change itself took long
    const applied = lastSeq();
    waiting = events.filter((event) => event.seq > applied);
    isAhead = waiting.length > 0;
  }

  function flush(): void {
    if (!isAhead) release();
  }

  function hasGap(events: readonly DurableEvent[]): boolean {
    let last = Math.max(waiting.at(-1)?.seq ?? 0, lastSeq());
    return events.some((event) => {
      const gap = event.seq > last + 1;
      last = Math.max(last, event.seq);
      return gap;
    });
  }

  return {
    put(events) {
      const gap = !isAhead && hasGap(events);
      waiting.push(...events);
      if (waiting.length >= MAX_WAITING) {
        release();
        waiting = []; // the gap is wide: the fill brings these as well
        isAhead = false;
        return;
      }
      if (isAhead) return;
      const wait = takenAt + GATHER_MS - now();
      if (gap || wait <= 0) release();
      else timer ??= setTimeout(flush, Math.min(wait, GATHER_MS)); // min: the clock may have been set back
    },
    flush,
    release,
    stop() {
      clearTimeout(timer);
      waiting = [];
    },
  };
}
