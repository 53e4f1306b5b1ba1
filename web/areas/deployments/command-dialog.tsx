// The frame of a command's dialog: title, what it is about, the buttons. On a phone it takes the whole screen. Esc and the first button close it,
// save while the order is under way: whoever leaves then may take it for not given, and gives it twice.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import { useTheme } from "@mui/material/styles";
import useMediaQuery from "@mui/material/useMediaQuery";
import { type ReactNode, useId } from "react";

export interface CommandDialogProps {
  title: string;
  testId: string;
  closeWord: string;
  busy: boolean; // the order is under way
  confirm?: ReactNode; // what has to be read or typed before; it stays in sight while the rest scrolls
  actions: ReactNode;
  children: ReactNode;
  onClose(): void;
}

export function CommandDialog({ title, testId, closeWord, busy, confirm, actions, children, onClose }: CommandDialogProps) {
  const id = useId();
  const narrow = useMediaQuery(useTheme().breakpoints.down("sm"));
  return (
    <Dialog open onClose={busy ? undefined : onClose} fullScreen={narrow} fullWidth maxWidth="md" aria-labelledby={id} data-testid={testId}>
      <DialogTitle id={id} sx={{ fontSize: "1.2rem" }}>
        {title}
      </DialogTitle>
      <DialogContent dividers tabIndex={0} sx={{ display: "flex", flexDirection: "column", gap: 2 }}>
        {children}
      </DialogContent>
      {confirm !== undefined && (
        <Box sx={{ display: "flex", flexDirection: "column", gap: 1, px: 3, pt: 1.5, "&:empty": { display: "none" } }}>{confirm}</Box>
      )}
      <DialogActions sx={{ flexWrap: "wrap", gap: 1, p: 2 }}>
        <Button disabled={busy} onClick={onClose}>
          {closeWord}
        </Button>
        {actions}
      </DialogActions>
    </Dialog>
  );
}
