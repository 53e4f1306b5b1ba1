// One file of a diff: a head that stays in sight while its lines pass under it, and the lines while it is open.
import ChevronRight from "@mui/icons-material/ChevronRight";
import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import type { DiffFile } from "../../state/diff-view.ts";
import type { Tone } from "../../state/tones.ts";
import { visible } from "../../state/visible.ts";
import { heightOf } from "./code-colours.ts";
import { Counts } from "./diff-group.tsx";
import { DiffLines } from "./diff-lines.tsx";
import { useNear } from "./use-near.ts";

const TONES: Record<DiffFile["change"], Tone> = { added: "done", modified: "active", removed: "failed" };

export interface DiffFileProps {
  file: DiffFile;
  wrap: boolean;
  openAtFirst: boolean;
  eager: boolean; // the whole diff is small: nothing is to be saved
}

export const DiffFileView = memo(function DiffFileView({ file, wrap, openAtFirst, eager }: DiffFileProps) {
  const { t } = useTranslation("approval");
  const [open, setOpen] = useState(openAtFirst);
  return (
    <Box
      data-testid="diff-file"
      data-path={file.path}
      data-change={file.change}
      data-open={open}
      sx={{ border: 1, borderColor: "divider", borderRadius: 1, minWidth: 0 }}
    >
      <ButtonBase
        aria-expanded={open}
        title={visible(file.path)}
        onClick={() => setOpen(!open)}
        sx={{
          display: "flex",
          flexWrap: "wrap",
          justifyContent: "flex-start",
          textAlign: "left",
          columnGap: 1,
          width: "100%",
          px: 1,
          py: 0.5,
          minHeight: 34,
          borderRadius: 1,
          bgcolor: "background.paper",
          ...(open ? { position: "sticky", top: "var(--sticky-top, 0px)", zIndex: 1, borderBottom: 1, borderColor: "divider" } : {}),
        }}
      >
        <ChevronRight aria-hidden fontSize="small" sx={{ transform: open ? "rotate(90deg)" : "none" }} />
        <Box component="code" sx={{ flex: "1 1 200px", minWidth: 0, overflowWrap: "anywhere" }}>
          <Untrusted>{file.name}</Untrusted>
        </Box>
        <StateLabel tone={TONES[file.change]}>{t(`diff.${file.change}`)}</StateLabel>
        <Counts added={file.added} removed={file.removed} />
      </ButtonBase>
      {open && <Body file={file} wrap={wrap} eager={eager} />}
    </Box>
  );
});

/** Of a large diff only the files near the screen have lines; the others keep their place. */
function Body({ file, wrap, eager }: Omit<DiffFileProps, "openAtFirst">) {
  const { ref, near } = useNear(eager);
  return (
    <div ref={ref} style={near ? undefined : { minHeight: heightOf(file.lines.length) }}>
      {near && <DiffLines file={file} wrap={wrap} />}
    </div>
  );
}
