// watch and events: what happens now.
import { EventPage } from "../../../protocol/api.ts";
import type { DurableEvent } from "../../../protocol/event.ts";
import type { Api } from "../client.ts";
import type { Command, Context, Input } from "../command.ts";
import { CommandFailure, EXIT, type ExitCode, usage } from "../failure.ts";
import { openNudges } from "../nudges.ts";
import { eventLine } from "../progress-view.ts";
import { watchAndReport } from "../report.ts";
import { WATCH_TIMEOUT_MS } from "../watch.ts";

const LAST = 50; // shown when nobody says from where
const PAGE = 500;
const POLL_MS = 1_000;
const IDLE_POLL_MS = 10_000; // the socket is up
const LONELY_MS = 60_000; // a server that is restarted comes back in this time

async function watch(context: Context, input: Input): Promise<ExitCode> {
  const api = await context.api();
  return watchAndReport(context, { api, intentId: input.words[0] ?? "", timeoutMs: input.timeoutMs(WATCH_TIMEOUT_MS) });
}

function pageAfter(api: Api, after: number, { signal, limit = PAGE }: { signal: AbortSignal; limit?: number }) {
  return api.get(`api/v1/events?after=${after}&limit=${limit}`, EventPage, signal);
}

async function events(context: Context, input: Input): Promise<ExitCode> {
  const { out, signal } = context;
  const after = input.number("after");
  const follow = input.flag("follow");
  if (after !== undefined && !(Number.isInteger(after) && after >= 0)) throw usage("--after takes the seq of an event");
  const api = await context.api();
  const { head } = await pageAfter(api, after ?? 0, { signal, limit: 1 });
  const from = after ?? Math.max(0, follow ? head : head - LAST);
  if (follow) return followFrom(context, api, { from, timeoutMs: input.timeoutMs(Number.POSITIVE_INFINITY) });
  const page = await pageAfter(api, from, { signal });
  if (out.json) out.document(page);
  for (const event of page.events) out.text(lineOf(event));
  return EXIT.ok;
}

interface From {
  from: number;
  timeoutMs: number;
}

/** Until Ctrl-C or --timeout. A server that is away is waited for, with a bound. */
async function followFrom(context: Context, api: Api, { from, timeoutMs }: From): Promise<ExitCode> {
  const { out } = context;
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  const nudges = openNudges({ api, signal, matters: () => true });
  const end = performance.now() + timeoutMs;
  let seq = from;
  let answeredAt = performance.now();
  try {
    for (;;) {
      const page = await pageAfter(api, seq, { signal }).catch((error: unknown) => {
        const bearable =
          error instanceof CommandFailure && error.exitCode === EXIT.unreachable && performance.now() - answeredAt < LONELY_MS;
        if (!bearable) throw error;
        return null;
      });
      if (page !== null) answeredAt = performance.now();
      for (const event of page?.events ?? []) {
        seq = event.seq;
        if (out.json) out.record(event);
        else out.text(lineOf(event));
      }
      const left = end - performance.now();
      if (left <= 0) return EXIT.ok;
      if (page !== null && page.events.length === PAGE) continue;
      await nudges.next(Math.min(left, nudges.connected() ? IDLE_POLL_MS : POLL_MS));
      context.signal.throwIfAborted();
    }
  } finally {
    over.abort();
  }
}

function lineOf(event: DurableEvent): string {
  return `${String(event.seq).padStart(6)}  ${eventLine(event, null)}${event.intentId === null ? "" : `  ${event.intentId}`}`;
}

export const FOLLOW_COMMANDS: readonly Command[] = [
  {
    ...{ name: "watch", takes: "INTENT", min: 1, max: 1, about: "follow an intent; ends as it ends (--timeout, else 10 min)", run: watch },
    options: {},
  },
  {
    ...{ name: "events", takes: "", min: 0, max: 0, about: "what happened, and with --follow what happens", run: events },
    options: { follow: { about: "go on until Ctrl-C or --timeout" }, after: { value: "SEQ", about: "only events after this one" } },
  },
];
