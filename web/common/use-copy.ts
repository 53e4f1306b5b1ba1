// Puts a text on the clipboard and tells for a moment whether that worked. Where the clipboard is missing (plain http) it did not.
import { useEffect, useState } from "react";

const TOLD_MS = 2_000;

export interface Copying {
  copied: boolean | null; // null: nothing to tell
  copy(text: string): void;
}

export function useCopy(): Copying {
  const [copied, setCopied] = useState<boolean | null>(null);
  useEffect(() => {
    if (copied === null) return;
    const timer = setTimeout(() => setCopied(null), TOLD_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (text: string) => {
    const done = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"));
    done.then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return { copied, copy };
}
