// Yes or no to a plan, with a comment that is kept with the decision. Reject is always possible; approve only for what is shown and still stands.
import Box from "@mui/material/Box";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ActionButton } from "../../common/action-button.tsx";
import { TextField } from "../../common/field.tsx";
import { useRefusal } from "../../common/permission.ts";
import type { ApprovalPhase } from "../../state/approval.ts";

const MAX_COMMENT = 500; // as the server takes it
const NEAR_END = 400;

export interface ApprovalFormProps {
  phase: ApprovalPhase;
  busy: boolean;
  onApprove(comment: string): Promise<void>;
  onReject(reason: string): Promise<void>;
}

export function ApprovalForm({ phase, busy, onApprove, onReject }: ApprovalFormProps) {
  const { t } = useTranslation("approval");
  const may = useRefusal("operate");
  const [comment, setComment] = useState("");
  const stands = phase === "pending" ? null : t(phase === "void" ? "approve.void" : "approve.loading");
  const said = comment.trim();
  return (
    <Box
      // In sight however long the diff is; on a phone above the areas.
      sx={{
        position: "sticky",
        bottom: { xs: "calc(56px + env(safe-area-inset-bottom))", md: 0 },
        zIndex: 2,
        display: "flex",
        flexWrap: "wrap",
        alignItems: "flex-end",
        gap: 1.5,
        py: 1,
        bgcolor: "background.paper",
        boxShadow: "0 14px 0 var(--mui-palette-background-paper)", // down to what is below it: no line of the diff in between
        borderTop: 1,
        borderColor: "divider",
        "& .MuiFormHelperText-root": { display: { xs: "none", sm: "block" } }, // of a phone it would take too much
      }}
    >
      <TextField
        label={t("comment")}
        hint={comment.length >= NEAR_END ? t("comment.left", { count: MAX_COMMENT - comment.length }) : t("comment.hint")}
        rows={1}
        sx={{ flex: "1 1 320px" }}
        value={comment}
        inputProps={{ maxLength: MAX_COMMENT, "data-testid": "approval-comment" }}
        onChange={(event) => setComment(event.target.value)}
      />
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1, pb: 0.5 }}>
        <ActionButton
          refusal={may ?? stands}
          busy={busy}
          variant="contained"
          size="medium"
          data-testid="approve"
          onClick={() => void onApprove(said)}
        >
          {t("approve.do")}
        </ActionButton>
        <ActionButton
          refusal={may ?? (phase === "pending" ? null : t("reject.not_now"))}
          busy={busy}
          color="error"
          size="medium"
          data-testid="reject"
          onClick={() => void onReject(said)}
        >
          {t("reject.do")}
        </ActionButton>
        <Box component="span" role="status" sx={{ color: "text.secondary" }}>
          {busy ? t("deciding") : (may ?? stands ?? "")}
        </Box>
      </Box>
    </Box>
  );
}
