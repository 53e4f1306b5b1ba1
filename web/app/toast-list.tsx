// The toasts: in the corner away from the commands, over nothing that can be pressed on a phone. Good news goes by itself, an error stays.
import Close from "@mui/icons-material/Close";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { AppLink } from "../common/link.tsx";
import { Notice } from "../common/notice.tsx";
import { visible } from "../state/visible.ts";
import { useAppDispatch, useAppSelector } from "./store.ts";
import { closed, type Toast } from "./toasts.ts";

const SHOWN_MS = 6_000;

export function Toasts() {
  const toasts = useAppSelector((state) => state.toasts);
  return (
    <Box
      role="region"
      aria-live="polite"
      data-testid="toasts"
      sx={{
        position: "fixed",
        zIndex: 1400,
        insetInlineEnd: 16,
        bottom: { xs: 76, md: 16 },
        display: "flex",
        flexDirection: "column",
        gap: 1,
        width: "min(380px, calc(100vw - 32px))",
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
