// The page's one store: what the feed knows, how the connection is, the log tails, the toasts, and RTK Query's cache. One per signed-in token.
import { type Action, configureStore, createAction, type ThunkDispatch } from "@reduxjs/toolkit";
import { useDispatch, useSelector } from "react-redux";
import type { Me } from "../../protocol/api.ts";
import type { Api } from "../api.ts";
import { EMPTY_LIVE, type Live } from "../feed.ts";
import { type FeedAction, reduceFeed } from "../state/feed.ts";
import { EMPTY_FEED } from "../state/model.ts";
import type { Store } from "../state/store.ts";
import { logs } from "./logs.ts";
import { server } from "./server.ts";
import { toasts } from "./toasts.ts";

/** What a thunk or a query finds as `extra`. */
export interface Extra {
  api: Api;
  touch(intentId: string): void; // a command was given: what it changed is read again
}

export const feedApplied = createAction<FeedAction>("feed/apply");
const liveChanged = createAction<Partial<Live>>("live/change");

function feed(state = EMPTY_FEED, action: Action) {
  return feedApplied.match(action) ? reduceFeed(state, action.payload) : state;
}

function live(state: Live = EMPTY_LIVE, action: Action): Live {
  return liveChanged.match(action) ? { ...state, ...action.payload } : state;
}

export function createAppStore(extra: Extra, me: Me) {
  return configureStore({
    reducer: {
      feed,
      live,
      me: (state: Me = me) => state,
      logs: logs.reducer,
      toasts: toasts.reducer,
      [server.reducerPath]: server.reducer,
    },
    // The development checks walk the whole state at each action: ten thousand intents, twenty times a second.
    middleware: (defaults) =>
      defaults({ thunk: { extraArgument: extra }, serializableCheck: false, immutableCheck: false }).concat(server.middleware),
    devTools: import.meta.env.DEV,
  });
}

export type AppStore = ReturnType<typeof createAppStore>;
export type RootState = ReturnType<AppStore["getState"]>;
export type AppDispatch = ThunkDispatch<RootState, Extra, Action> & AppStore["dispatch"];

export const useAppSelector = useSelector.withTypes<RootState>();
export const useAppDispatch = useDispatch.withTypes<AppDispatch>();

/** The two parts of the store that the feed's loop writes, in the form it knows. */
export function feedStores(store: AppStore): { state: Store<RootState["feed"], FeedAction>; live: Store<Live, Partial<Live>> } {
  return {
    state: {
      getState: () => store.getState().feed,
      dispatch: (action) => void store.dispatch(feedApplied(action)),
      subscribe: (listener) => store.subscribe(listener),
    },
    live: {
      getState: () => store.getState().live,
      dispatch: (patch) => void store.dispatch(liveChanged(patch)),
      subscribe: (listener) => store.subscribe(listener),
    },
  };
}
