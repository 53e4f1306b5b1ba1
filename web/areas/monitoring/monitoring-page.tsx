// The monitoring page: the figures of now, what fires, how they went over time, and how the parts of the system are.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { Page } from "../../common/page.tsx";
import { AgentsPanel } from "./agents-panel.tsx";
import { AlertsPanel } from "./alerts-panel.tsx";
import { ChartsPanel } from "./charts-panel.tsx";
import { ServicesPanel } from "./services-panel.tsx";
import { Tiles } from "./tiles.tsx";

export function MonitoringPage() {
  const { t } = useTranslation("monitoring");
  return (
    <Page title={t("title")}>
      <Tiles />
      <AlertsPanel />
      <ChartsPanel />
      <Box
        sx={{
          display: "grid",
          gap: 2,
          gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "repeat(2, minmax(0, 1fr))" },
          alignItems: "start",
        }}
      >
        <ServicesPanel />
        <AgentsPanel />
      </Box>
    </Page>
  );
}
