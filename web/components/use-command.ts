// A command that a button starts: one at a time, its error kept until the next try.
import { useCallback, useRef, useState } from "react";

export interface Command {
  pending: boolean;
  error: unknown; // undefined when there is none
  run(work: () => Promise<unknown>): void;
}

export function useCommand(): Command {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const busy = useRef(false); // a double click is faster than a render
  const run = useCallback((work: () => Promise<unknown>) => {
    if (busy.current) return;
    busy.current = true;
    setPending(true);
    setError(undefined);
    work()
      .catch((cause: unknown) => setError(cause))
      .finally(() => {
        busy.current = false;
        setPending(false);
      });
  }, []);
  return { pending, error, run };
}
