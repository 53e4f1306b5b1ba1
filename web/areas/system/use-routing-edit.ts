// What somebody has changed of the order and not saved yet: it outlives a look at another page, and ends with the session.
import { useState } from "react";
import { useStore } from "react-redux";
import type { RoutingEdit } from "../../state/integrations.ts";

const edits = new WeakMap<object, RoutingEdit>(); // by the session's store

export function useRoutingEdit(): [RoutingEdit | null, (edit: RoutingEdit | null) => void] {
  const store = useStore();
  const [edit, setEdit] = useState(() => edits.get(store) ?? null);
  const keep = (next: RoutingEdit | null) => {
    if (next === null) edits.delete(store);
    else edits.set(store, next);
    setEdit(next);
  };
  return [edit, keep];
}
