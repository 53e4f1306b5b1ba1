// The commands that make sense for an intent now: cancel it, take back what it did, change its sentence and send it again.
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import Stack from "@mui/material/Stack";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link as RouteLink, useLocation } from "wouter";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { useRefusal } from "../../common/permission.ts";
import { Problem } from "../../common/problem.tsx";
import { useTell } from "../../common/use-tell.ts";
import { newKey } from "../../state/key.ts";
import { staysDry } from "../../state/kind.ts";
import type { Known } from "./use-intent.ts";

export function IntentCommands({ known: { record, deployment, view } }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const refusal = useRefusal("operate");
  const [asking, setAsking] = useState(false);
  const [, go] = useLocation();
  return (
    <Stack direction="row" sx={{ flexWrap: "wrap", gap: 1 }}>
      {view.commands.rollback && deployment !== null && (
        <ActionButton
          refusal={refusal}
          color="error"
          data-testid="rollback"
          onClick={() => go(`${paths.deployment(deployment.deploymentId)}?do=rollback`)}
        >
          {t("command.rollback")}
        </ActionButton>
      )}
      {view.commands.cancel && (
        <ActionButton refusal={refusal} color="error" data-testid="cancel" onClick={() => setAsking(true)}>
          {t("command.cancel")}
        </ActionButton>
      )}
      {staysDry(record) && record.status === "parsed" && <SendForReal intentId={record.intentId} />}
      <Button component={RouteLink} href={paths.compose(record.text)} data-testid="rerun">
        {t("command.rerun")}
      </Button>
      {/* It stays while the answer is on its way, also when the intent has come to its end meanwhile. */}
      {asking && <CancelDialog intentId={record.intentId} pushed={deployment !== null} onClose={() => setAsking(false)} />}
    </Stack>
  );
}

/** Deploys the package of the dry run, exactly as it was shown. */
function SendForReal({ intentId }: { intentId: string }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const refusal = useRefusal("operate");
  const tell = useTell();
  const key = useRef(newKey());
  const [deploy, { isLoading, error }] = server.useDeployIntentMutation();
  const send = async () => {
    if ("error" in (await deploy({ id: intentId, key: key.current }))) return;
    tell.done(t("real.done"));
  };
  return (
    <>
      <ActionButton refusal={refusal} busy={isLoading} variant="contained" data-testid="send-for-real" onClick={() => void send()}>
        {t("real.do")}
      </ActionButton>
      <Problem problem={error} />
    </>
  );
}

function CancelDialog({ intentId, pushed, onClose }: { intentId: string; pushed: boolean; onClose(): void }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const [cancel, { isLoading, error }] = server.useCancelMutation();
  const tell = useTell();
  const title = useId();
  const send = async () => {
    if ("error" in (await cancel({ id: intentId }))) return;
    tell.done(t("cancel.done"));
    onClose();
  };
  return (
    <Dialog open onClose={isLoading ? undefined : onClose} aria-labelledby={title}>
      <DialogTitle id={title}>{t("cancel.title")}</DialogTitle>
      <DialogContent>
        <DialogContentText>{pushed ? t("cancel.text_pushed") : t("cancel.text")}</DialogContentText>
        <Problem problem={error} />
      </DialogContent>
      <DialogActions>
        <Button disabled={isLoading} onClick={onClose} autoFocus>
          {t("cancel.no")}
        </Button>
        <ActionButton
          refusal={null}
          busy={isLoading}
          color="error"
          variant="contained"
          data-testid="cancel-confirm"
          onClick={() => void send()}
        >
          {t("cancel.yes")}
        </ActionButton>
      </DialogActions>
    </Dialog>
  );
}
