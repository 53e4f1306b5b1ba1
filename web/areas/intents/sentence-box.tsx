// The box for the sentence: it grows with what is written, Tab goes through the blanks of a template, Ctrl or ⌘ and Enter sends, Escape leaves.
import Box from "@mui/material/Box";
import { type KeyboardEvent, type Ref, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { type Blank, blankFrom } from "../../state/templates.ts";

export interface BoxHandle {
  /** Puts the cursor into the box, at once: on the first blank, or at the end. */
  focus(): void;
  /** The same when what is being filled in is there, after the page that leads here has had its say about the focus. */
  focusFilled(): void;
}

export interface SentenceBoxProps {
  id: string;
  value: string;
  placeholder: string;
  describedBy: string;
  invalid: boolean;
  onChange(text: string): void;
  onSend(): void;
  ref: Ref<BoxHandle>;
}

export function SentenceBox({ id, value, placeholder, describedBy, invalid, onChange, onSend, ref }: SentenceBoxProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const wanted = useRef(false); // the cursor, as soon as what was filled in is there
  useImperativeHandle(ref, () => ({
    focus() {
      if (area.current !== null) settle(area.current);
    },
    focusFilled() {
      wanted.current = true;
      requestAnimationFrame(() => {
        if (!wanted.current || area.current === null) return;
        wanted.current = false;
        settle(area.current);
      });
    },
  }));
  useLayoutEffect(() => {
    const { current } = area;
    if (current === null || current.value !== value) return;
    current.style.height = "auto";
    current.style.height = `${current.scrollHeight + 2}px`; // and its border
  }, [value]);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSend();
    } else if (event.key === "Escape") {
      event.currentTarget.blur();
    } else if (event.key === "Tab") {
      const { selectionStart, selectionEnd } = event.currentTarget;
      const blank = event.shiftKey ? blankFrom(value, selectionStart, "back") : blankFrom(value, selectionEnd, "on");
      if (blank === null) return; // on to what follows
      event.preventDefault();
      select(event.currentTarget, blank);
    }
  };

  return (
    <Box
      component="textarea"
      ref={area}
      id={id}
      data-testid="intent-input"
      rows={2}
      value={value}
      placeholder={placeholder}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={onKeyDown}
      sx={{
        display: "block",
        width: "100%",
        boxSizing: "border-box",
        minHeight: 68,
        maxHeight: "40vh",
        resize: "none",
        overflowY: "auto",
        p: 1.25,
        font: "inherit",
        fontSize: { xs: "1rem", md: "1.02rem" }, // a phone zooms into anything smaller
        lineHeight: 1.5,
        color: "text.primary",
        bgcolor: "background.paper",
        border: 1,
        borderColor: invalid ? "error.main" : "text.secondary",
        borderRadius: 1,
        "&::placeholder": { color: "text.secondary", opacity: 1 },
        "&:focus": { outline: "2px solid", outlineColor: "primary.main", outlineOffset: 0 },
      }}
    />
  );
}

function select(area: HTMLTextAreaElement, { from, to }: Blank): void {
  area.setSelectionRange(from, to);
}

function settle(area: HTMLTextAreaElement): void {
  area.focus();
  const first = blankFrom(area.value, 0, "on");
  if (first === null) area.setSelectionRange(area.value.length, area.value.length);
  else select(area, first);
}
