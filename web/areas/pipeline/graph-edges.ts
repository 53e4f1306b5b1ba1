// The lines of the graph: their colour by what they lead to, dashes that move where work flows. They tell nothing that the nodes do not.

import { GATE_ID, type Graph, type GraphNode } from "../../state/graph.ts";
import type { StageState } from "../../state/pipeline.ts";
import { SITE_STATE_TONES } from "../../state/tones.ts";
import { colourOf, toneOf } from "./look.tsx";
import type { Known } from "./use-intent.ts";
import type { WayEdge } from "./way-edge.tsx";

export function flowEdges(graph: Graph, known: Known, moving: boolean): WayEdge[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  return graph.edges.map(({ id, from, to, turn }) => {
    const source = nodes.get(from);
    const target = nodes.get(to);
    const leaves = source?.kind === "site" || source?.kind === "group";
    // What leads away from sites tells of them: the stage after them is reached when the last one is there.
    const begun = stateOf(source, known) !== "skipped"; // from what was not run nothing leads on
    const state = begun ? stateOf(leaves ? source : target, known) : "skipped";
    return {
      id,
      source: from,
      target: to,
      type: "way",
      data: { turn },
      animated: moving && (state === "active" || state === "rollback"),
      focusable: false,
      ariaRole: "presentation",
      domAttributes: { "aria-label": undefined, "aria-roledescription": undefined },
      style: {
        stroke: state === "pending" || state === "skipped" ? "var(--mui-palette-divider)" : colourOf(toneOf(state)),
        strokeWidth: 1.5,
        ...(state === "skipped" ? { strokeDasharray: "2 4" } : {}),
      },
    };
  });
}

function stateOf(node: GraphNode | undefined, { view, gate }: Known): StageState {
  if (node === undefined) return "pending";
  if (node.id === GATE_ID) return gate.state === "wait" ? "active" : gate.state;
  if (node.kind === "stage") return view.stages.find((stage) => stage.stage === node.id)?.state ?? "pending";
  const tones = node.sites.map((site) => SITE_STATE_TONES[site.state]);
  for (const tone of ["failed", "rollback", "active", "pending"] as const) if (tones.includes(tone)) return tone;
  return "done";
}
