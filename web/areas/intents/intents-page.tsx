// The first page: the box on top, then what goes on now, then every intent there was.
import { useCallback, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "../../common/page.tsx";
import { Composer, type ComposerHandle } from "./composer.tsx";
import type { Draft } from "./draft.ts";
import { History } from "./history.tsx";
import { NowPanel } from "./now-panel.tsx";

export function IntentsPage() {
  const { t } = useTranslation("intents");
  const composer = useRef<ComposerHandle>(null);
  const edit = useCallback((draft: Draft) => {
    window.scrollTo({ top: 0 });
    composer.current?.fill(draft);
  }, []);
  return (
    <Page title={t("title")}>
      <Composer ref={composer} />
      <NowPanel />
      <History onEdit={edit} />
    </Page>
  );
}
