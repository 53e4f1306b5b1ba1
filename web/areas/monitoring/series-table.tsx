// A chart as a table, for those who read it rather than look at it: every step with its mean, its spread and whether it missed, newest first.
import Box from "@mui/material/Box";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import { useTranslation } from "react-i18next";
import { Instant } from "../../common/instant.tsx";
import { Untrusted } from "../../common/text.tsx";
import type { Cell, Chart } from "../../state/series.ts";
import { MissMark } from "./line-style.tsx";
import { useMeasuredWords } from "./words.ts";

export function SeriesTable({ chart, caption, height }: { chart: Chart; caption: string; height: number }) {
  const { t } = useTranslation("monitoring");
  const rows = chart.rows.filter(({ cells }) => cells.some((cell) => cell !== null)).reverse();
  return (
    <Box tabIndex={0} role="group" aria-label={caption} data-testid="series-table" sx={{ height, overflow: "auto" }}>
      <Table size="small" stickyHeader aria-label={caption} sx={{ whiteSpace: "nowrap" }}>
        <TableHead>
          <TableRow>
            <TableCell component="th" scope="col">
              {t("chart.time")}
            </TableCell>
            {chart.lines.map((line) => (
              <TableCell key={`${line.slice} ${line.site}`} component="th" scope="col">
                <Untrusted>{line.name}</Untrusted>
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <TableRow key={row.at}>
              <TableCell component="th" scope="row">
                <Instant at={row.at} />
              </TableCell>
              {row.cells.map((cell, index) => (
                <TableCell key={`${chart.lines[index]?.slice} ${chart.lines[index]?.site}`}>
                  <Value cell={cell} unit={chart.unit} />
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}

function Value({ cell, unit }: { cell: Cell | null; unit: Chart["unit"] }) {
  const { t } = useTranslation("monitoring");
  const words = useMeasuredWords();
  if (cell === null) return <>{t("chart.not_measured")}</>;
  return (
    <>
      {words.spread(cell, unit)}{" "}
      {cell.missed && (
        <>
          <MissMark /> {t("chart.missed")}
        </>
      )}
    </>
  );
}
