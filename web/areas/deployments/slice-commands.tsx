// The commands of a live slice: scale, roll back, terminate. Each opens a dialog; none does anything by itself. A refused one says why.
import Button from "@mui/material/Button";
import ButtonGroup from "@mui/material/ButtonGroup";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SliceView } from "../../../protocol/api.ts";
import { paths } from "../../app/paths.ts";
import { ActionButton } from "../../common/action-button.tsx";
import { AppLink } from "../../common/link.tsx";
import { part } from "../../common/part.tsx";
import { useSliceRefusal } from "./use-slice-refusal.ts";

const ScaleDialog = part(
  () => import("./scale-dialog.tsx"),
  (module) => module.ScaleDialog,
);
const TerminateDialog = part(
  () => import("./terminate-dialog.tsx"),
  (module) => module.TerminateDialog,
);

export function SliceCommands({ slice }: { slice: SliceView }) {
  const { t } = useTranslation(["deployments", "common"]);
  const [open, setOpen] = useState<"scale" | "terminate" | null>(null);
  const refusal = useSliceRefusal(slice);
  const close = () => setOpen(null);
  return (
    <>
      <ButtonGroup size="small" aria-label={`${t("command.label")} ${slice.slice}`} sx={{ flexWrap: "wrap", maxWidth: "100%" }}>
        <ActionButton refusal={refusal} data-testid="scale" onClick={() => setOpen("scale")}>
          {t("command.scale")}
        </ActionButton>
        <Button component={AppLink} href={`${paths.deployment(slice.latest.deploymentId)}?do=rollback`} data-testid="slice-rollback">
          {t("command.rollback")}
        </Button>
        <ActionButton refusal={refusal} color="error" data-testid="terminate" onClick={() => setOpen("terminate")}>
          {t("command.terminate")}
        </ActionButton>
      </ButtonGroup>
      <Suspense fallback={null}>
        {open === "scale" && <ScaleDialog slice={slice} onClose={close} />}
        {open === "terminate" && <TerminateDialog slice={slice} onClose={close} />}
      </Suspense>
    </>
  );
}
