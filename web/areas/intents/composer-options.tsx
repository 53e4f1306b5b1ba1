// How an intent is to be carried out, folded: how many of the options are in use. The form itself is loaded when it is opened.
import Box from "@mui/material/Box";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { part } from "../../common/part.tsx";
import { optionsInUse } from "./draft.ts";
import type { ComposerOptionsProps } from "./options-form.tsx";

const OptionsForm = part(
  () => import("./options-form.tsx"),
  (module) => module.OptionsForm,
);

export function ComposerOptions(props: ComposerOptionsProps) {
  const { t } = useTranslation("intents");
  const [opened, setOpened] = useState(false);
  const inUse = optionsInUse(props.draft);
  return (
    <Box component="details" data-testid="options" sx={{ mt: 1.25 }} onToggle={() => setOpened(true)}>
      <Box component="summary" sx={{ cursor: "pointer", width: "fit-content", minHeight: 28, py: 0.25, fontWeight: 600 }}>
        {t("options.title")}{" "}
        <Box component="span" data-testid="options-in-use" sx={{ fontWeight: 400, color: "text.secondary" }}>
          {inUse === 0 ? t("options.usual") : t("options.in_use", { count: inUse })}
        </Box>
      </Box>
      {opened && (
        <Suspense fallback={null}>
          <OptionsForm {...props} />
        </Suspense>
      )}
    </Box>
  );
}
