// What a slice was asked to be, with the defaults where nobody has said anything; and the objectives it is measured against.
import Box from "@mui/material/Box";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import { useTranslation } from "react-i18next";
import type { SliceView } from "../../../protocol/api.ts";
import { REQUIREMENT_FIELDS } from "../../../protocol/intent.ts";
import type { ObjectiveName } from "../../../protocol/slo.ts";
import { useAppSelector } from "../../app/store.ts";
import { Instant } from "../../common/instant.tsx";
import { Panel } from "../../common/page.tsx";
import { ScrollBox } from "../../common/scroll-box.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { COMPARISONS, measured } from "../../state/format.ts";
import { measuredKey } from "../../state/measured.ts";
import { inForce } from "../../state/scale-draft.ts";
import { VERDICT_TONES } from "../../state/tones.ts";

export function SliceRequirements({ slice }: { slice: SliceView }) {
  const { t } = useTranslation(["deployments", "common"]);
  const full = inForce(slice);
  const from = (isStated: boolean) => (isStated ? t("slice.stated") : t("slice.default", { type: slice.serviceType }));
  return (
    <Panel title={t("slice.requirements")} testId="slice-requirements">
      <ScrollBox label={t("slice.requirements")}>
        <Table size="small">
          <Head columns={[t("slice.requirement"), t("slice.value"), t("slice.from")]} />
          <TableBody>
            {REQUIREMENT_FIELDS.map((field) => (
              <TableRow key={field} data-testid="requirement" data-field={field}>
                <TableCell component="th" scope="row">
                  {t(`common:requirement.${field}`)}
                </TableCell>
                <TableCell>{full[field]}</TableCell>
                <TableCell>{from(slice.requirements[field] !== undefined)}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </ScrollBox>
    </Panel>
  );
}

export function SliceObjectives({ slice }: { slice: SliceView }) {
  const { t } = useTranslation(["deployments", "common"]);
  return (
    <Panel title={t("slice.objectives")} testId="slice-objectives">
      <ScrollBox label={t("slice.objectives")}>
        <Table size="small">
          <Head columns={[t("slice.objective"), t("evidence.wanted"), t("slice.measured"), t("slice.window")]} />
          <TableBody>
            {slice.objectives.map(({ name, comparator, threshold, unit, windowSeconds, minSamples }) => (
              <TableRow key={name} data-testid="objective" data-objective={name}>
                <TableCell component="th" scope="row">
                  {t(`common:objective.${name}`)}
                </TableCell>
                <TableCell>
                  {COMPARISONS[comparator]} {measured(threshold, unit)}
                </TableCell>
                <TableCell>
                  <Measured slice={slice} objective={name} />
                </TableCell>
                <TableCell>{t("slice.seconds", { seconds: windowSeconds, samples: minSamples })}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </ScrollBox>
    </Panel>
  );
}

/** As the room told it last, site by site. */
function Measured({ slice: { slice, sites }, objective }: { slice: SliceView; objective: ObjectiveName }) {
  const { t } = useTranslation(["deployments", "common"]);
  const heard = useAppSelector((state) => state.live.measured);
  const told = sites.flatMap(({ site }) => {
    const one = heard[measuredKey({ slice, site })];
    const evidence = one?.evidence.find((each) => each.objective === objective);
    return one === undefined || evidence === undefined ? [] : [{ ...evidence, heardAt: one.heardAt }];
  });
  if (told.length === 0) return t("slice.not_measured");
  return told.map(({ site, value, unit, verdict, heardAt }) => (
    <Box key={site} data-testid="objective-measured" data-site={site} data-verdict={verdict}>
      {site}: {measured(value, unit) ?? t("common:unknown.value")}{" "}
      <StateLabel tone={VERDICT_TONES[verdict]}>{t(`common:verdict.${verdict}`)}</StateLabel> <Instant at={heardAt} />
    </Box>
  ));
}

function Head({ columns }: { columns: readonly string[] }) {
  return (
    <TableHead>
      <TableRow>
        {columns.map((column) => (
          <TableCell key={column} component="th" scope="col">
            {column}
          </TableCell>
        ))}
      </TableRow>
    </TableHead>
  );
}
