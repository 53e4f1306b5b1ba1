// What has the focus may go away while one works: a button whose command was taken, a row that has ended. The focus then goes to what that
// stood in, so that the keyboard and a screen reader go on from there; it is never on nothing. A focus that was left on purpose stays left.
import { useEffect } from "react";

const PLACES = "[role=dialog], section, form, li, main"; // what can have the focus in place of something within it

export function useKeptFocus(): void {
  useEffect(() => {
    let path: Element[] = []; // what had the focus last, and what it stood in, from within
    const note = ({ target }: FocusEvent) => {
      path = target instanceof Element ? withAncestors(target) : [];
    };
    const keep = () => {
      const gone = path[0]?.isConnected === false && document.activeElement === document.body;
      const place = gone ? path.find((one) => one.isConnected && one.matches(PLACES)) : undefined;
      if (!(place instanceof HTMLElement)) return;
      if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
      place.focus({ preventScroll: true });
    };
    const watcher = new MutationObserver(keep);
    watcher.observe(document.body, { childList: true, subtree: true });
    document.addEventListener("focusin", note);
    return () => {
      watcher.disconnect();
      document.removeEventListener("focusin", note);
    };
  }, []);
}

function withAncestors(element: Element): Element[] {
  const path: Element[] = [];
  for (let at: Element | null = element; at !== null; at = at.parentElement) path.push(at);
  return path;
}
