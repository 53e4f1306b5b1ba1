// The files of one site under its name, with how much changes there; closed and open at a click.
import ChevronRight from "@mui/icons-material/ChevronRight";
import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Untrusted } from "../../common/text.tsx";
import type { DiffGroup } from "../../state/diff-view.ts";
import { visible } from "../../state/visible.ts";

export interface DiffGroupProps {
  group: DiffGroup;
  alone: boolean; // of one site only: there is nothing to close it for
  openAtFirst: boolean;
  children: ReactNode;
}

export function DiffGroupView({ group, alone, openAtFirst, children }: DiffGroupProps) {
  const { t } = useTranslation("approval");
  const [open, setOpen] = useState(openAtFirst);
  const shown = open || alone;
  return (
    <Box
      component="section"
      aria-label={group.site === null ? t("diff.no_site") : visible(group.site)}
      data-testid="diff-site"
      data-site={group.site ?? ""}
      sx={{ mt: 1.5 }}
    >
      <ButtonBase
        aria-expanded={shown}
        disabled={alone}
        onClick={() => setOpen(!open)}
        sx={{ display: "flex", gap: 1, alignItems: "center", minHeight: 28, width: "100%", justifyContent: "flex-start", fontWeight: 650 }}
      >
        {!alone && <ChevronRight aria-hidden fontSize="small" sx={{ transform: shown ? "rotate(90deg)" : "none" }} />}
        {group.site === null ? t("diff.no_site") : <Untrusted>{group.site}</Untrusted>}
        <Counts added={group.added} removed={group.removed} />
        <Box component="span" sx={{ color: "text.secondary", fontWeight: 400 }}>
          {t("diff.files", { count: group.files.length })}
        </Box>
      </ButtonBase>
      {shown && <Box sx={{ display: "grid", gap: 1, mt: 0.5, minWidth: 0 }}>{children}</Box>}
    </Box>
  );
}

/** "+12 −3", said in words to a screen reader. */
export function Counts({ added, removed }: { added: number; removed: number }) {
  const { t } = useTranslation("approval");
  return (
    <Box component="span" sx={{ fontVariantNumeric: "tabular-nums", fontWeight: 600, whiteSpace: "nowrap" }}>
      <Box component="span" aria-hidden sx={{ color: "success.main" }}>
        +{added}
      </Box>{" "}
      <Box component="span" aria-hidden sx={{ color: "error.main" }}>
        −{removed}
      </Box>
      <span className="visually-hidden">{t("diff.counts", { added, removed })}</span>
    </Box>
  );
}
