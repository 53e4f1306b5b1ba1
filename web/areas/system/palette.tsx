// The command palette: a box that finds areas, sites, slices, intents and deployments, fills templates, sets theme and language, and takes a
// sentence to the composer. A combobox with a list (ARIA 1.2): the focus stays in the box, arrows move through the list.
import Box from "@mui/material/Box";
import Dialog from "@mui/material/Dialog";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { visible } from "../../state/visible.ts";
import { found, type PaletteItem } from "./palette-find.ts";
import { usePaletteItems } from "./palette-items.ts";

/** `typed`: what was typed before it was there. */
export function Palette({ typed, onClose }: { typed: string; onClose(): void }) {
  const { t } = useTranslation("intents");
  const [query, setQuery] = useState(typed);
  const [active, setActive] = useState(0);
  const id = useId();
  const { items, use } = usePaletteItems(query);
  const shown = useMemo(() => found(items, query, use), [items, query, use]);
  const at = Math.min(active, shown.length - 1);
  const optionId = (item: PaletteItem) => `${id}-${item.key}`;
  const chosen = shown[at];

  const run = (item: PaletteItem) => {
    onClose();
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || shown.length === 0) return;
    const moves: Record<string, number> = {
      ArrowDown: (at + 1) % shown.length,
      ArrowUp: (at - 1 + shown.length) % shown.length,
      PageDown: Math.min(at + 8, shown.length - 1),
      PageUp: Math.max(at - 8, 0),
    };
    const next = moves[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setActive(next);
    } else if (event.key === "Enter" && chosen !== undefined) {
      event.preventDefault();
      run(chosen);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      fullWidth
      maxWidth="sm"
      data-testid="palette"
      sx={{ "& .MuiDialog-container": { alignItems: "flex-start" } }}
      slotProps={{
        paper: {
          "aria-label": t("palette.title"),
          sx: { m: { xs: 1, sm: 4 }, mt: { sm: 10 }, width: { xs: "calc(100% - 16px)" }, maxHeight: "70vh" },
        },
      }}
    >
      <Box sx={{ p: 1.5, borderBottom: 1, borderColor: "divider" }}>
        <Box
          component="input"
          autoFocus
          role="combobox"
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={chosen === undefined ? undefined : optionId(chosen)}
          aria-label={t("palette.title")}
          data-testid="palette-input"
          placeholder={t("palette.placeholder")}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onFocus={({ currentTarget }) => currentTarget.setSelectionRange(currentTarget.value.length, currentTarget.value.length)}
          onKeyDown={onKeyDown}
          sx={{
            width: "100%",
            boxSizing: "border-box",
            minHeight: 40,
            px: 1,
            font: "inherit",
            fontSize: "1rem",
            color: "text.primary",
            bgcolor: "transparent",
            border: 1,
            borderColor: "text.secondary",
            borderRadius: 1,
            "&::placeholder": { color: "text.secondary", opacity: 1 },
          }}
        />
      </Box>
      <List items={shown} listId={`${id}-list`} at={at} optionId={optionId} onPick={run} />
      <Box
        sx={{ px: 2, py: 1, borderTop: 1, borderColor: "divider", color: "text.secondary", fontSize: "0.8rem", display: "flex", gap: 2 }}
      >
        <span role="status">{t("palette.results", { count: shown.length })}</span>
        <Box component="span" sx={{ ml: "auto", display: { xs: "none", sm: "inline" } }}>
          {t("palette.keys")}
        </Box>
      </Box>
    </Dialog>
  );
}

interface ListProps {
  items: readonly PaletteItem[];
  listId: string;
  at: number;
  optionId(item: PaletteItem): string;
  onPick(item: PaletteItem): void;
}

function List({ items, listId, at, optionId, onPick }: ListProps) {
  const { t } = useTranslation("intents");
  const box = useRef<HTMLUListElement>(null);
  // What is chosen is brought into sight when the choice or the list changes.
  useEffect(() => {
    box.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at, items]);
  return (
    <Box
      component="ul"
      ref={box}
      role="listbox"
      id={listId}
      aria-label={t("palette.title")}
      sx={{ m: 0, p: 0.5, listStyle: "none", overflowY: "auto", minHeight: 240, flex: 1 }}
    >
      {items.length === 0 && (
        <Box component="li" role="presentation" sx={{ p: 2, color: "text.secondary" }}>
          {t("palette.nothing")}
        </Box>
      )}
      {items.map((item, index) => (
        <Box
          component="li"
          role="option"
          key={item.key}
          id={optionId(item)}
          aria-selected={index === at}
          data-testid="palette-option"
          data-group={item.group}
          onClick={() => onPick(item)}
          sx={{
            display: "flex",
            alignItems: "baseline",
            gap: 1.5,
            minHeight: 34,
            px: 1.25,
            py: 0.6,
            borderRadius: 1,
            cursor: "pointer",
            bgcolor: index === at ? "action.selected" : "transparent",
            outline: index === at ? "2px solid" : "none",
            outlineColor: "primary.main",
            outlineOffset: -2,
            "&:hover": { bgcolor: "action.hover" },
          }}
        >
          <Box component="span" sx={{ width: 92, flex: "none", color: "text.secondary", fontSize: "0.8rem" }}>
            {t(`palette.group.${item.group}`)}
          </Box>
          <Box component="span" sx={{ minWidth: 0, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>
            <bdi>{visible(item.title)}</bdi>
            {item.note !== undefined && (
              <Box component="span" sx={{ color: "text.secondary", fontSize: "0.85rem" }}>
                {" "}
                <bdi>{visible(item.note)}</bdi>
              </Box>
            )}
          </Box>
        </Box>
      ))}
    </Box>
  );
}
