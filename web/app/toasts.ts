// Short messages after a command. They stack in a corner of their own, never over what one works with, and every error stays until it is closed.
import { createSlice, nanoid, type PayloadAction } from "@reduxjs/toolkit";
import type { Tone } from "../state/tones.ts";

export interface Toast {
  id: string;
  tone: Tone;
  message: string;
  href?: string; // where to look at what it is about
}

const MAX_TOASTS = 4; // the oldest go: a pile hides more than it tells

/** What was said of an object before is old news; a message of no object replaces only itself. */
function isReplaced(old: Toast, now: Toast): boolean {
  return now.href === undefined ? old.href === undefined && old.message === now.message : old.href === now.href;
}

export const toasts = createSlice({
  name: "toasts",
  initialState: [] as Toast[],
  reducers: {
    told: {
      prepare: (toast: Omit<Toast, "id">) => ({ payload: { ...toast, id: nanoid() } }),
      reducer: (state, { payload }: PayloadAction<Toast>) =>
        [...state.filter((toast) => !isReplaced(toast, payload)), payload].slice(-MAX_TOASTS),
    },
    closed: (state, { payload }: PayloadAction<string>) => state.filter(({ id }) => id !== payload),
  },
});

export const { told, closed } = toasts.actions;
