// The newest durable events, kept to bring an answer of REST up to date that was asked for before them. In chunks, so that a batch copies
// the last chunk and not the whole. How it is cut into chunks depends on the events alone, not on the batches they came in.
import type { DurableEvent } from "../../protocol/event.ts";

/** What comes at 1,000 events/s in the 15 s that a REST answer may take (api.ts). */
export const REPLAY_LIMIT = 16_000;
const CHUNK = 256;

export interface EventLog {
  from: number; // every event after this seq is here
  size: number;
  chunks: readonly (readonly DurableEvent[])[]; // oldest first
}

export const EMPTY_LOG: EventLog = { from: 0, size: 0, chunks: [] };

/** `events` in order and newer than all that is there. */
export function appended(log: EventLog, events: readonly DurableEvent[]): EventLog {
  const chunks = [...log.chunks];
  for (let done = 0; done < events.length; ) {
    const last = chunks.at(-1);
    const open = last !== undefined && last.length < CHUNK ? last : [];
    const chunk = [...open, ...events.slice(done, done + CHUNK - open.length)];
    chunks.splice(open === last ? -1 : chunks.length, 1, chunk);
    done += chunk.length - open.length;
  }
  return trimmed({ ...log, size: log.size + events.length, chunks });
}

function trimmed({ from, size, chunks }: EventLog): EventLog {
  let left = size;
  let dropped = 0;
  for (const chunk of chunks) {
    if (left - chunk.length < REPLAY_LIMIT) break;
    left -= chunk.length;
    dropped += 1;
  }
  const last = chunks[dropped - 1]?.at(-1);
  return { from: last?.seq ?? from, size: left, chunks: dropped === 0 ? chunks : chunks.slice(dropped) };
}

/** The kept events after `seq`, oldest first. */
export function since(log: EventLog, seq: number): DurableEvent[] {
  const newer = log.chunks.filter((chunk) => (chunk.at(-1)?.seq ?? 0) > seq);
  return newer.flatMap((chunk, index) => (index === 0 ? chunk.filter((event) => event.seq > seq) : chunk));
}

/** Whether no event after `seq` is missing here. */
export function reaches(log: EventLog, seq: number): boolean {
  return log.from <= seq;
}
