// One live slice in the list, with its state in words and the commands that change it.
import Box from "@mui/material/Box";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { SliceView } from "../../../protocol/api.ts";
import { REQUIREMENT_FIELDS } from "../../../protocol/intent.ts";
import { paths } from "../../app/paths.ts";
import { AppLink } from "../../common/link.tsx";
import { Untrusted } from "../../common/text.tsx";
import { inForce } from "../../state/scale-draft.ts";
import { SliceCommands } from "./slice-commands.tsx";
import { AlertsState, BusyState } from "./slice-state.tsx";

export const SLICE_ROW_PX = 84;

const NAMED_SITES = 6;

export const SliceRow = memo(function SliceRow({ slice }: { slice: SliceView }) {
  const sites = slice.sites.map((one) => one.site);
  const more = sites.length - NAMED_SITES;
  return (
    <Box
      data-testid="slice"
      data-slice={slice.slice}
      data-busy={slice.busy !== null}
      sx={{
        display: "grid",
        gridTemplateColumns: { xs: "minmax(0, 1fr)", md: "minmax(150px, 1fr) minmax(220px, 2.2fr) minmax(150px, 1fr) auto" },
        columnGap: 2,
        rowGap: 0.5,
        alignItems: "center",
        minHeight: SLICE_ROW_PX,
        py: 1,
        borderBottom: 1,
        borderColor: "divider",
      }}
    >
      <Box sx={{ minWidth: 0 }}>
        <AppLink href={paths.slice(slice.slice)} sx={{ fontWeight: 650 }}>
          <Untrusted>{slice.slice}</Untrusted>
        </AppLink>
        <Box sx={{ color: "text.secondary", fontSize: "0.85rem" }}>{slice.serviceType}</Box>
      </Box>
      <Box sx={{ minWidth: 0, fontSize: "0.9rem" }}>
        <Box sx={{ display: "flex", flexWrap: "wrap", columnGap: 1 }}>
          {sites.slice(0, NAMED_SITES).map((site) => (
            <AppLink key={site} href={paths.site(site)} color="inherit">
              {site}
            </AppLink>
          ))}
          {more > 0 && <AppLink href={paths.slice(slice.slice)}>+{more}</AppLink>}
        </Box>
        <Requirements slice={slice} />
      </Box>
      <Box sx={{ display: "flex", flexDirection: "column", alignItems: "flex-start", fontSize: "0.9rem", minWidth: 0 }}>
        <AlertsState alerts={slice.alerts} />
        {slice.busy !== null && <BusyState busy={slice.busy} />}
      </Box>
      <SliceCommands slice={slice} />
    </Box>
  );
});

/** What is in force, asked for or by default; each number with its unit. */
function Requirements({ slice }: { slice: SliceView }) {
  const { t } = useTranslation("deployments");
  const full = inForce(slice);
  return (
    <Box sx={{ color: "text.secondary", fontSize: "0.85rem" }}>
      {REQUIREMENT_FIELDS.map((field) => t(`share.${field}`, { value: full[field] })).join(" · ")}
    </Box>
  );
}
