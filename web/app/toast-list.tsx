// The toasts: below the areas, where nothing is to be pressed; on a phone one at a time above them. Good news goes by itself, an error stays.
import Close from "@mui/icons-material/Close";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { AppLink } from "../common/link.tsx";
import { Notice } from "../common/notice.tsx";
import { visible } from "../state/visible.ts";
import { NAV_PX, PAGE_PX } from "./sizes.ts";
import { useAppDispatch, useAppSelector } from "./store.ts";
import { closed, type Toast } from "./toasts.ts";

const SHOWN_MS = 4_000;

export function Toasts() {
  const { t } = useTranslation();
  const toasts = useAppSelector((state) => state.toasts);
  return (
    <Box
      role="region"
      aria-label={t("toasts.label")}
      aria-live="polite"
      data-testid="toasts"
      sx={{
        position: "fixed",
        zIndex: 1400,
        insetInlineStart: { xs: 16, md: `max(8px, (100vw - ${PAGE_PX}px) / 2 + 8px)` },
        bottom: { xs: 76, md: 16 },
        display: "flex",
        flexDirection: "column",
        gap: 1,
        width: { xs: "min(380px, calc(100vw - 32px))", md: NAV_PX - 8 },
        fontSize: { md: "0.85rem" },
        "& > :not(:last-child)": { display: { xs: "none", md: "flex" } },
        pointerEvents: "none",
      }}
    >
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} />
      ))}
    </Box>
  );
}

function OneToast({ toast }: { toast: Toast }) {
  const { t } = useTranslation();
  const dispatch = useAppDispatch();
  const { id, tone, message, href } = toast;
  const stays = tone === "failed";
  useEffect(() => {
    if (stays) return;
    const timer = setTimeout(() => dispatch(closed(id)), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [dispatch, id, stays]);
  const text = visible(message);
  const close = (
    <Button
      variant="text"
      color="inherit"
      aria-label={t("problem.dismiss")}
      title={t("problem.dismiss")}
      onClick={() => dispatch(closed(id))}
      sx={{ minWidth: 32, p: 0.5 }}
    >
      <Close fontSize="inherit" />
    </Button>
  );
  return (
    <Notice tone={tone} action={close} data-testid="toast" sx={{ pointerEvents: "auto", boxShadow: 4 }}>
      {href === undefined ? (
        text
      ) : (
        <AppLink href={href} color="inherit">
          {text}
        </AppLink>
      )}
    </Notice>
  );
}
