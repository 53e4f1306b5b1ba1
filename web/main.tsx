// The entry of the page: takes a token from the sign-in link, then renders.
import "./zod-setup.ts"; // first: it sets how the schemas below are built
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { startLanguage } from "./i18n/index.ts";
import { keepToken, type TokenStores, tokenOfFragment } from "./session.ts";
import "./base.css";

const stores: TokenStores = { tab: window.sessionStorage, browser: window.localStorage };

/** The token must not stay in the address bar, the history or a bookmark. */
function takeTokenOfLink(): boolean {
  const token = tokenOfFragment(window.location.hash);
  if (token === undefined) return false;
  keepToken(stores, token, false);
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  return true;
}

takeTokenOfLink();
// A sign-in link opened in a tab that is here already changes the fragment only.
window.addEventListener("hashchange", () => takeTokenOfLink() && window.location.reload());

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
await startLanguage();
createRoot(root).render(
  <StrictMode>
    <App stores={stores} />
  </StrictMode>,
);
