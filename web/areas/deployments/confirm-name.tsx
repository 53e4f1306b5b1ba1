// The name of what is lost, to be typed: nobody does that by mistake. Says which of the sites are production.
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { Field } from "../../common/field.tsx";

export interface ConfirmNameProps {
  name: string;
  typed: string;
  production: readonly string[]; // those of the sites that are marked so
  onType(typed: string): void;
}

export function ConfirmName({ name, typed, production, onType }: ConfirmNameProps) {
  const { t } = useTranslation(["deployments", "common"]);
  const wrong = typed !== "" && !name.startsWith(typed);
  return (
    <Box sx={{ display: "flex", flexDirection: "column", gap: 1 }}>
      {production.length > 0 && (
        <Alert severity="warning" variant="outlined" data-testid="production-mark">
          {t("common:confirm.production", { sites: production.join(", ") })}
        </Alert>
      )}
      <Field
        label={t("common:confirm.type", { name })}
        value={typed}
        problem={wrong ? t("command.confirm_name") : undefined}
        hint=" "
        inputProps={{ "data-testid": "confirm-name", autoComplete: "off", autoCapitalize: "none", spellCheck: false }}
        onChange={(event) => onType(event.target.value)}
        sx={{ maxWidth: 420 }}
      />
    </Box>
  );
}
