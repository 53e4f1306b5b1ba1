// Processes kept warm, a queue with priorities before them, and when a process is replaced. What is asked is not its business.
import PQueue from "p-queue";
import { err, ok, type Result } from "../../../protocol/result.ts";
import { backoffMs } from "../../retry.ts";
import type { ProviderFailure } from "../port.ts";
import type { ClaudeBounds } from "./bounds.ts";
import { type Profile, profileKey } from "./launch.ts";
import { rssMb } from "./rss.ts";
import type { Answer, Prompt, Session } from "./session.ts";
import { aborted, firstOf, stoppedBy } from "./stop.ts";

export interface PoolInput {
  size: number;
  bounds: ClaudeBounds;
  keepWarm: boolean; // a process that ends is replaced at once; else it is started when it is needed and ended when nobody needs it
  start(profile: Profile): Session;
}

export interface Task extends Prompt {
  profile: Profile;
  priority: number; // higher goes first
}

export interface Pool {
  run(task: Task): Promise<Result<Answer, ProviderFailure>>;
  /** Starts the processes of this profile now, in the place of those of another, so that the next prompt finds them there. */
  warm(profile: Profile): Promise<void>;
  close(): Promise<void>;
}

interface Slot {
  busy: boolean;
  session: Session | null;
  profile: Profile | null; // of the session, or of the last one
  usedAt: number;
  timer: NodeJS.Timeout | undefined; // to its end when nobody uses it
}

type Outcome = Result<Answer, ProviderFailure>;

const FIRST = Number.MAX_SAFE_INTEGER; // upkeep goes before prompts: they need its result

