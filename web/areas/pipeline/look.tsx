// How the state of a stage looks: its tone's colour and icon; a stage that will not be gone through has an icon of its own.
import RemoveCircle from "@mui/icons-material/RemoveCircleOutlined";
import { ToneIcon } from "../../common/tone-icon.tsx";
import type { StageState } from "../../state/pipeline.ts";
import type { Tone } from "../../state/tones.ts";

export function toneOf(state: StageState): Tone {
  return state === "skipped" ? "pending" : state;
}

/** As a CSS value, for what is not styled through the theme. */
export function colourOf(tone: Tone): string {
  return `var(--mui-palette-tone-${tone})`;
}

export function StageIcon({ state }: { state: StageState }) {
  if (state === "skipped") return <RemoveCircle aria-hidden fontSize="inherit" data-icon="skipped" />;
  return <ToneIcon tone={state} />;
}
