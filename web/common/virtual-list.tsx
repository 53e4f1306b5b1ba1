// A list of any length of which only the rows in sight exist. The page scrolls, not a box in it, so that space, page-down and find behave as anywhere.
// Rows that come or go above do not move what one reads.

import Box from "@mui/material/Box";
import { useWindowVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const OVERSCAN = 8;
const NEAR_END = 20; // rows before the end at which more is asked for

export interface VirtualListProps<T> {
  items: readonly T[];
  keyOf(item: T): string; // the same function each time: with another one every row is laid out anew
  rowHeight: number; // px, an estimate: rows are measured
  label: string;
  render(item: T): ReactNode;
  onNearEnd?(): void; // more can be loaded
}

export function VirtualList<T>({ items, keyOf, rowHeight, label, render, onNearEnd }: VirtualListProps<T>) {
  const box = useRef<HTMLUListElement>(null);
  const top = useTop(box);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: useCallback(() => rowHeight, [rowHeight]),
    overscan: OVERSCAN,
    scrollMargin: top,
    getItemKey: useCallback((index: number) => keyOf(items[index] as T), [items, keyOf]), // asked for indexes below count only
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;
  useKeptInPlace({ items, keyOf, top, shown, offset: rows.scrollOffset ?? 0, startOf: (index) => rows.measurementsCache[index]?.start });
  useEffect(() => {
    if (last >= items.length - NEAR_END) onNearEnd?.();
  }, [last, items.length, onNearEnd]);
  return (
    <Box
      ref={box}
      component="ul"
      aria-label={label}
      sx={{ position: "relative", height: rows.getTotalSize(), m: 0, p: 0, listStyle: "none" }}
    >
      {shown.map((row) => (
        <li
          key={row.key}
          ref={rows.measureElement}
          data-index={row.index}
          aria-setsize={items.length}
          aria-posinset={row.index + 1}
          style={{ position: "absolute", insetInline: 0, top: 0, transform: `translateY(${row.start - top}px)` }}
        >
          {render(items[row.index] as T)}
        </li>
      ))}
    </Box>
  );
}

/** Where the list begins on the page, px; it moves when something above it grows. */
function useTop(box: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      if (box.current !== null) setTop(Math.round(box.current.getBoundingClientRect().top + window.scrollY));
    };
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(document.body);
    return () => watcher.disconnect();
  }, [box]);
  return top;
}

interface Kept<T> {
  items: readonly T[];
  keyOf(item: T): string;
  top: number;
  shown: readonly VirtualItem[];
  offset: number; // of the page's scrolling, as last heard: to ask the window lays the page out anew
  startOf(index: number): number | undefined; // px from the top of the page
}

/** When the items change while the beginning of the list is out of sight, the page scrolls along with the first row in sight that is left. */
function useKeptInPlace<T>({ items, keyOf, top, shown, offset, startOf }: Kept<T>): void {
  const seen = useRef<{ items: readonly T[]; top: number; rows: readonly VirtualItem[] }>({ items, top, rows: [] });
  useLayoutEffect(() => {
    const before = seen.current;
    if (before.items !== items && before.top === top && offset > top) {
      const places = new Map(items.map((item, index) => [keyOf(item), index]));
      const row = before.rows.find(({ key }) => places.has(String(key)));
      const now = row === undefined ? undefined : startOf(places.get(String(row.key)) ?? -1);
      if (row !== undefined && now !== undefined && now !== row.start) window.scrollBy(0, now - row.start);
    }
    seen.current = { items, top, rows: shown.filter(({ end }) => end > offset) };
  });
}
