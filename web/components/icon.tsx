// The icons of the page: drawn inline, coloured by the text around them, silent for screen readers (the word beside them speaks).
import type { Tone } from "../state/labels.ts";

const PATHS = {
  pending: "M8 8h.01",
  active: "M8 2.5a5.5 5.5 0 1 1-5.5 5.5",
  done: "M3.5 8.5l3 3 6-7",
  failed: "M4 4l8 8m0-8l-8 8",
  rollback: "M3 7h6.5a3.5 3.5 0 0 1 0 7H7M3 7l3-3M3 7l3 3",
  wait: "M5.6 6a2.4 2.4 0 1 1 3.4 2.2c-.7.4-1 .8-1 1.5M8 12.4h.01",
  copy: "M5.5 5.5V3h7.500v7.500h-2.500M3 5.500h7.500V13H3z",
  up: "M8 13V3M3.500 7.500L8 3l4.500 4.500",
  down: "M8 3v10M3.500 8.500L8 13l4.500-4.500",
  site: "M8 14V7m-3 7h6M5.200 8.800a4 4 0 0 1 0-5.600m5.600 5.600a4 4 0 0 0 0-5.600M8 6h.010",
} as const;

export type IconName = keyof typeof PATHS & (Tone | "copy" | "site" | "up" | "down");

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" data-icon={name} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
