// One site's measurements: the objective, what was measured and wanted, the verdict, and the query behind each. It scrolls by itself where it is too wide.
import Box from "@mui/material/Box";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import { useTranslation } from "react-i18next";
import type { Evidence } from "../../../protocol/slo.ts";
import { Copy } from "../../common/copy.tsx";
import { Instant } from "../../common/instant.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { measured } from "../../state/format.ts";
import { VERDICT_TONES } from "../../state/tones.ts";
import { ScrollBox } from "./scroll-box.tsx";

export function EvidenceTable({ site, evidence }: { site: string; evidence: readonly Evidence[] }) {
  const { t } = useTranslation("deployments");
  const caption = t("evidence.caption", { site });
  return (
    <ScrollBox label={caption}>
      <Table size="small" sx={{ minWidth: 640 }}>
        <caption className="visually-hidden">{caption}</caption>
        <TableHead>
          <TableRow>
            {(["objective", "verdict", "measured", "wanted", "samples", "at"] as const).map((column) => (
              <TableCell key={column} component="th" scope="col" align={NUMBERS.has(column) ? "right" : "left"}>
                {t(`evidence.${column}`)}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {evidence.map((one) => (
            <Row key={`${one.objective} ${one.measuredAt}`} one={one} />
          ))}
        </TableBody>
      </Table>
    </ScrollBox>
  );
}

const NUMBERS: ReadonlySet<string> = new Set(["measured", "wanted", "samples"]);

function Row({ one }: { one: Evidence }) {
  const { t } = useTranslation(["deployments", "common"]);
  return (
    <TableRow data-testid="evidence" data-verdict={one.verdict} data-site={one.site} data-objective={one.objective}>
      <TableCell component="th" scope="row">
        {t(`common:objective.${one.objective}`)}
        <details>
          <Box component="summary" sx={{ cursor: "pointer", fontWeight: 400, fontSize: "0.85rem", minHeight: 24 }}>
            {t("evidence.query")}
          </Box>
          <Copy value={one.query} what={t("copy.query")} />
        </details>
      </TableCell>
      <TableCell>
        <StateLabel tone={VERDICT_TONES[one.verdict]}>{t(`common:verdict.${one.verdict}`)}</StateLabel>
        {one.message !== "" && (
          <Box sx={{ fontSize: "0.85rem", color: "text.secondary", overflowWrap: "anywhere" }}>
            <Untrusted>{one.message}</Untrusted>
          </Box>
        )}
      </TableCell>
      <TableCell align="right">{measured(one.value, one.unit) ?? t("common:unknown.value")}</TableCell>
      <TableCell align="right">
        {one.comparator === "lte" ? "≤" : "≥"} {measured(one.threshold, one.unit)}
      </TableCell>
      <TableCell align="right">{one.samples}</TableCell>
      <TableCell>
        <Instant at={one.measuredAt} />
      </TableCell>
    </TableRow>
  );
}
