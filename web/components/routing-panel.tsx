// The order in which backends are asked, by drag or by keyboard, and the A/B shares. Nothing changes before it is saved.
import { type DragEvent, useEffect, useRef, useState } from "react";
import type { RoutingUpdate } from "../../protocol/integration-api.ts";
import { LAST_RESORT, type Routing } from "../../protocol/llm.ts";
import { draftOf, moved, type RoutingDraft, type RoutingEdit, updateOf } from "../state/integrations.ts";
import { ProblemNotice } from "./bits.tsx";
import { Icon } from "./icon.tsx";
import { useCommand } from "./use-command.ts";

export interface RoutingPanelProps {
  routing: Routing;
  known: readonly string[]; // ids of what agents told of
  mayAdmin: boolean;
  edit: RoutingEdit | null; // null: nothing is unsaved
  onEdit(edit: RoutingEdit | null): void;
  onSave(update: RoutingUpdate): Promise<unknown>;
}

type Direction = "earlier" | "later";

export function RoutingPanel({ routing, known, mayAdmin, edit, onEdit, onSave }: RoutingPanelProps) {
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const command = useCommand();
  const list = useRef<HTMLOListElement>(null);
  const focus = useRef<{ id: string; direction: Direction } | null>(null);
  const shown = draftOf(routing, known);
  const draft = edit?.draft ?? shown;
  const { update, problem } = updateOf(edit ?? { draft, from: draft });

  const change = (patch: Partial<RoutingDraft>) => onEdit({ draft: { ...draft, ...patch }, from: edit?.from ?? shown });
  const place = (id: string, to: number) => change({ order: moved(draft.order, id, to) });
  const step = (id: string, direction: Direction) => {
    focus.current = { id, direction };
    place(id, draft.order.indexOf(id) + (direction === "earlier" ? -1 : 1));
  };
  // The row was taken out of the page and put back: the focus goes along, to the other button at either end.
  useEffect(() => {
    if (focus.current === null) return;
    const { id, direction } = focus.current;
    focus.current = null;
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>(`[data-provider="${id}"] button`) ?? [])];
    const same = buttons.find((button) => button.dataset.direction === direction && !button.disabled);
    (same ?? buttons.find((button) => !button.disabled))?.focus();
  });

  const drop = (event: DragEvent, id: string) => {
    event.preventDefault();
    if (dragged !== null) place(dragged, draft.order.indexOf(id));
    setDragged(null);
    setOver(null);
  };

  const share = (id: string) => (
    <label className="share">
      <input
        type="number"
        min="0"
        max="100"
        step="any"
        placeholder="0"
        aria-label={`Share of ${id} in percent`}
        disabled={!mayAdmin}
        value={draft.percents[id] ?? ""}
        onChange={(event) => change({ percents: { ...draft.percents, [id]: event.target.value } })}
      />
      %
    </label>
  );

  return (
    <section className="card side routing" aria-labelledby="routing-title" data-testid="routing">
      <h2 id="routing-title">Who is asked first</h2>
      <p className="faint">Drag a row, or use its arrows. A share sends that part of the sentences to a backend first, to compare.</p>
      <ol ref={list} className="order">
        {draft.order.map((id, index) => (
          <li
            key={id}
            data-testid="routed"
            data-provider={id}
            data-over={over === id && dragged !== id}
            draggable={mayAdmin}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = "move";
              event.dataTransfer.setData("text/plain", id);
              setDragged(id);
            }}
            onDragOver={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              setOver(id);
            }}
            onDragEnd={() => {
              setDragged(null);
              setOver(null);
            }}
            onDrop={(event) => drop(event, id)}
          >
            <span className="rank">{index + 1}</span>
            <span className="name">
              {id} <span className="faint">{stateOf(id, { routing, known })}</span>
            </span>
            {share(id)}
            <Arrow id={id} direction="earlier" off={!mayAdmin || index === 0} onClick={step} />
            <Arrow id={id} direction="later" off={!mayAdmin || index === draft.order.length - 1} onClick={step} />
          </li>
        ))}
        <li>
          <span className="rank">{draft.order.length + 1}</span>
          <span className="name">
            {LAST_RESORT} <span className="faint">always last</span>
          </span>
          {share(LAST_RESORT)}
        </li>
      </ol>
      {problem !== null && edit !== null && (
        <p className="notice" data-tone="failed" role="alert">
          {problem}
        </p>
      )}
      <div className="row">
        <button
          type="button"
          className="primary"
          data-testid="save-routing"
          disabled={!mayAdmin || edit === null || problem !== null || command.pending}
          title={mayAdmin ? "" : "Changing the order needs the scope admin"}
          onClick={() => command.run(() => onSave(update).then(() => onEdit(null)))}
        >
          {command.pending ? "Saving…" : "Save"}
        </button>
        <button type="button" disabled={edit === null || command.pending} onClick={() => onEdit(null)}>
          Discard
        </button>
        <span className="faint" aria-live="polite">
          {edit === null ? "" : `not saved: ${draft.order.join(", ")}`}
        </span>
      </div>
      {command.error !== undefined && <ProblemNotice problem={command.error} />}
    </section>
  );
}

function stateOf(id: string, { routing, known }: { routing: Routing; known: readonly string[] }): string {
  if (routing.disconnected.includes(id)) return "disconnected";
  return known.includes(id) ? "" : "no agent has it";
}

function Arrow({
  id,
  direction,
  off,
  onClick,
}: {
  id: string;
  direction: Direction;
  off: boolean;
  onClick(id: string, direction: Direction): void;
}) {
  return (
    <button
      type="button"
      className="quiet"
      data-direction={direction}
      aria-label={`Ask ${id} ${direction}`}
      disabled={off}
      onClick={() => onClick(id, direction)}
    >
      <Icon name={direction === "earlier" ? "up" : "down"} />
    </button>
  );
}
