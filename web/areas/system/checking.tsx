// Shown when the server did not say whether the token is good: why, and the two ways on.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Paper from "@mui/material/Paper";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import { Problem } from "../../common/problem.tsx";

export interface CheckingProps {
  problem: unknown;
  onRetry(): void;
  onSignOut(): void;
}

export function Checking({ problem, onRetry, onSignOut }: CheckingProps) {
  const { t } = useTranslation(["system", "common"]);
  return (
    <Box component="main" sx={{ display: "grid", placeItems: "center", minHeight: "100dvh", p: 2 }}>
      <Paper sx={{ p: 3, width: "min(520px, 100%)", display: "grid", gap: 2 }}>
        <Typography variant="h1">{t("checking.title")}</Typography>
        <Problem problem={problem} onRetry={onRetry} />
        <Button variant="text" onClick={onSignOut}>
          {t("common:header.sign_out")}
        </Button>
      </Paper>
    </Box>
  );
}
