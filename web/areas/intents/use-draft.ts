// The draft in the box: kept for this tab through a reload and other pages, filled by a link, and what it replaced is one step back.
import { useCallback, useEffect, useRef, useState } from "react";
import { useSearchParams } from "wouter";
import { useAppSelector } from "../../app/store.ts";
import { type Draft, EMPTY_DRAFT, keepDraft, readDraft } from "./draft.ts";
import { afterSent, watchSent } from "./tries.ts";

export interface DraftHandle {
  draft: Draft;
  /** Something the person changes in it. */
  change(patch: Partial<Draft>): void;
  /** Another draft in its place. */
  replace(draft: Draft): void;
  /** Takes the last replacement back; null when there is none. */
  restore: (() => void) | null;
}

export function useDraft(onLinked: () => void): DraftHandle {
  const name = useAppSelector((state) => state.me.name);
  const [draft, setDraft] = useState(() => readDraft(window.sessionStorage, name));
  const [before, setBefore] = useState<Draft | null>(null);
  const current = useRef(draft);
  useEffect(() => {
    current.current = draft;
    keepDraft(window.sessionStorage, name, draft);
  }, [draft, name]);

  const change = useCallback((patch: Partial<Draft>) => setDraft((now) => ({ ...now, ...patch })), []);
  const replace = useCallback((next: Draft) => {
    const { text } = current.current;
    if (text.trim() !== "" && text !== next.text) setBefore(current.current);
    setDraft(next);
  }, []);
  useEffect(
    () =>
      watchSent((done) => {
        setBefore(null);
        setDraft((now) => afterSent(now, done));
      }),
    [],
  );
  useLinkedText((text) => {
    replace({ ...EMPTY_DRAFT, text });
    onLinked();
  });

  const back = () => {
    if (before !== null) setDraft(before);
    setBefore(null);
  };
  return { draft, change, replace, restore: before === null ? null : back };
}

/** `/?text=…` fills the box once: it leaves the address, so that a reload does not undo what was written since. */
function useLinkedText(onText: (text: string) => void): void {
  const [params, setParams] = useSearchParams();
  const text = params.get("text");
  const latest = useRef(onText);
  latest.current = onText;
  useEffect(() => {
    if (text === null) return;
    latest.current(text);
    setParams(
      (now) => {
        const rest = new URLSearchParams(now);
        rest.delete("text");
        return rest;
      },
      { replace: true },
    );
  }, [text, setParams]);
}
