// The links between the pages: real addresses, so that they can be opened in a tab of their own, followed without a reload.
import type { MouseEvent } from "react";
import { HOME_PATH, INTEGRATIONS_PATH, type Place } from "../use-path.ts";

const PAGES = [
  { path: HOME_PATH, name: "Pipeline" },
  { path: INTEGRATIONS_PATH, name: "Integrations" },
] as const;

export function Nav({ place }: { place: Place }) {
  const follow = (event: MouseEvent, path: string) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    place.go(path);
  };
  return (
    <nav className="nav" aria-label="Pages">
      {PAGES.map(({ path, name }) => (
        <a key={path} href={path} {...(place.path === path ? { "aria-current": "page" } : {})} onClick={(event) => follow(event, path)}>
          {name}
        </a>
      ))}
    </nav>
  );
}
