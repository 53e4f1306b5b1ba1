// The fields of an understanding as a table: what was read, and where it came from, with the very words of the sentence where it says them.
import Box from "@mui/material/Box";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import { useTranslation } from "react-i18next";
import { REQUIREMENT_FIELDS, type Understanding } from "../../../protocol/intent.ts";
import { asCards } from "../../common/as-cards.ts";
import { Untrusted } from "../../common/text.tsx";
import { visible } from "../../state/visible.ts";

interface Row {
  field: string; // as provenance names it
  name: string;
  value: string;
}

export function ReadFields({ text, understanding }: { text: string; understanding: Understanding }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const rows = useRows(understanding);
  return (
    <Box role="region" aria-label={t("read.table")} sx={{ containerType: "inline-size", position: "relative" }}>
      <Table size="small" sx={{ overflowWrap: "anywhere", ...asCards(460) }}>
        <TableHead>
          <TableRow>
            <TableCell component="th" scope="col">
              {t("read.field")}
            </TableCell>
            <TableCell component="th" scope="col">
              {t("read.value")}
            </TableCell>
            <TableCell component="th" scope="col">
              {t("read.source")}
            </TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map(({ field, name, value }) => {
            const unsaid = field === "slice" && understanding.intent.slice === undefined;
            const { source = unsaid ? "default" : "text", span } = understanding.provenance[field] ?? {};
            return (
              <TableRow key={field} data-testid="read-field" data-field={field} data-source={source}>
                <TableCell component="th" scope="row">
                  {name}
                </TableCell>
                <TableCell sx={{ fontWeight: 600 }}>
                  <Untrusted>{value}</Untrusted>
                </TableCell>
                <TableCell sx={{ color: "text.secondary" }}>
                  {t(`source.${source}`)}
                  {span !== undefined && <bdi> “{visible(text.slice(...span))}”</bdi>}
                </TableCell>
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
    </Box>
  );
}

function useRows({ intent, status }: Understanding): Row[] {
  const { t } = useTranslation(["pipeline", "common"]);
  const rows: Row[] = [{ field: "action", name: t("read.action"), value: t(`common:actionName.${intent.action}`) }];
  if (intent.intentType !== null) rows.push({ field: "intentType", name: t("read.type"), value: intent.intentType });
  if (intent.targetSites.length > 0) rows.push({ field: "targetSites", name: t("read.sites"), value: intent.targetSites.join(", ") });
  if (intent.slice !== undefined) rows.push({ field: "slice", name: t("read.slice"), value: intent.slice });
  else if (intent.action === "deploy" && status !== "rejected")
    rows.push({ field: "slice", name: t("read.slice"), value: t("read.made_up") });
  for (const key of REQUIREMENT_FIELDS) {
    const value = intent.requirements[key];
    if (value !== undefined) rows.push({ field: `requirements.${key}`, name: t(`common:requirement.${key}`), value: String(value) });
  }
  if (status === "rejected") return rows; // nothing of it will be carried out: no defaults either
  const { bandwidth, latency, reliability } = intent.serviceProfile;
  const { availability, latencyP95, throughputMin } = intent.sloRequirements;
  rows.push(
    { field: "serviceProfile.bandwidth", name: t("read.profile.bandwidth"), value: bandwidth },
    { field: "serviceProfile.latency", name: t("read.profile.latency"), value: latency },
    { field: "serviceProfile.reliability", name: t("read.profile.reliability"), value: reliability },
    { field: "sloRequirements.throughputMin", name: t("read.slo.throughputMin"), value: throughputMin },
    { field: "sloRequirements.latencyP95", name: t("read.slo.latencyP95"), value: latencyP95 },
    { field: "sloRequirements.availability", name: t("read.slo.availability"), value: availability },
  );
  return rows;
}
