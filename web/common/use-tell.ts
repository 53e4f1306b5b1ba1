// How a page tells that a command was taken or refused: by a toast, in the viewer's language.
import { useCallback } from "react";
import { useAppDispatch } from "../app/store.ts";
import { told } from "../app/toasts.ts";
import { asFailure } from "../state/problem.ts";
import { useProblemWords } from "./problem.tsx";

export interface Tell {
  done(message: string, href?: string): void;
  failed(problem: unknown): void;
}

export function useTell(): Tell {
  const dispatch = useAppDispatch();
  const words = useProblemWords();
  const done = useCallback(
    (message: string, href?: string) => void dispatch(told({ tone: "done", message, ...(href === undefined ? {} : { href }) })),
    [dispatch],
  );
  const failed = (problem: unknown) => {
    const failure = asFailure(problem);
    if (failure !== null) dispatch(told({ tone: "failed", message: words(failure) }));
  };
  return { done, failed };
}
