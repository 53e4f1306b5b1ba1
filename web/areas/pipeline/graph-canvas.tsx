// The way of one intent as a graph: loaded only where it is shown. Where things stand is told by state/graph.ts; this draws, zooms and moves the focus.
import Add from "@mui/icons-material/Add";
import FitScreen from "@mui/icons-material/FitScreenOutlined";
import Remove from "@mui/icons-material/Remove";
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import useMediaQuery from "@mui/material/useMediaQuery";
import { ReactFlow, ReactFlowProvider, useReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Graph, layoutGraph } from "../../state/graph.ts";
import { flowEdges } from "./graph-edges.ts";
import { type FlowNode, NODE_TYPES, useFlowNodes } from "./graph-nodes.tsx";
import type { Known } from "./use-intent.ts";
import { useWidth } from "./use-width.ts";
import { EDGE_TYPES, type WayEdge } from "./way-edge.tsx";

const MARGIN = 12; // px around the graph
const MAX_HEIGHT = 1_000;
const MIN_ZOOM = 0.3;
const MAX_ZOOM = 2;
const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export interface GraphCanvasProps {
  known: Known;
  chosen: string;
  onChoose(id: string): void;
}

export function GraphCanvas(props: GraphCanvasProps) {
  const { ref, width } = useWidth();
  return (
    <Box ref={ref} sx={{ minHeight: 200 }}>
      {width > 0 && (
        <ReactFlowProvider>
          <Canvas {...props} width={width} />
        </ReactFlowProvider>
      )}
    </Box>
  );
}

function Canvas({ known, chosen, onChoose, width }: GraphCanvasProps & { width: number }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const { folded, toggle } = useFolded();
  const still = useMediaQuery("(prefers-reduced-motion: reduce)", { noSsr: true });
  const { view, sites } = known;
  const stageNames = view.stages.map(({ stage }) => stage).join();
  const graph = useMemo(
    () => layoutGraph({ stages: stageNames.split(","), sites, width: width - 2 * MARGIN, folded }),
    [stageNames, sites, width, folded],
  );
  const nodes = useFlowNodes({ known, graph, chosen, folded, onChoose, onFold: toggle });
  const edges = useMemo(() => flowEdges(graph, known, !still), [graph, known, still]);
  const height = Math.min(MAX_HEIGHT, graph.height + 2 * MARGIN);
  const box = useRef<HTMLDivElement>(null);
  const fit = useFit(graph, { width, height });
  return (
    <Box sx={{ position: "relative" }} ref={box} onKeyDown={(event) => moveFocus(event, box.current)}>
      <Box sx={{ height }}>
        <ReactFlow<FlowNode, WayEdge>
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          aria-label={t("graph.label")}
          onInit={fit}
          minZoom={MIN_ZOOM}
          maxZoom={MAX_ZOOM}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y // each node is a button of its own
          zoomOnScroll={false} // the wheel scrolls the page
          zoomOnDoubleClick={false}
          preventScrolling={false}
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode={null}
          panActivationKeyCode={null}
          zoomActivationKeyCode={null}
          proOptions={{ hideAttribution: true }} // its licence (MIT) is told with the others
        />
      </Box>
      <ZoomButtons onFit={fit} />
    </Box>
  );
}

/** The groups that show only what went wrong. */
function useFolded() {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback(
    (id: string) => setFolded((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id])),
    [],
  );
  return { folded, toggle };
}

/** All of it in sight, and never larger than life: at once when it has another shape. */
function useFit(graph: Graph, canvas: { width: number; height: number }): () => void {
  const { setViewport } = useReactFlow();
  const zoom = Math.min(1, (canvas.width - 2 * MARGIN) / graph.width, (canvas.height - 2 * MARGIN) / graph.height);
  const x = (canvas.width - graph.width * zoom) / 2;
  const y = (canvas.height - graph.height * zoom) / 2;
  const fit = useCallback(() => void setViewport({ x, y, zoom }), [setViewport, x, y, zoom]);
  useEffect(fit, [fit]);
  return fit;
}

function ZoomButtons({ onFit }: { onFit(): void }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const { zoomIn, zoomOut } = useReactFlow();
  const buttons = [
    { name: t("graph.zoom_in"), Icon: Add, act: () => void zoomIn() },
    { name: t("graph.zoom_out"), Icon: Remove, act: () => void zoomOut() },
    { name: t("graph.fit"), Icon: FitScreen, act: onFit },
  ];
  return (
    <Box sx={{ display: "flex", justifyContent: "flex-end", gap: 0.5, mt: 0.5 }}>
      {buttons.map(({ name, Icon, act }) => (
        <IconButton key={name} size="small" aria-label={name} title={name} onClick={act}>
          <Icon fontSize="small" />
        </IconButton>
      ))}
    </Box>
  );
}

/** Arrows lead from node to node in the order of the way; Home and End to its ends. */
function moveFocus(event: KeyboardEvent, box: HTMLElement | null): void {
  const nodes = [...(box?.querySelectorAll<HTMLElement>("[data-node]") ?? [])];
  const here = nodes.indexOf(document.activeElement as HTMLElement);
  if (here < 0) return;
  const step = STEPS[event.key];
  const target = event.key === "Home" ? nodes[0] : event.key === "End" ? nodes.at(-1) : step === undefined ? undefined : nodes[here + step];
  if (target === undefined) return;
  event.preventDefault();
  target.focus();
}
