// What stands around every page: the areas, how fresh the page is, who is there to work, banners when something is wrong, toasts, and one voice for screen readers.
import Box from "@mui/material/Box";
import { useCallback, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { askForBox, useSlash } from "../areas/intents/use-slash.ts";
import { announcement } from "../state/announce.ts";
import { visible } from "../state/visible.ts";
import { Banners } from "./banners.tsx";
import { Header } from "./header.tsx";
import { BottomNav, SideNav } from "./nav.tsx";
import { paths } from "./paths.ts";
import { usePrefetch } from "./prefetch.ts";
import { Routes } from "./routes.tsx";
import { NAV_PX, PAGE_PX } from "./sizes.ts";
import { useAppSelector } from "./store.ts";
import { Toasts } from "./toast-list.tsx";
import { useKeptFocus } from "./use-kept-focus.ts";
import { useKeepWaiting } from "./waiting.ts";

export function Shell({ onSignOut }: { onSignOut(): void }) {
  const { t } = useTranslation();
  useFocusOnNewPage();
  useKeptFocus();
  useKeepWaiting();
  usePrefetch();
  useSlashToHome();
  return (
    <>
      <a className="skip" href="#content">
        {t("skip.to_content")}
      </a>
      <Header onSignOut={onSignOut} />
      <Box sx={{ display: "flex", alignItems: "flex-start", maxWidth: PAGE_PX, mx: "auto" }}>
        <SideNav width={NAV_PX} />
        <Box
          component="main"
          id="content"
          tabIndex={-1}
          // --sticky-top: below the header, for what stays in sight on a page; in a dialog there is none above.
          sx={{ "--sticky-top": "56px", flex: 1, minWidth: 0, p: { xs: 1.5, md: 2.5 }, pb: { xs: 10, md: 4 }, outline: "none" }}
        >
          <Banners />
          <Routes />
        </Box>
      </Box>
      <BottomNav />
      <Toasts />
      <Announcer />
    </>
  );
}

/** A screen reader and the keyboard go along to the new page; at the first load the browser has its own say. */
function useFocusOnNewPage(): void {
  const [path] = useLocation();
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    window.scrollTo(0, 0);
    const content = document.getElementById("content");
    if (content?.querySelector("textarea:focus") === null) content.focus({ preventScroll: true }); // not from the box that was asked for
  }, [path]);
}

/** `/` asks for the box on the first page, from any other one as well. */
function useSlashToHome(): void {
  const [path, go] = useLocation();
  const onSlash = useCallback(() => {
    askForBox();
    go(paths.home);
  }, [go]);
  useSlash(onSlash, path !== paths.home);
}

function Announcer() {
  const { t } = useTranslation();
  const news = useAppSelector((state) => announcement(state.feed)); // the event and the words of its intent
  return (
    <p className="visually-hidden" aria-live="polite">
      {news === null ? "" : `${t(`event.${news.type}`)}: ${visible(news.text)}`}
    </p>
  );
}
