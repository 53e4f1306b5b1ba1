// Where an intent is written: the sentence, what the rules would understand of it, its options, and the buttons that send it.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Paper from "@mui/material/Paper";
import Typography from "@mui/material/Typography";
import { type Ref, Suspense, useCallback, useEffect, useImperativeHandle, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { MAX_TEXT_LENGTH } from "../../../protocol/intent.ts";
import { useAppSelector } from "../../app/store.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { ErrorBoundary } from "../../common/error-boundary.tsx";
import { part } from "../../common/part.tsx";
import { useRefusal } from "../../common/permission.ts";
import { Problem } from "../../common/problem.tsx";
import { ComposerOptions } from "./composer-options.tsx";
import { type Draft, EMPTY_DRAFT, type Obstacle, obstacleOf, withoutControls } from "./draft.ts";
import { Examples } from "./examples.tsx";
import { type BoxHandle, SentenceBox } from "./sentence-box.tsx";
import { TemplatesRow } from "./templates-row.tsx";
import { useDraft } from "./use-draft.ts";
import { useSend } from "./use-send.ts";
import { isBoxAsked, useSlash } from "./use-slash.ts";
import { useUnderstood } from "./use-understood.ts";

const Preview = part(
  () => import("./preview.tsx"),
  (module) => module.Preview,
); // with the rules, at the first word

const NEAR_END = 400; // characters left from which on they are counted

export interface ComposerHandle {
  fill(draft: Draft): void;
}

export function Composer({ ref }: { ref: Ref<ComposerHandle> }) {
  const { t } = useTranslation("intents");
  const box = useRef<BoxHandle>(null);
  const focus = useCallback(() => box.current?.focus(), []);
  const focusFilled = useCallback(() => box.current?.focusFilled(), []);
  const { draft, change, replace, restore } = useDraft(focusFilled);
  const sites = useAppSelector((state) => state.feed.sites);
  const found = useUnderstood(draft);
  const { send, busy, problem } = useSend({ storage: window.sessionStorage, onSent: focusFilled });
  const fill = useCallback(
    (next: Draft) => {
      replace(next);
      focusFilled();
    },
    [replace, focusFilled],
  );
  useImperativeHandle(ref, () => ({ fill }), [fill]);
  useSlash(focus);
  useEffect(() => {
    if (isBoxAsked()) focus();
  }, [focus]);

  const scope = useRefusal("operate");
  const obstacleWords = useObstacleWords();
  const obstacle = obstacleOf(draft.text);
  const refusal = scope ?? (obstacle === null ? null : obstacleWords(obstacle));
  const submit = (dryRun: boolean) => {
    if (refusal === null) send(draft, dryRun);
    else focus();
  };
  const fillText = (text: string) => fill({ ...EMPTY_DRAFT, text });
  const newcomer = useAppSelector((state) => state.feed.loaded && state.feed.intents.ids.length === 0);
  const [opened, setOpened] = useState<boolean | null>(null); // null: not chosen
  const examples = opened ?? (newcomer && draft.text.trim() === "");
  const left = MAX_TEXT_LENGTH - draft.text.trim().length;

  return (
    <Paper
      component="form"
      aria-label={t("composer.label")}
      data-testid="composer"
      sx={{ p: 2 }}
      onSubmit={(event) => event.preventDefault()}
    >
      <Typography component="label" variant="h2" htmlFor="intent-text" sx={{ display: "block", mb: 1 }}>
        {t("composer.question")}
      </Typography>
      <TemplatesRow onFill={fillText} examples={examples} onExamples={() => setOpened(!examples)} />
      <SentenceBox
        ref={box}
        id="intent-text"
        value={draft.text}
        placeholder={t("composer.placeholder")}
        describedBy="intent-said intent-keys"
        invalid={obstacle?.kind === "long" || obstacle?.kind === "control"}
        onChange={(text) => change({ text })}
        onSend={() => submit(false)}
      />
      <Box sx={{ display: "flex", gap: 2, minHeight: 24, mt: 0.5, fontSize: "0.85rem", color: "text.secondary" }}>
        <Box id="intent-said" role="status" data-testid="obstacle" data-kind={obstacle?.kind} sx={{ flex: 1 }}>
          {obstacle !== null && obstacle.kind !== "blank" && <Told obstacle={obstacle} />}
          {obstacle?.kind === "control" && (
            <Button size="small" variant="text" onClick={() => change({ text: withoutControls(draft.text) })}>
              {t("composer.remove_controls")}
            </Button>
          )}
        </Box>
        {left <= NEAR_END && (
          <span data-testid="left">{t("composer.count", { length: MAX_TEXT_LENGTH - left, max: MAX_TEXT_LENGTH })}</span>
        )}
        <Box id="intent-keys" component="span" sx={{ display: { xs: "none", md: "inline" } }}>
          <kbd>/</kbd> {t("composer.key_focus")} · <kbd>Ctrl</kbd>/<kbd>⌘</kbd> <kbd>Enter</kbd> {t("composer.key_send")} · <kbd>Esc</kbd>{" "}
          {t("composer.key_leave")}
        </Box>
      </Box>
      <Examples open={examples} onFill={fillText} />
      {found !== null && (
        <ErrorBoundary>
          <Suspense fallback={null}>
            <Preview draft={draft} found={found} onChange={change} onAsked={focusFilled} />
          </Suspense>
        </ErrorBoundary>
      )}
      <ComposerOptions draft={draft} sites={sites} understoodSites={found?.understanding.intent.targetSites ?? []} onChange={change} />
      {problem !== null && (
        <Box sx={{ mt: 1.5 }}>
          <Problem problem={problem.failure} onRetry={() => submit(problem.dryRun)} />
        </Box>
      )}
      {scope !== null && (
        <Typography data-testid="composer-refusal" sx={{ mt: 1.5, color: "text.secondary" }}>
          {scope}
        </Typography>
      )}
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, mt: 1.5 }}>
        <ActionButton
          variant="contained"
          data-testid="send"
          refusal={refusal}
          busy={busy === "send"}
          onClick={() => submit(false)}
          sx={{ minWidth: 96 }}
        >
          {t("composer.send")}
        </ActionButton>
        <ActionButton
          data-testid="dry-run"
          title={t("composer.dry_run.hint")}
          refusal={refusal}
          busy={busy === "dry-run"}
          onClick={() => submit(true)}
        >
          {t("composer.dry_run")}
        </ActionButton>
        <Box sx={{ flex: 1 }} />
        {restore !== null && (
          <Button variant="text" data-testid="restore" onClick={restore}>
            {t("composer.restore")}
          </Button>
        )}
        <Button variant="text" data-testid="clear" onClick={() => fill(EMPTY_DRAFT)}>
          {t("composer.clear")}
        </Button>
      </Box>
    </Paper>
  );
}

function Told({ obstacle }: { obstacle: Obstacle }) {
  const words = useObstacleWords();
  const hard = obstacle.kind === "long" || obstacle.kind === "control";
  return (
    <Box component="span" sx={{ color: hard ? "error.main" : "warning.main", fontWeight: 600 }}>
      {words(obstacle)}
    </Box>
  );
}

function useObstacleWords(): (obstacle: Obstacle) => string {
  const { t } = useTranslation("intents");
  return (obstacle) => {
    switch (obstacle.kind) {
      case "blank":
        return t("obstacle.blank");
      case "open":
        return t("obstacle.open", { names: obstacle.names });
      case "long":
        return t("obstacle.long", { over: obstacle.over, max: MAX_TEXT_LENGTH });
      case "control":
        return t("obstacle.control");
    }
  };
}
