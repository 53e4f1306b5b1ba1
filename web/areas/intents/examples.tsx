// Whole sentences in both languages, to see what can be asked. They fill the box and send nothing.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useTranslation } from "react-i18next";
import { useAppSelector } from "../../app/store.ts";
import { examples } from "../../state/templates.ts";
import { visible } from "../../state/visible.ts";

export function Examples({ open, onFill }: { open: boolean; onFill(text: string): void }) {
  const { t } = useTranslation("intents");
  const sites = useAppSelector((state) => state.feed.sites);
  return (
    <Box
      component="ul"
      id="examples"
      aria-label={t("examples.title")}
      hidden={!open}
      sx={{ display: open ? "grid" : "none", gridTemplateColumns: { md: "1fr 1fr" }, columnGap: 1, m: 0, p: 0, listStyle: "none" }}
    >
      {examples(sites.map(({ id }) => id)).map(({ language, text }) => (
        <li key={text}>
          <Button
            variant="text"
            color="inherit"
            lang={language}
            data-testid="example"
            onClick={() => onFill(text)}
            sx={{ justifyContent: "flex-start", textAlign: "start", fontWeight: 400, width: "100%", py: 0.25 }}
          >
            {visible(text)}
          </Button>
        </li>
      ))}
    </Box>
  );
}
