// The layout of the pipeline graph: nothing overlaps, nothing is missing, everything is connected, for any number of sites.
import fc from "fast-check";
import { expect, test } from "vitest";
import { DeploymentSiteState } from "../../protocol/deployment.ts";
import { countsOf, type GraphNode, groupId, LEAF, layoutGraph, MAX_COLUMN, type PlacedSite, STAGE, siteId } from "../../web/state/graph.ts";
import { WAY } from "../../web/state/pipeline.ts";

const STAGES = [...WAY, "completed"];
const NONE: ReadonlySet<string> = new Set();

function sites(count: number, waves = 1): PlacedSite[] {
  return Array.from({ length: count }, (_none, n) => ({ site: `edge${n + 1}`, state: "verified", wave: n % waves }));
}

const overlap = (a: GraphNode, b: GraphNode) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const inside = (leaf: GraphNode, box: GraphNode) =>
  leaf.x >= box.x && leaf.y >= box.y && leaf.x + leaf.width <= box.x + box.width && leaf.y + leaf.height <= box.y + box.height;

const anyRun = fc
  .record({ count: fc.integer({ min: 1, max: 50 }), waves: fc.integer({ min: 1, max: 6 }), width: fc.integer({ min: 320, max: 2_400 }) })
  .map(({ count, waves, width }) => ({ placed: sites(count, waves), width }));

test("no two nodes overlap, save a site and the group it belongs to, and nothing is wider than the canvas", () => {
  fc.assert(
    fc.property(anyRun, ({ placed, width }) => {
      const graph = layoutGraph({ stages: STAGES, sites: placed, width, folded: NONE });
      const loose = graph.nodes.filter(
        (node) => node.kind !== "site" || !graph.nodes.some((box) => box.kind === "group" && inside(node, box)),
      );
      for (const [index, node] of loose.entries()) expect(loose.slice(index + 1).filter((other) => overlap(node, other))).toEqual([]);
      const leaves = graph.nodes.filter((node) => node.kind === "site");
      for (const [index, node] of leaves.entries()) expect(leaves.slice(index + 1).filter((other) => overlap(node, other))).toEqual([]);
      expect(graph.width).toBeLessThanOrEqual(width);
      expect(Math.max(...graph.nodes.map((node) => node.y + node.height))).toBeLessThanOrEqual(graph.height);
    }),
  );
});

test("every stage and every site stands there exactly once", () => {
  fc.assert(
    fc.property(anyRun, ({ placed, width }) => {
      const { nodes } = layoutGraph({ stages: STAGES, sites: placed, width, folded: NONE });
      const names = (kind: GraphNode["kind"]) => nodes.filter((node) => node.kind === kind).map((node) => node.name);
      expect(names("site").sort()).toEqual(placed.map(({ site }) => site).sort());
      expect(names("stage")).toEqual(STAGES);
      expect(names("gate")).toEqual(["approval"]);
      expect(new Set(nodes.map((node) => node.id)).size).toBe(nodes.length);
    }),
  );
});

test("from the first stage every node can be reached, and from every node the outcome; a site in a group by its group", () => {
  fc.assert(
    fc.property(anyRun, ({ placed, width }) => {
      const { nodes, edges } = layoutGraph({ stages: STAGES, sites: placed, width, folded: NONE });
      const reach = (start: string, ways: readonly (readonly [string, string])[]) => {
        const seen = new Set([start]);
        for (const one of seen) for (const [from, to] of ways) if (from === one) seen.add(to);
        return seen;
      };
      const grouped = nodes.some((node) => node.kind === "group");
      const linked = nodes.filter((node) => !(grouped && node.kind === "site")).map((node) => node.id);
      const onwards = edges.map(({ from, to }) => [from, to] as const);
      expect([...reach("input_received", onwards)].sort()).toEqual([...linked].sort());
      expect(
        [
          ...reach(
            "completed",
            onwards.map(([from, to]) => [to, from] as const),
          ),
        ].sort(),
      ).toEqual([...linked].sort());
      for (const node of nodes.filter((one) => grouped && one.kind === "site"))
        expect(
          nodes.filter((box) => box.kind === "group" && inside(node, box) && box.sites.some(({ site }) => site === node.name)),
        ).toHaveLength(1);
    }),
  );
});

test("a few sites branch off one by one and join again; more of them stand in a box", () => {
  const few = layoutGraph({ stages: STAGES, sites: sites(MAX_COLUMN), width: 1_200, folded: NONE });
  expect(few.edges.filter((edge) => edge.from === "edge_deploying").map((edge) => edge.to)).toEqual(
    sites(MAX_COLUMN).map(({ site }) => siteId(site)),
  );
  expect(few.edges.filter((edge) => edge.to === "edge_deployed")).toHaveLength(MAX_COLUMN);
  const many = layoutGraph({ stages: STAGES, sites: sites(MAX_COLUMN + 1), width: 1_200, folded: NONE });
  expect(many.edges.filter((edge) => edge.from === "edge_deploying").map((edge) => edge.to)).toEqual([groupId(0)]);
});

test("waves follow each other, the first one first", () => {
  const { edges, nodes } = layoutGraph({ stages: STAGES, sites: sites(5, 3).reverse(), width: 1_200, folded: NONE });
  expect(nodes.filter((node) => node.kind === "group").map((node) => node.name)).toEqual(["1", "2", "3"]);
  expect(edges.map(({ id }) => id)).toEqual(
    expect.arrayContaining(["edge_deploying>group:0", "group:0>group:1", "group:1>group:2", "group:2>edge_deployed"]),
  );
});

test("a folded group keeps what went wrong in sight, and still stands for all of its sites", () => {
  const placed = sites(20).map((site, index) => ({ ...site, state: index === 7 ? ("failed" as const) : site.state }));
  const { nodes } = layoutGraph({ stages: STAGES, sites: placed, width: 1_200, folded: new Set([groupId(0)]) });
  expect(nodes.filter((node) => node.kind === "site").map((node) => node.name)).toEqual(["edge8"]);
  expect(nodes.find((node) => node.kind === "group")?.sites).toEqual(placed);
});

test("without a site yet the way is a plain row of stages, with the approval before the push", () => {
  const { nodes, edges, height } = layoutGraph({ stages: STAGES, sites: [], width: 10_000, folded: NONE });
  expect(nodes.map((node) => node.y)).toEqual(nodes.map(() => 0));
  expect(height).toBe(STAGE.height);
  expect(nodes.map((node) => node.id).slice(4, 7)).toEqual(["krm_generated", "gate", "gitops_pushing"]);
  expect(edges).toHaveLength(nodes.length - 1);
  expect(LEAF.width).toBe(STAGE.width); // columns of both line up
});

test("the summary counts every state of a site at most once", () => {
  const all = DeploymentSiteState.options.map((state, n) => ({ site: `edge${n}`, state, wave: 0 }));
  expect(countsOf(all)).toEqual({ total: all.length, good: 1, failed: 1, reverted: 1 });
});
