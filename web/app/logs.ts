// The tails of the agents' logs, per intent. Ephemeral: what was sent while nobody looked is not here, and a reload forgets it.
import { createSlice, type PayloadAction } from "@reduxjs/toolkit";
import type { LogLine } from "../../protocol/log.ts";
import type { NumberedLine } from "../state/logtail.ts";

const LINES_PER_INTENT = 300;
const INTENTS = 30; // of which a tail is kept, the ones that spoke last

export const logs = createSlice({
  name: "logs",
  initialState: {} as Record<string, NumberedLine[]>,
  reducers: {
    logged(state, { payload }: PayloadAction<readonly LogLine[]>) {
      for (const line of payload) {
        if (line.intentId === null) continue;
        const before = state[line.intentId] ?? [];
        delete state[line.intentId]; // the one that spoke last is the last key
        state[line.intentId] = [...before, { ...line, number: (before.at(-1)?.number ?? 0) + 1 }].slice(-LINES_PER_INTENT);
      }
      for (const id of Object.keys(state).slice(0, -INTENTS)) delete state[id];
    },
  },
});

export const { logged } = logs.actions;
