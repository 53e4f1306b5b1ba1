// The measured service levels as they were executed: query, samples, value, threshold, verdict and instant.
import Box from "@mui/material/Box";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import { useTranslation } from "react-i18next";
import type { Evidence } from "../../../protocol/slo.ts";
import { Instant } from "../../common/instant.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { measured } from "../../state/format.ts";
import { VERDICT_TONES } from "../../state/tones.ts";
import { NotYet } from "./facts.tsx";

const SIGN = { lte: "≤", gte: "≥" } as const;

/** `compact`: beside the graph; site and objective share a column, and the rest is below each other. */
export function EvidenceTable({ evidence, compact = false }: { evidence: readonly Evidence[]; compact?: boolean }) {
  const { t } = useTranslation(["pipeline", "common"]);
  if (evidence.length === 0) return <NotYet />;
  // Measured again after a crash or a decision: the last measurement of each objective counts.
  const latest = [...new Map(evidence.map((one) => [`${one.site} ${one.objective}`, one])).values()];
  return (
    <Box
      role="region"
      aria-label={t("evidence.table")}
      tabIndex={0}
      sx={{ overflow: "auto", mb: 1.5, ...(compact ? { maxHeight: 460 } : {}) }}
    >
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell component="th" scope="col">
              {t("evidence.what")}
            </TableCell>
            <TableCell component="th" scope="col">
              {t("evidence.verdict")}
            </TableCell>
            <TableCell component="th" scope="col">
              {t("evidence.measured")}
            </TableCell>
            {!compact && (
              <TableCell component="th" scope="col">
                {t("evidence.query")}
              </TableCell>
            )}
            {!compact && (
              <TableCell component="th" scope="col">
                {t("evidence.when")}
              </TableCell>
            )}
          </TableRow>
        </TableHead>
        <TableBody>
          {latest.map((one) => (
            <Row key={`${one.site} ${one.objective}`} one={one} compact={compact} />
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}

function Row({ one, compact }: { one: Evidence; compact: boolean }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const query = (
    <code>
      <Untrusted>{one.query}</Untrusted>
    </code>
  );
  return (
    <TableRow data-testid="evidence" data-verdict={one.verdict} data-site={one.site}>
      <TableCell component="th" scope="row" sx={{ verticalAlign: "top" }}>
        <Untrusted>{one.site}</Untrusted>
        <Box>{t(`common:objective.${one.objective}`)}</Box>
      </TableCell>
      <TableCell sx={{ verticalAlign: "top" }}>
        <StateLabel tone={VERDICT_TONES[one.verdict]}>{t(`common:verdict.${one.verdict}`)}</StateLabel>
        {one.message !== "" && (
          <Box sx={{ color: "text.secondary", fontSize: "0.8rem" }}>
            <Untrusted>{one.message}</Untrusted>
          </Box>
        )}
      </TableCell>
      <TableCell sx={{ verticalAlign: "top" }}>
        <Box component="strong" sx={{ whiteSpace: "nowrap" }}>
          {measured(one.value, one.unit) ?? t("common:unknown.value")}
        </Box>
        <Box sx={{ whiteSpace: "nowrap" }}>
          {SIGN[one.comparator]} {measured(one.threshold, one.unit)}
        </Box>
        <Box sx={{ color: "text.secondary", fontSize: "0.8rem" }}>{t("evidence.samples", { count: one.samples })}</Box>
        {compact && (
          <Box sx={{ fontSize: "0.75rem", mt: 0.5 }}>
            {query} · <Instant at={one.measuredAt} />
          </Box>
        )}
      </TableCell>
      {!compact && <TableCell sx={{ verticalAlign: "top", minWidth: 260, fontSize: "0.8rem" }}>{query}</TableCell>}
      {!compact && (
        <TableCell sx={{ verticalAlign: "top", whiteSpace: "nowrap" }}>
          <Instant at={one.measuredAt} />
        </TableCell>
      )}
    </TableRow>
  );
}
