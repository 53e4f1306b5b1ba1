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
const HEARD = { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" } as const; // and not seen

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
        flexWrap: { xs: "nowrap", sm: "wrap" }, // one line of a phone: the diff is what one came for
        alignItems: "flex-end",
        gap: { xs: 1, sm: 1.5 },
        py: 1,
        bgcolor: "background.paper",
        boxShadow: "0 14px 0 var(--mui-palette-background-paper)", // down to what is below it: no line of the diff in between
        borderTop: 1,
        borderColor: "divider",
      }}
    >
      <TextField
        label={t("comment")}
        hint={comment.length >= NEAR_END ? t("comment.left", { count: MAX_COMMENT - comment.length }) : t("comment.hint")}
        rows={1}
        placeholder={t("comment.short")}
        sx={{
          flex: { xs: "1 1 0", sm: "1 1 320px" },
          "& label": { "@media (max-width: 599px)": HEARD },
          "& label ~ div": { "@media (max-width: 599px)": HEARD },
          "& textarea.field-input": { minHeight: { xs: 40, sm: 58 } },
          "& textarea::placeholder": { color: { xs: "text.secondary", sm: "transparent" }, opacity: 1 },
        }}
        value={comment}
        inputProps={{ maxLength: MAX_COMMENT, "data-testid": "approval-comment" }}
        onChange={(event) => setComment(event.target.value)}
      />
      <Box sx={{ display: "flex", flexWrap: { xs: "nowrap", sm: "wrap" }, alignItems: "center", gap: 1, pb: { xs: 0, sm: 0.5 } }}>
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
        <Box component="span" role="status" sx={{ color: "text.secondary", "@media (max-width: 599px)": HEARD }}>
          {busy ? t("deciding") : (may ?? stands ?? "")}
        </Box>
      </Box>
    </Box>
  );
}
