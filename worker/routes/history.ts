// Series of measurements for charts, of a slice and of a site.
import { createRoute, z } from "@hono/zod-openapi";
import { SeriesPage, SiteSeriesQuery, SliceSeriesQuery } from "../../protocol/history.ts";
import { SliceName } from "../../protocol/ids.ts";
import { requireScope } from "../auth.ts";
import { answer, createRouter, failures } from "../router.ts";
import { siteSeries, sliceSeries } from "../services/samples.ts";

const tags = ["history"];
const read = requireScope("read");

export function historyRoutes() {
  const slice = createRoute({
    ...{
      method: "get",
      path: "/api/v1/slices/{name}/series",
      tags,
      middleware: read,
      summary: "A metric of a slice over time, site by site",
    },
    request: { params: z.object({ name: SliceName }), query: SliceSeriesQuery },
    responses: { 200: answer("points with the threshold in force", SeriesPage), ...failures },
  });
  const site = createRoute({
    ...{ method: "get", path: "/api/v1/sites/{id}/series", tags, middleware: read, summary: "A metric of all slices of a site over time" },
    request: { params: z.object({ id: z.string().min(1).max(64) }), query: SiteSeriesQuery },
    responses: { 200: answer("one series", SeriesPage), ...failures },
  });

  return createRouter()
    .openapi(slice, async (c) => c.json(await sliceSeries(c.get("deps"), c.req.valid("param").name, c.req.valid("query")), 200))
    .openapi(site, async (c) => c.json(await siteSeries(c.get("deps"), c.req.valid("param").id, c.req.valid("query")), 200));
}
