// The way to the command palette: a button, and Ctrl-K or ⌘-K from anywhere. The palette itself is loaded at the first use.
import Search from "@mui/icons-material/Search";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorBoundary } from "../common/error-boundary.tsx";
import { part } from "../common/part.tsx";

const Palette = part(
  () => import("../areas/system/palette.tsx"),
  (module) => module.Palette,
);

export function PaletteButton() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const before = useRef<Element | null>(null); // what had the focus; the dialog may know only the box that stood in for it
  useEffect(() => {
    if (open) return;
    if (document.activeElement === document.body && before.current instanceof HTMLElement) before.current.focus();
    before.current = null;
  }, [open]);
  const close = () => {
    setOpen(false);
    setTyped("");
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault();
      before.current ??= document.activeElement; // not the palette's own box, when it is open already
      setOpen(true);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <Button
        variant="outlined"
        color="inherit"
        data-testid="palette-open"
        title={t("header.palette")}
        onClick={(event) => {
          before.current = event.currentTarget;
          setOpen(true);
        }}
        sx={{ gap: 1, minWidth: 40 }}
      >
        <Search fontSize="small" />
        <span className="visually-hidden">{t("header.palette")}</span>
        <Box component="kbd" sx={{ display: { xs: "none", md: "inline" } }}>
          Ctrl K
        </Box>
      </Button>
      {open && (
        <ErrorBoundary>
          {/* What is typed while the palette is on its way goes into it. */}
          <Suspense
            fallback={
              <Box
                component="input"
                className="visually-hidden"
                autoFocus
                aria-label={t("header.palette")}
                onChange={(event) => setTyped(event.target.value)}
              />
            }
          >
            <Palette typed={typed} onClose={close} />
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}
