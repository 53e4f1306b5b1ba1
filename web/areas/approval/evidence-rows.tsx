// The measurements a decision is about: the newest of each objective at each site, the ones that are no pass first.
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
import { newestEvidence } from "../../state/approval.ts";
import { measured } from "../../state/format.ts";
import { VERDICT_TONES } from "../../state/tones.ts";

const SIGN = { lte: "≤", gte: "≥" } as const;

export function EvidenceRows({ evidence }: { evidence: readonly Evidence[] }) {
  const { t } = useTranslation(["approval", "common"]);
  return (
    // It scrolls sideways on a phone, and the keyboard has to be able to scroll it.
    <Box role="region" aria-label={t("evidence.title")} tabIndex={0} sx={{ overflowX: "auto" }}>
      <Table size="small" sx={{ minWidth: 620, "& th, & td:nth-of-type(1)": { overflowWrap: "normal" } }}>
        <TableHead>
          <TableRow>
            <TableCell component="th" scope="col">
              {t("evidence.site")}
            </TableCell>
            <TableCell component="th" scope="col">
              {t("evidence.objective")}
            </TableCell>
            <TableCell component="th" scope="col">
              {t("evidence.verdict")}
            </TableCell>
            <TableCell component="th" scope="col" align="right">
              {t("evidence.value")}
            </TableCell>
            <TableCell component="th" scope="col">
              {t("evidence.said")}
            </TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {newestEvidence(evidence).map((one) => (
            <TableRow key={`${one.site} ${one.objective}`} data-testid="evidence" data-verdict={one.verdict}>
              <TableCell component="th" scope="row">
                <Untrusted>{one.site}</Untrusted>
              </TableCell>
              <TableCell>{t(`common:objective.${one.objective}`)}</TableCell>
              <TableCell>
                <StateLabel tone={VERDICT_TONES[one.verdict]}>{t(`common:verdict.${one.verdict}`)}</StateLabel>
              </TableCell>
              <TableCell align="right" sx={{ whiteSpace: "nowrap" }}>
                {measured(one.value, one.unit) ?? t("common:unknown.value")} ({SIGN[one.comparator]} {one.threshold})
              </TableCell>
              <TableCell>
                <Untrusted>{one.message}</Untrusted> <Instant at={one.measuredAt} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}
