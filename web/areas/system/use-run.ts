// A command that a button starts: one at a time, its failure kept until the next try. For any RTK mutation, whose answer is data or an error.
import { useCallback, useRef, useState } from "react";

export interface Run {
  busy: boolean;
  problem: unknown; // undefined when there is none
  /** Whether it went well. */
  run(work: () => Promise<{ error?: unknown }>): Promise<boolean>;
}

export function useRun(): Run {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(undefined);
  const running = useRef(false); // a double click is faster than a rendering
  const run = useCallback(async (work: () => Promise<{ error?: unknown }>) => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setProblem(undefined);
    const { error } = await work();
    running.current = false;
    setBusy(false);
    setProblem(error);
    return error === undefined;
  }, []);
  return { busy, problem, run };
}
