// `/` goes to the box from anywhere on the page, unless one is typing elsewhere or a dialog is open.
import { useEffect } from "react";

const TYPING = "input, textarea, select, [contenteditable], [role=dialog] *";

export function useSlash(onSlash: () => void): void {
  useEffect(() => {
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
  }, [onSlash]);
}
