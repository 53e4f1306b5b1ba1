// What an intent was taken to mean and what was decided to do about it, side by side.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { Panel } from "../../common/page.tsx";
import { PlanDetails } from "./plan-details.tsx";
import { Reading } from "./reading.tsx";
import type { Known } from "./use-intent.ts";

export function UnderstoodTab({ known: { record } }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  return (
    <Box
      sx={{
        display: "grid",
        gap: 2,
        alignItems: "start",
        gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "minmax(0, 1fr) minmax(0, 1fr)" },
      }}
    >
      <Panel title={t("read.title")}>
        <Reading record={record} />
      </Panel>
      <Panel title={t("plan.title")}>
        <PlanDetails record={record} />
      </Panel>
    </Box>
  );
}
