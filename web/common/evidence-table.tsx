// The measured service levels as they were executed: the verdict, what was measured against what was wanted, the query, its samples and the instant.
import Box from "@mui/material/Box";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import { useTranslation } from "react-i18next";
import type { Evidence } from "../../protocol/slo.ts";
import { COMPARISONS, measured } from "../state/format.ts";
import { VERDICT_TONES } from "../state/tones.ts";
import { asCards } from "./as-cards.ts";
import { Copy } from "./copy.tsx";
import { Instant } from "./instant.tsx";
import { ScrollBox } from "./scroll-box.tsx";
import { StateLabel } from "./state-label.tsx";
import { Untrusted } from "./text.tsx";

export interface EvidenceTableProps {
  label: string; // what these are, for whoever does not see the table
  evidence: readonly Evidence[]; // in the order to show
  compact?: boolean; // in little room: query and instant stand below the value
}

export function EvidenceTable({ label, evidence, compact = false }: EvidenceTableProps) {
  const { t } = useTranslation();
  const columns = (["what", "verdict", "measured", "query", "when"] as const).slice(0, compact ? 3 : 5);
  return (
    <ScrollBox label={label}>
      <Box sx={{ containerType: "inline-size" }}>
        <Table size="small" sx={{ "& td, & th": { verticalAlign: "top" }, ...(compact ? {} : { minWidth: 700 }), ...asCards(560) }}>
          <TableHead>
            <TableRow>
              {columns.map((column) => (
                <TableCell key={column} component="th" scope="col">
                  {t(`evidence.${column}`)}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {evidence.map((one) => (
              <Row key={`${one.site} ${one.objective} ${one.measuredAt}`} one={one} compact={compact} />
            ))}
          </TableBody>
        </Table>
      </Box>
    </ScrollBox>
  );
}

function Row({ one, compact }: { one: Evidence; compact: boolean }) {
  const { t } = useTranslation();
  const unjudged = one.verdict !== "pass" && one.verdict !== "fail"; // else the message repeats the numbers beside it
  const query = <Copy value={one.query} what={t("evidence.query_what")} />;
  return (
    <TableRow data-testid="evidence" data-verdict={one.verdict} data-site={one.site} data-objective={one.objective}>
      <TableCell component="th" scope="row">
        <Untrusted>{one.site}</Untrusted>
        <Box sx={{ fontWeight: 400 }}>{t(`objective.${one.objective}`)}</Box>
      </TableCell>
      <TableCell>
        <StateLabel tone={VERDICT_TONES[one.verdict]}>{t(`verdict.${one.verdict}`)}</StateLabel>
        {unjudged && one.message !== "" && (
          <Box sx={{ color: "text.secondary", fontSize: "0.8rem", overflowWrap: "anywhere" }}>
            <Untrusted>{one.message}</Untrusted>
          </Box>
        )}
      </TableCell>
      <TableCell>
        <Box component="strong" sx={{ whiteSpace: "nowrap" }}>
          {measured(one.value, one.unit) ?? t("unknown.value")}
        </Box>
        <Box sx={{ whiteSpace: "nowrap" }}>
          {COMPARISONS[one.comparator]} {measured(one.threshold, one.unit)}
        </Box>
        <Box sx={{ color: "text.secondary", fontSize: "0.8rem" }}>{t("evidence.samples", { count: one.samples })}</Box>
        {compact && (
          <Box sx={{ fontSize: "0.75rem", mt: 0.5, "& code": { minWidth: 0, overflowWrap: "anywhere", whiteSpace: "normal" } }}>
            {query} <Instant at={one.measuredAt} />
          </Box>
        )}
      </TableCell>
      {!compact && <TableCell sx={{ minWidth: 260, fontSize: "0.8rem", overflowWrap: "anywhere" }}>{query}</TableCell>}
      {!compact && (
        <TableCell sx={{ whiteSpace: "nowrap" }}>
          <Instant at={one.measuredAt} />
        </TableCell>
      )}
    </TableRow>
  );
}
