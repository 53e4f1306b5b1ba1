// The drawing of a chart by Recharts, loaded only where one is looked at. It draws what chartOf has decided; the words and the table stand around it.
import Paper from "@mui/material/Paper";
import { useTranslation } from "react-i18next";
import { CartesianGrid, type DotItemDotProps, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { Untrusted } from "../../common/text.tsx";
import { clockTime } from "../../state/format.ts";
import { type Chart, type Row, ticksOf } from "../../state/series.ts";
import { dashOf, LineSwatch, MISS_COLOR, MissMark, strokeOf, triangle } from "./line-style.tsx";
import { useMeasuredWords } from "./words.ts";

const INK = { fill: "var(--mui-palette-text-secondary)", fontSize: 12 };
const TICKS = 5;
const DIGIT_PX = 7;

const axisWidth = (levels: readonly number[]) => 16 + DIGIT_PX * Math.max(...levels.map((level) => String(level).length));

export function SeriesPlot({ chart, height }: { chart: Chart; height: number }) {
  const words = useMeasuredWords();
  const { i18n } = useTranslation();
  const hour = new Intl.DateTimeFormat(i18n.language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return (
    <ResponsiveContainer width="100%" height={height}>
      <LineChart data={[...chart.rows]} accessibilityLayer={false} margin={{ top: 12, right: 8, bottom: 0, left: 0 }}>
        <CartesianGrid stroke="var(--mui-palette-divider)" vertical={false} />
        <XAxis
          dataKey="at"
          type="number"
          domain={[chart.from, chart.to]}
          ticks={ticksOf(chart, TICKS, new Date(chart.to).getTimezoneOffset())}
          tickFormatter={(at: number) => hour.format(at)}
          tick={INK}
          stroke="var(--mui-palette-divider)"
        />
        <YAxis
          domain={[chart.levels[0] ?? 0, chart.levels.at(-1) ?? 1]}
          ticks={[...chart.levels]}
          width={axisWidth(chart.levels)}
          tick={INK}
          stroke="var(--mui-palette-divider)"
          interval={0}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: "var(--mui-palette-text-secondary)", strokeDasharray: "2 2" }}
          content={({ active, label }) => (active ? <AtOneInstant chart={chart} row={chart.rows.find(({ at }) => at === label)} /> : null)}
        />
        {chart.thresholds.map((threshold) => (
          <ReferenceLine
            key={`${threshold.comparator} ${threshold.value}`}
            y={threshold.value}
            stroke={MISS_COLOR}
            strokeDasharray="5 4"
            strokeWidth={1.5}
            label={{
              value: `SLO ${words.threshold(threshold, chart.unit)}`,
              position: threshold.comparator === "lte" ? "insideBottomLeft" : "insideTopLeft",
              fill: MISS_COLOR,
              stroke: "var(--mui-palette-background-paper)", // a halo: a line may run behind it
              strokeWidth: 3,
              style: { paintOrder: "stroke" },
              fontSize: 12,
              fontWeight: 600,
            }}
          />
        ))}
        {chart.lines.map((line, index) => (
          <Line
            key={`${line.slice} ${line.site}`}
            name={line.name}
            dataKey={(row: Row) => row.drawn[index] ?? null}
            type="linear"
            stroke={strokeOf(index)}
            strokeDasharray={dashOf(index)}
            strokeWidth={2}
            isAnimationActive={false}
            activeDot={false}
            dot={(props: DotItemDotProps) => <Mark key={`${index} ${props.index}`} chart={chart} line={index} dot={props} />}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}

/** A triangle where the service level is missed, a disc where a measurement stands alone; otherwise the line is enough. */
function Mark({ chart, line, dot }: { chart: Chart; line: number; dot: DotItemDotProps }) {
  const cell = chart.rows[dot.index]?.cells[line];
  const { cx, cy } = dot;
  if (cell === undefined || cell === null || typeof cx !== "number" || typeof cy !== "number") return null;
  if (cell.missed)
    return <path d={triangle(cx, cy, 5)} fill={MISS_COLOR} stroke="var(--mui-palette-background-paper)" data-mark="missed" />;
  return cell.alone ? <circle cx={cx} cy={cy} r={2.5} fill={strokeOf(line)} data-mark="alone" /> : null;
}

function AtOneInstant({ chart, row }: { chart: Chart; row: Row | undefined }) {
  const { t, i18n } = useTranslation("monitoring");
  const words = useMeasuredWords();
  if (row === undefined) return null;
  return (
    <Paper sx={{ px: 1.25, py: 0.75, fontSize: "0.82rem", maxWidth: 280 }}>
      <strong>{clockTime(row.at, { now: Date.now(), language: i18n.language })}</strong>
      {chart.lines.map((line, index) => {
        const cell = row.cells[index];
        if (cell === undefined || cell === null) return null;
        return (
          <div key={`${line.slice} ${line.site}`}>
            <LineSwatch index={index} /> <Untrusted>{line.name}</Untrusted>: {words.spread(cell, chart.unit)}{" "}
            {cell.missed && (
              <>
                <MissMark /> {t("chart.missed")}
              </>
            )}
          </div>
        );
      })}
    </Paper>
  );
}
