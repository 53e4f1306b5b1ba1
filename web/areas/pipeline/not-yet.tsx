// What stands in the details of a stage that has nothing to show yet, or that failed.
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import type { StageFailure } from "../../../protocol/stage.ts";
import { Untrusted } from "../../common/text.tsx";
import { ToneIcon } from "../../common/tone-icon.tsx";
import { colourOf } from "./look.tsx";

export function NotYet() {
  const { t } = useTranslation(["pipeline", "common"]);
  return <Typography sx={{ color: "text.secondary" }}>{t("details.not_yet")}</Typography>;
}

/** What went wrong there, with its results per file where there are any. */
export function FailureDetails({ failure }: { failure: StageFailure }) {
  const { t } = useTranslation(["pipeline", "common"]);
  return (
    <Box data-testid="stage-failure" sx={{ mb: 1.5 }}>
      <Box sx={{ display: "flex", gap: 0.5, fontWeight: 600, color: colourOf("failed") }}>
        <ToneIcon tone="failed" sx={{ mt: "0.25em", flex: "none" }} />
        {t(`reason.${failure.reason}`)}
      </Box>
      <Box>
        <Untrusted>{failure.message}</Untrusted>
      </Box>
      <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
        {(failure.details ?? []).map((detail, index) => (
          <li key={index}>
            <Untrusted>{detail}</Untrusted>
          </li>
        ))}
      </Box>
    </Box>
  );
}
