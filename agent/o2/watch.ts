// Follows one intent until it ends, needs a person, or the time is up. Asks over HTTP; the room's socket only says when.
import { EventPage, IntentRecord, IntentStatusView } from "../../protocol/api.ts";
import type { DurableEvent } from "../../protocol/event.ts";
import type { Api } from "./client.ts";
import type { Context } from "./command.ts";
import { CommandFailure, EXIT, type ExitCode, outcomeOf } from "./failure.ts";
import { openNudges } from "./nudges.ts";
import { advance, noProgress, type Progress } from "./progress.ts";
import { eventLine, renderProgress } from "./progress-view.ts";
import { createScreen, type Screen } from "./screen.ts";

export const WATCH_TIMEOUT_MS = 10 * 60_000;
const POLL_MS = 1_000;
const IDLE_POLL_MS = 5_000; // the socket is up: only a lost nudge waits for this
const LONELY_MS = 60_000; // a server that is restarted comes back in this time
const PAGE = 1_000;

export interface Watched {
  api: Api;
  intentId: string;
  timeoutMs: number;
  /** False: wait only. */
  show: boolean;
}

export interface Outcome {
  exitCode: ExitCode;
  view: IntentStatusView;
  progress: Progress;
}

/** What is known now: how far, and since when nobody answered (null while somebody does). */
interface Seen {
  seq: number;
  progress: Progress;
  view: IntentStatusView;
  lonelySince: number | null;
}

export async function watchIntent(context: Context, watched: Watched): Promise<Outcome> {
  const { api, intentId, show } = watched;
  const path = `api/v1/intents/${encodeURIComponent(intentId)}`;
  const { dryRun, text } = await api.get(path, IntentRecord, context.signal);
  const seen: Seen = { seq: 0, progress: { ...noProgress(), text }, view: await readStatus(api, path, context.signal), lonelySince: null };
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  const nudges = openNudges({ api, signal, matters: (event) => event.intentId === intentId });
  const screen = show && context.out.tty ? createScreen(context.out, (tick) => linesOf(context, seen, tick)) : null;
  const deadline = performance.now() + watched.timeoutMs;
  try {
    for (;;) {
      const fresh = await look(api, path, { seen, signal: context.signal });
      if (show) tell(context, screen, { seen, fresh });
      const exitCode = seen.lonelySince === null ? outcomeOf({ ...seen.view, dryRun, rendered: isRendered(seen.progress) }) : null;
      if (exitCode !== null) return { exitCode, view: seen.view, progress: seen.progress };
      const left = deadline - performance.now();
      if (left <= 0) return { exitCode: EXIT.running, view: seen.view, progress: seen.progress };
      await nudges.next(Math.min(left, nudges.connected() ? IDLE_POLL_MS : POLL_MS));
      context.signal.throwIfAborted();
    }
  } finally {
    screen?.close();
    over.abort();
  }
}

function isRendered(progress: Progress): boolean {
  return progress.steps.get("render")?.state === "done";
}

const readStatus = (api: Api, path: string, signal: AbortSignal) => api.get(`${path}/status`, IntentStatusView, signal);

interface Look {
  seen: Seen;
  signal: AbortSignal;
}

/** The status first: whatever made it so is among the events that are read next. A server that is away is waited for, with a bound. */
async function look(api: Api, path: string, { seen, signal }: Look): Promise<DurableEvent[]> {
  try {
    const view = await readStatus(api, path, signal);
    const fresh: DurableEvent[] = [];
    for (;;) {
      const after = fresh.at(-1)?.seq ?? seen.seq;
      const { events } = await api.get(`${path}/events?after=${after}&limit=${PAGE}`, EventPage, signal);
      fresh.push(...events);
      if (events.length < PAGE) break;
    }
    seen.view = view;
    seen.seq = fresh.at(-1)?.seq ?? seen.seq;
    seen.progress = fresh.reduce(advance, seen.progress);
    seen.lonelySince = null;
    return fresh;
  } catch (error) {
    if (!(error instanceof CommandFailure) || error.exitCode !== EXIT.unreachable) throw error;
    seen.lonelySince ??= performance.now();
    if (performance.now() - seen.lonelySince > LONELY_MS) throw error;
    return [];
  }
}

function tell({ out }: Context, screen: Screen | null, { seen, fresh }: { seen: Seen; fresh: readonly DurableEvent[] }): void {
  if (out.json) for (const event of fresh) out.record(event);
  else if (screen === null) for (const event of fresh) out.text(eventLine(event, seen.progress.startedAt));
  else screen.draw();
}

function linesOf({ out }: Context, { progress, view, lonelySince }: Seen, tick: number): string[] {
  const waiting = lonelySince === null ? waitingText(view) : "the server does not answer; trying again";
  return renderProgress(progress, {
    ...{ intentId: view.intentId, status: view.status, waiting, tick },
    ...{ now: Date.now(), columns: out.columns(), paint: out.paint },
  });
}

function waitingText({ waitingFor }: IntentStatusView): string {
  if (waitingFor === "agent") return "waiting for an agent";
  return waitingFor === "freeze" ? "waiting for the end of a freeze window" : "";
}
