// Answers of the Prometheus query API, real and odd, and the measurement made of them.
import { expect, test } from "vitest";
import { edgeSite, never, serve } from "./support.ts";

const vector = (...values: string[]) => ({
  status: "success",
  data: { resultType: "vector", result: values.map((value) => ({ metric: {}, value: [1_800_000_000.1, value] })) },
});

async function measure(byQuery: Record<string, unknown>, status = 200) {
  const url = await serve((req, res) => {
    const asked = new URL(req.url ?? "/", "http://x");
    const body = asked.pathname === "/prometheus/api/v1/query" ? byQuery[asked.searchParams.get("query") ?? ""] : undefined;
    res.writeHead(body === undefined ? 404 : status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  return edgeSite({ url }).measure('value{a="b c"}[1s]', "count", never());
}

const VALUE = 'value{a="b c"}[1s]';

test.each([
  ["a value", vector("12.5"), vector("30"), { value: 12.5, samples: 30 }],
  ["NaN stays NaN", vector("NaN"), vector("30"), { value: Number.NaN, samples: 30 }],
  ["infinity", vector("+Inf"), vector("1"), { value: Number.POSITIVE_INFINITY, samples: 1 }],
  ["an empty result", vector(), vector(), { value: null, samples: 0 }],
  ["a scalar", { status: "success", data: { resultType: "scalar", result: [1, "7"] } }, vector("2"), { value: 7, samples: 2 }],
  ["unknown fields", { ...vector("1"), warnings: ["x"], infos: [] }, vector("2"), { value: 1, samples: 2 }],
])("%s", async (_title, value, count, expected) => {
  expect(await measure({ [VALUE]: value, count })).toEqual({ ok: true, value: expected });
});

test.each([
  ["several series", vector("1", "2"), vector("1"), "invalid", /matches 2 series/],
  ["a value that is no number", vector("much"), vector("1"), "invalid", /"much" is not a value/],
  ["a range result", { status: "success", data: { resultType: "matrix", result: [] } }, vector("1"), "invalid", /not an instant query/],
  ["a broken count", vector("1"), vector("1.5"), "invalid", /sample count is 1.5/],
  ["a count that is NaN", vector("1"), vector("NaN"), "invalid", /sample count is NaN/],
  [
    "an error in a 200",
    { status: "error", errorType: "timeout", error: "query timed out" },
    vector("1"),
    "refused",
    /timeout: query timed out/,
  ],
])("%s is no measurement", async (_title, value, count, kind, message) => {
  expect(await measure({ [VALUE]: value, count })).toEqual({ ok: false, error: { kind, message: expect.stringMatching(message) } });
});

test.each([400, 422, 503])("an error answer with status %i is refused in the server's own words", async (status) => {
  const error = { status: "error", errorType: "bad_data", error: "parse error" };
  expect(await measure({ [VALUE]: error, count: error }, status)).toEqual({
    ok: false,
    error: { kind: "refused", message: "Prometheus of edge1 refused the query: bad_data: parse error" },
  });
});

const series = (...values: [slice: string | null, value: string][]) => ({
  status: "success",
  data: {
    resultType: "vector",
    result: values.map(([slice, value]) => ({
      metric: { edge_site: "edge1", ...(slice !== null && { slice }) },
      value: [1_800_000_000.1, value],
    })),
  },
});

async function measureSlices(value: unknown, count: unknown) {
  const url = await serve((req, res) => {
    const query = new URL(req.url ?? "/", "http://x").searchParams.get("query");
    res.writeHead(200).end(JSON.stringify(query === "value" ? value : count));
  });
  return edgeSite({ url }).measureSlices("value", "count", never());
}

test("all slices of a site are measured by one question each for values and counts", async () => {
  const values = series(["video", "12.5"], ["meters", "NaN"], ["fresh", "3"]);
  expect(await measureSlices(values, series(["meters", "7"], ["video", "30"], ["silent", "2"]))).toEqual({
    ok: true,
    value: new Map([
      ["fresh", { value: 3, samples: 0 }],
      ["meters", { value: Number.NaN, samples: 7 }],
      ["silent", { value: null, samples: 2 }],
      ["video", { value: 12.5, samples: 30 }],
    ]),
  });
});

test("a slice with several series counts as not measured, and harms no other; a series of no slice is nobody's", async () => {
  expect(
    await measureSlices(series(["video", "1"], ["video", "2"], ["meters", "5"], [null, "9"]), series(["video", "3"], ["meters", "3"])),
  ).toEqual({
    ok: true,
    value: new Map([
      ["meters", { value: 5, samples: 3 }],
      ["video", { value: null, samples: 0 }],
    ]),
  });
});

test("a site without any series is measured as empty, and a broken count is no measurement", async () => {
  expect(await measureSlices(series(), series())).toEqual({ ok: true, value: new Map() });
  expect(await measureSlices(series(["video", "1"]), series(["video", "0.5"]))).toMatchObject({ ok: false, error: { kind: "invalid" } });
});
