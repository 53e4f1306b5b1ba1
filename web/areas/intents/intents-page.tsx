// The first page: the box on top, then what goes on now, then every intent there was.
import { useCallback, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useAppSelector } from "../../app/store.ts";
import { Loading } from "../../common/empty.tsx";
import { Page } from "../../common/page.tsx";
import { Composer, type ComposerHandle } from "./composer.tsx";
import type { Draft } from "./draft.ts";
import { History } from "./history.tsx";
import { NowPanel } from "./now-panel.tsx";

export function IntentsPage() {
  const { t } = useTranslation("intents");
  const loaded = useAppSelector((state) => state.feed.loaded);
  const composer = useRef<ComposerHandle>(null);
  const edit = useCallback((draft: Draft) => {
    window.scrollTo({ top: 0 });
    composer.current?.fill(draft);
  }, []);
  return (
    <Page title={t("title")}>
      <Composer ref={composer} />
      {/* Together, once both have something to show: the upper one would push the lower one down. */}
      {loaded ? (
        <>
          <NowPanel />
          <History onEdit={edit} />
        </>
      ) : (
        <Loading rows={6} height={66} />
      )}
    </Page>
  );
}
