// A commit: short, to be copied whole, and a link where the repository's host is known to have a page for it.
import OpenInNew from "@mui/icons-material/OpenInNew";
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import { useTranslation } from "react-i18next";
import { shortCommit } from "../state/format.ts";
import { commitLink } from "../state/repository-link.ts";
import { Copy } from "./copy.tsx";

export function Commit({ commit, repository }: { commit: string; repository: string | null }) {
  const { t } = useTranslation();
  const href = commitLink(repository, commit);
  const name = t("commit.open", { commit: shortCommit(commit) });
  return (
    <Box component="span" sx={{ display: "inline-flex", alignItems: "center", whiteSpace: "nowrap" }}>
      <Copy value={commit} shown={shortCommit(commit)} what={t("commit.what")} />
      {href !== null && (
        <IconButton size="small" href={href} target="_blank" rel="noopener noreferrer" aria-label={name} title={name}>
          <OpenInNew fontSize="inherit" />
        </IconButton>
      )}
    </Box>
  );
}
