// A part of a store as the feed knows it: its present state, a way to change it, listeners. What keeps it is no concern of the feed.

export interface Store<S, A> {
  getState(): S;
  dispatch(action: A): void;
  subscribe(listener: () => void): () => void;
}