export function createPool({ size, bounds, keepWarm, start }: PoolInput): Pool {
  const queue = new PQueue({ concurrency: size });
  const slots = Array.from({ length: size }, (): Slot => ({ busy: false, session: null, profile: null, usedAt: 0, timer: undefined }));
  const closing = new AbortController();
  let badStarts = 0; // in a row
  let lastBad: { failure: ProviderFailure; until: number } | null = null;

  function launch(slot: Slot, profile: Profile): Session {
    const session = start(profile);
    slot.session = session;
    slot.profile = profile;
    void session.ready.then((there) => {
      if (closing.signal.aborted || (!there.ok && there.error.kind === "refused")) return; // it was the question's fault, not the machine's
      const pause = { baseMs: bounds.backoffBaseMs, capMs: bounds.backoffCapMs, random: () => 1 };
      lastBad = there.ok ? null : { failure: there.error, until: Date.now() + backoffMs(badStarts, pause) };
      badStarts = there.ok ? 0 : badStarts + 1;
    });
    return session;
  }

  async function drop(slot: Slot): Promise<void> {
    clearTimeout(slot.timer);
    const { session } = slot;
    slot.session = null;
    await session?.end();
  }

  /** A process of this profile in this place. After a start that failed nobody tries again for a while. */
  async function ready(slot: Slot, profile: Profile): Promise<Result<Session, ProviderFailure>> {
    if (slot.session !== null && !fits(slot, profile)) await drop(slot);
    const wait = (lastBad?.until ?? 0) - Date.now();
    if (slot.session === null && lastBad !== null && wait > 0) return err({ ...lastBad.failure, retryAfterMs: wait });
    if (closing.signal.aborted) return err(stoppedBy(closing.signal));
    const session = slot.session ?? launch(slot, profile);
    const there = await session.ready;
    if (there.ok) return ok(session);
    await drop(slot);
    return there;
  }

  /** Nearest to the profile: the same one, an empty place, the one that was not used for longest. */
  function pick(profile: Profile): Slot {
    const free = slots.filter((slot) => !slot.busy).sort((a, b) => a.usedAt - b.usedAt);
    const slot = free.find((one) => fits(one, profile)) ?? free.find((one) => one.session === null) ?? free[0];
    if (slot === undefined) throw new Error("the queue let in more prompts than there are processes");
    return slot;
  }

  async function hold(slot: Slot, work: () => Promise<unknown>): Promise<void> {
    slot.busy = true;
    clearTimeout(slot.timer);
    try {
      await work();
    } finally {
      slot.busy = false;
      slot.usedAt = Date.now();
      if (slot.session !== null && !closing.signal.aborted) slot.timer = setTimeout(upkeep, restMs(slot.session), slot).unref();
    }
  }

  /** The caller hears as soon as there is something to say; the place is free only when nothing more happens in it. */
  async function serve(slot: Slot, task: Task, tell: (outcome: Outcome) => void): Promise<void> {
    const starting = ready(slot, task.profile);
    const session = await Promise.race([starting, aborted(task.signal)]);
    const outcome = session.ok ? await session.value.prompt(task) : session;
    tell(outcome);
    await starting;
    await tidy(slot, outcome);
  }

  /** Forgets the prompt, or ends a process that has had its time and has the next one ready. */
  async function tidy(slot: Slot, outcome: Outcome): Promise<void> {
    const { session, profile } = slot;
    if (session === null) return;
    const relogin = !outcome.ok && outcome.error.kind === "unauthenticated"; // a login is read at the start only
    if (!relogin && !isWorn(session, bounds) && (await session.clear())) return;
    await drop(slot);
    if (keepWarm && profile !== null) await ready(slot, profile);
  }

  function restMs(session: Session): number {
    return keepWarm ? Math.max(0, session.startedAt + bounds.maxAgeMs - Date.now()) : bounds.idleMs;
  }

  /** A process that nobody asked anything until the end of its time. */
  function upkeep(slot: Slot): void {
    const work = async () => {
      if (slot.busy || slot.session === null || closing.signal.aborted) return;
      const { profile } = slot;
      await hold(slot, async () => {
        await drop(slot);
        if (keepWarm && profile !== null) await ready(slot, profile);
      });
    };
    queue.add(work, { priority: FIRST }).catch(() => {}); // a start that throws throws again for the next prompt, which tells it
  }

  async function run(task: Task): Promise<Outcome> {
    if (queue.size >= bounds.queueLimit) return err({ kind: "busy", message: `${bounds.queueLimit} prompts wait for claude already` });
    for (const signal of [task.signal, closing.signal]) if (signal.aborted) return err(stoppedBy(signal));
    const stop = firstOf([task.signal, closing.signal], bounds.promptMs);
    const { signal } = stop;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const waiting = new AbortController(); // p-queue would free the place of aborted work while it still runs
    const leave = () => waiting.abort();
    signal.addEventListener("abort", leave);
    const work = () => {
      signal.removeEventListener("abort", leave);
      const slot = pick(task.profile);
      return hold(slot, () => serve(slot, { ...task, signal }, resolve));
    };
    queue.add(work, { priority: task.priority, signal: waiting.signal }).catch((error: unknown) => {
      const thrown: ProviderFailure = { kind: "unreachable", message: `claude cannot be started: ${String(error)}`.slice(0, 300) };
      resolve(err(signal.aborted ? stoppedBy(signal) : thrown));
    });
    return promise.finally(stop.release);
  }

  return {
    run,
    async warm(profile) {
      const work = (slot: Slot) => async () => {
        if (!slot.busy && !fits(slot, profile)) await hold(slot, () => ready(slot, profile));
      };
      await Promise.all(slots.map((slot) => queue.add(work(slot), { priority: FIRST })));
    },
    async close() {
      closing.abort();
      await Promise.all(slots.map(drop));
      await queue.onIdle();
      await Promise.all(slots.map(drop));
    },
  };
}

function fits({ session, profile: has }: Slot, wanted: Profile): boolean {
  return session?.alive() === true && has !== null && profileKey(has) === profileKey(wanted);
}

function isWorn(session: Session, { maxPrompts, maxAgeMs, maxRssMb }: ClaudeBounds): boolean {
  if (!session.alive() || session.prompts() >= maxPrompts || Date.now() - session.startedAt >= maxAgeMs) return true;
  return session.pid !== undefined && (rssMb(session.pid) ?? 0) > maxRssMb;
}
