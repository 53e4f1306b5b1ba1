// The Idempotency-Keys of one dialog: one for each thing that may be ordered in it, so that a second try is the same order and another choice is not.
import { useState } from "react";
import { newKey } from "../../state/key.ts";

export function useKeys(): (order: string) => string {
  const [keys] = useState(() => new Map<string, string>());
  return (order) => {
    const key = keys.get(order) ?? newKey();
    keys.set(order, key);
    return key;
  };
}
