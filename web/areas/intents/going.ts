// Of all intents those that are not over: the ones that wait for a person, and the ones that are at work. Newest first. Pure.
import type { IntentRecord } from "../../../protocol/api.ts";
import type { IntentEntry } from "../../state/model.ts";
import { isSettled } from "../../state/pipeline.ts";
import type { Table } from "../../state/table.ts";
import { isWaitingForPerson } from "../../state/waiting.ts";

export interface Going {
  waiting: readonly IntentRecord[];
  running: readonly IntentRecord[];
}

export function goingOf({ rows }: Table<IntentEntry>): Going {
  const waiting: IntentRecord[] = [];
  const running: IntentRecord[] = [];
  for (const { record } of rows) {
    if (isWaitingForPerson(record)) waiting.push(record);
    else if (!isSettled(record)) running.push(record);
  }
  return { waiting, running };
}
