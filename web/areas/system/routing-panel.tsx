// The order in which backends are asked, by drag or by keyboard, and the A/B shares. Nothing changes before it is saved.
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RoutingUpdate } from "../../../protocol/integration-api.ts";
import { LAST_RESORT, type Routing } from "../../../protocol/llm.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { Panel } from "../../common/page.tsx";
import { Problem } from "../../common/problem.tsx";
import { draftOf, moved, placeOf, type RoutingDraft, type RoutingEdit, updateOf } from "../../state/integrations.ts";
import { visible } from "../../state/visible.ts";
import { type Direction, LastRow, RoutingRow } from "./routing-row.tsx";
import { useRun } from "./use-run.ts";

const NO_VALUES = { total: 0, count: 0 }; // each key uses one of them, or none

export interface RoutingPanelProps {
  routing: Routing;
  known: readonly string[]; // ids of what agents told of
  refusal: string | null; // why one may not change it
  edit: RoutingEdit | null; // null: nothing is unsaved
  onEdit(edit: RoutingEdit | null): void;
  onSave(update: RoutingUpdate): Promise<{ error?: unknown }>;
}

export function RoutingPanel({ routing, known, refusal, edit, onEdit, onSave }: RoutingPanelProps) {
  const { t } = useTranslation("system");
  const { busy, problem: failed, run } = useRun();
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const shown = draftOf(routing, known);
  const draft = edit?.draft ?? shown;
  const { update, problem } = updateOf(edit ?? { draft, from: draft });
  const off = refusal !== null;

  const change = (patch: Partial<RoutingDraft>) => onEdit({ draft: { ...draft, ...patch }, from: edit?.from ?? shown });
  const place = (id: string, to: number) => change({ order: moved(draft.order, id, to) });
  const { list, follow } = useFollowingFocus();
  const step = (id: string, direction: Direction) => {
    follow(id, direction);
    place(id, draft.order.indexOf(id) + (direction === "earlier" ? -1 : 1));
  };
  const share = (id: string, percent: string) => change({ percents: { ...draft.percents, [id]: percent } });
  const drop = () => {
    setDragged(null);
    setOver(null);
  };
  const dragOf = (id: string) => ({
    onDragStart(event: DragEvent) {
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", id);
      setDragged(id);
    },
    onDragOver(event: DragEvent) {
      if (dragged === null) return;
      event.preventDefault();
      setOver(id);
    },
    onDragEnd: drop,
    onDrop(event: DragEvent) {
      event.preventDefault();
      if (dragged !== null) place(dragged, draft.order.indexOf(id));
      drop();
    },
  });
  const save = async () => {
    if (await run(() => onSave(update))) onEdit(null);
  };

  return (
    <Panel title={t("routing.title")} testId="routing">
      <Typography sx={{ color: "text.secondary", mb: 1 }}>{t("routing.lead")}</Typography>
      <Box ref={list} component="ol" sx={{ listStyle: "none", m: 0, p: 0 }}>
        {draft.order.map((id, index) => (
          <RoutingRow
            key={id}
            id={id}
            index={index}
            count={draft.order.length}
            place={placeOf(id, { routing, known })}
            share={draft.percents[id] ?? ""}
            off={off}
            over={over === id && dragged !== id}
            drag={dragOf(id)}
            onShare={(percent) => share(id, percent)}
            onStep={(direction) => step(id, direction)}
          />
        ))}
        <LastRow
          place={draft.order.length + 1}
          share={draft.percents[LAST_RESORT] ?? ""}
          off={off}
          onShare={(percent) => share(LAST_RESORT, percent)}
        />
      </Box>
      {problem !== null && edit !== null && (
        <Alert severity="error" variant="outlined" role="alert" data-testid="routing-problem" sx={{ mt: 1 }}>
          {t(problem.key, { ...NO_VALUES, ...problem.values })}
        </Alert>
      )}
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1, mt: 1.5 }}>
        <ActionButton
          refusal={
            refusal ??
            (edit === null ? t("routing.nothing") : problem === null ? null : t(problem.key, { ...NO_VALUES, ...problem.values }))
          }
          busy={busy}
          variant="contained"
          data-testid="save-routing"
          onClick={() => void save()}
          sx={{ minWidth: 84 }}
        >
          {busy ? t("routing.saving") : t("routing.save")}
        </ActionButton>
        <Button variant="text" data-testid="discard-routing" disabled={edit === null || busy} onClick={() => onEdit(null)}>
          {t("routing.discard")}
        </Button>
        <Box component="span" aria-live="polite" data-testid="unsaved" sx={{ color: "text.secondary", flex: "1 1 160px" }}>
          {edit === null ? "" : t("routing.unsaved", { order: visible(draft.order.join(", ")) })}
        </Box>
      </Box>
      <Problem problem={failed} />
    </Panel>
  );
}

/** A row that is moved is taken out of the page and put back: the focus goes along, to its other arrow at either end. */
function useFollowingFocus() {
  const list = useRef<HTMLOListElement>(null);
  const wanted = useRef<{ id: string; direction: Direction } | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const { id, direction } = wanted.current;
    wanted.current = null;
    const row = [...(list.current?.children ?? [])].find((one) => one instanceof HTMLElement && one.dataset.provider === id);
    const buttons = [...(row?.querySelectorAll<HTMLButtonElement>("button") ?? [])].filter((button) => !button.disabled);
    (buttons.find((button) => button.dataset.direction === direction) ?? buttons[0])?.focus();
  });
  return {
    list,
    follow: (id: string, direction: Direction) => {
      wanted.current = { id, direction };
    },
  };
}
