// A diff as one reads it before it happens: files by site, closed or open, with what is added and removed in words, signs and colours. It changes nothing.
import Box from "@mui/material/Box";
import useMediaQuery from "@mui/material/useMediaQuery";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FileDiff } from "../../../protocol/stage.ts";
import { Empty } from "../../common/empty.tsx";
import { type DiffGroup, fitsOpen, groupsOf } from "../../state/diff-view.ts";
import { codeColours } from "./code-colours.ts";
import { DiffFileView } from "./diff-file.tsx";
import { DiffGroupView } from "./diff-group.tsx";
import { DiffTools } from "./diff-tools.tsx";

const PHONE = "(max-width: 600px)"; // there one reads down, not sideways
const OPEN_GROUPS = 8; // more sites are a list of sites first

export function CodeDiff({ files }: { files: readonly FileDiff[] }) {
  const { t } = useTranslation("approval");
  const groups = useMemo(() => groupsOf(files), [files]);
  const fits = useMemo(() => fitsOpen(groups), [groups]);
  const [site, setSite] = useState<string | null>(null);
  const phone = useMediaQuery(PHONE, { noSsr: true });
  const [chosen, setWrap] = useState<boolean | null>(null); // null: not chosen, a phone wraps
  const wrap = chosen ?? phone;
  const [all, setAll] = useState<{ open: boolean; round: number } | null>(null); // the last "open all" or "close all"
  if (files.length === 0) return <Empty title={t("diff.none")} />;

  const shown = groups.filter((group) => site === null || group.site === site);
  const open = all?.open ?? fits;
  // Another round or filter is another key: each part takes the new beginning, whatever was done to it before.
  const key = (name: string) => `${all?.round ?? 0} ${site ?? ""} ${name}`;
  const file = (one: DiffGroup["files"][number]) => <DiffFileView key={one.path} file={one} wrap={wrap} openAtFirst={open} eager={fits} />;
  return (
    <Box data-testid="code-diff" sx={codeColours}>
      <DiffTools
        groups={groups}
        shown={shown}
        view={{ site, wrap, open }}
        onSite={setSite}
        onWrap={setWrap}
        onAll={(next) => setAll({ open: next, round: (all?.round ?? 0) + 1 })}
      />
      {shown.map((group) => (
        <DiffGroupView
          key={key(group.site ?? "")}
          group={group}
          alone={groups.length === 1}
          openAtFirst={all?.open === true || shown.length <= OPEN_GROUPS}
        >
          {group.files.map(file)}
        </DiffGroupView>
      ))}
    </Box>
  );
}
