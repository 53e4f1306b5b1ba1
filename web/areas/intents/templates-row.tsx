// Sentences with blanks, one press away. They fill the box and send nothing.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useTranslation } from "react-i18next";
import { TEMPLATES } from "../../state/templates.ts";

export interface TemplatesRowProps {
  onFill(text: string): void;
  examples: boolean; // shown below
  onExamples(): void;
}

export function TemplatesRow({ onFill, examples, onExamples }: TemplatesRowProps) {
  const { t } = useTranslation("intents");
  return (
    <Box role="group" aria-label={t("templates.label")} sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 0.75, mb: 1 }}>
      {TEMPLATES.map((id) => (
        <Button
          key={id}
          color="inherit"
          data-testid="template"
          data-template={id}
          title={t(`template.${id}.text`)}
          onClick={() => onFill(t(`template.${id}.text`))}
          sx={{ py: 0.1, px: 1, minHeight: 28, borderColor: "divider", fontWeight: 500 }}
        >
          {t(`template.${id}`)}
        </Button>
      ))}
      <Button
        variant="text"
        data-testid="examples-toggle"
        aria-expanded={examples}
        aria-controls="examples"
        onClick={onExamples}
        sx={{ py: 0.1, minHeight: 28 }}
      >
        {t("examples.title")}
      </Button>
    </Box>
  );
}
