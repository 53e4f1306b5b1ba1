// The one theme: light and dark, by the system unless the viewer chose. Colours of states are named by tone, so that no component picks its own.
import { createTheme } from "@mui/material/styles";
import type { Tone } from "../state/tones.ts";

declare module "@mui/material/styles" {
  interface Palette {
    tone: Record<Tone, string>;
  }
  interface PaletteOptions {
    tone: Record<Tone, string>;
  }
}

// Each has a contrast of at least 4.5 : 1 against both the ground and the paper of its scheme; axe checks it in the browser tests.
const LIGHT_TONES: Record<Tone, string> = {
  pending: "#566376",
  active: "#1a56c4",
  done: "#14713a",
  failed: "#b81f2e",
  rollback: "#7c2fc9",
  wait: "#8a4d00",
};
const DARK_TONES: Record<Tone, string> = {
  pending: "#9aa8ba",
  active: "#7fb2ff",
  done: "#5bdc8c",
  failed: "#ff8f98",
  rollback: "#d0aaff",
  wait: "#f7bd62",
};

const MONO = 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK TC", monospace';
const SANS =
  'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", "Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei", sans-serif';

export const theme = createTheme({
  cssVariables: { colorSchemeSelector: "data" },
  colorSchemes: {
    light: {
      palette: {
        primary: { main: "#0b665f" },
        error: { main: LIGHT_TONES.failed },
        warning: { main: LIGHT_TONES.wait },
        success: { main: LIGHT_TONES.done },
        info: { main: LIGHT_TONES.active },
        background: { default: "#f3f5f8", paper: "#ffffff" },
        text: { primary: "#131a24", secondary: "#4d5a6c" },
        divider: "#d5dbe3",
        tone: LIGHT_TONES,
      },
    },
    dark: {
      palette: {
        primary: { main: "#3fd9c6" },
        error: { main: DARK_TONES.failed },
        warning: { main: DARK_TONES.wait },
        success: { main: DARK_TONES.done },
        info: { main: DARK_TONES.active },
        background: { default: "#0c1118", paper: "#141b25" },
        text: { primary: "#e4eaf2", secondary: "#a3b1c2" },
        divider: "#2a3543",
        tone: DARK_TONES,
      },
    },
  },
  shape: { borderRadius: 8 },
  typography: {
    fontFamily: SANS,
    fontSize: 14,
    body1: { fontSize: "0.9375rem" },
    h1: { fontSize: "1.35rem", fontWeight: 650, lineHeight: 1.3 },
    h2: { fontSize: "1.05rem", fontWeight: 650, lineHeight: 1.35 },
    h3: { fontSize: "0.95rem", fontWeight: 650, lineHeight: 1.4 },
    button: { textTransform: "none", fontWeight: 600 },
  },
  components: {
    MuiCssBaseline: {
      styleOverrides: {
        body: { overflowWrap: "anywhere", fontVariantNumeric: "tabular-nums" }, // a very long word must not widen the page; numbers must not jump
        "code, pre, kbd": { fontFamily: MONO, fontSize: "0.92em" },
        bdi: { unicodeBidi: "isolate" },
        // Also for what scrolls: one visible focus everywhere.
        ":focus-visible": { outline: "2px solid currentColor", outlineOffset: "2px" },
        "@media (prefers-reduced-motion: reduce)": {
          "*, *::before, *::after": { animationDuration: "0.01ms !important", transitionDuration: "0.01ms !important" },
        },
      },
    },
    MuiButtonBase: { defaultProps: { disableRipple: true } }, // calm, and nothing moves that carries no news
    MuiPaper: { defaultProps: { variant: "outlined" } },
    MuiButton: { defaultProps: { size: "small", variant: "outlined" } },
    MuiOutlinedInput: { defaultProps: { size: "small" } },
    MuiTableCell: { styleOverrides: { root: { padding: "6px 10px" } } },
  },
});

export const monospace = MONO;
