// Charts that load themselves: of a slice site by site, and of a site with all its slices together.
import { useTranslation } from "react-i18next";
import type { ObjectiveName } from "../../../protocol/slo.ts";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { AppLink } from "../../common/link.tsx";
import { POINTS, RANGES, type Range } from "../../state/series.ts";
import { SeriesChart } from "./series-chart.tsx";
import { useRefresh } from "./use-refresh.ts";
import { UNITS } from "./words.ts";

const REFRESH_MS: Record<Range, number> = { "15m": 15_000, "1h": 30_000, "6h": 60_000, "24h": 300_000 }; // half a step at most

export interface Charted {
  metric: ObjectiveName;
  range: Range;
  titled?: "metric" | "object"; // what tells this chart from the ones beside it
}

export function SliceChart({ name, site, metric, range, titled = "object" }: Charted & { name: string; site: string | null }) {
  const { t } = useTranslation(["monitoring", "common"]);
  const filter = { metric, points: POINTS[range], ...(site === null ? {} : { site }) };
  const query = server.useSliceSeriesQuery({ name, lastMs: RANGES[range], filter });
  useRefresh(query.refetch, REFRESH_MS[range]);
  const what = `${t(`common:objective.${metric}`)} (${UNITS[metric]})`;
  return (
    <SeriesChart
      title={titled === "metric" ? what : <AppLink href={paths.slice(name)}>{name}</AppLink>}
      about={`${what}, ${name}${site === null ? "" : `, ${site}`}`}
      page={query.currentData}
      problem={query.error}
      retry={query.refetch}
    />
  );
}

export function SiteChart({ id, metric, range, titled = "object" }: Charted & { id: string }) {
  const { t } = useTranslation(["monitoring", "common"]);
  const query = server.useSiteSeriesQuery({ id, lastMs: RANGES[range], filter: { metric, points: POINTS[range] } });
  useRefresh(query.refetch, REFRESH_MS[range]);
  const what = `${t(`common:objective.${metric}`)} (${UNITS[metric]})`;
  return (
    <SeriesChart
      title={titled === "metric" ? what : <AppLink href={paths.site(id)}>{id}</AppLink>}
      about={`${what}, ${id}`}
      page={query.currentData}
      problem={query.error}
      retry={query.refetch}
    />
  );
}
