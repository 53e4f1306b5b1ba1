// `/` goes to the box from anywhere on the page, unless one is typing elsewhere or a dialog is open.
import { useEffect } from "react";

const TYPING = "input, textarea, select, [contenteditable], [role=dialog] *";

let asked = false; // from another page, which is gone when the box is there

export function askForBox(): void {
  asked = true;
}

/** Once for each time that it was asked for. */
export function isBoxAsked(): boolean {
  const was = asked;
  asked = false;
  return was;
}

export function useSlash(onSlash: () => void, on = true): void {
  useEffect(() => {
    if (!on) return;
    const onKey = (event: KeyboardEvent) => {
      const { key, target, ctrlKey, metaKey, altKey, isComposing, defaultPrevented } = event;
      if (key !== "/" || ctrlKey || metaKey || altKey || isComposing || defaultPrevented) return;
      if (target instanceof Element && target.matches(TYPING)) return;
      if (document.querySelector("[role=dialog]") !== null) return;
      event.preventDefault();
      onSlash();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [onSlash, on]);
}
