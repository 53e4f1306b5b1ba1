// The nodes of the graph: a stage, the gate, a site, a group of sites. Each is a button, and is rendered again only when what it says has changed.
import ExpandLess from "@mui/icons-material/ExpandLess";
import ExpandMore from "@mui/icons-material/ExpandMore";
import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { memo, type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { GateView } from "../../state/gate.ts";
import { GATE_ID, type Graph, type GraphNode, HEAD, type PlacedSite } from "../../state/graph.ts";
import type { StageView } from "../../state/pipeline.ts";
import { colourOf, toneOf } from "./look.tsx";
import { useSiteSummary } from "./site-summary.tsx";
import { GateFace, SiteFace, StageFace } from "./stage-face.tsx";
import type { Known } from "./use-intent.ts";

/** A type and not an interface: the canvas asks for a record. */
type Common = {
  chosen: boolean;
  act: (id: string) => void; // choose it; fold or unfold a group
};
type StageNode = Node<Common & { stage: StageView; createdAt: string }, "stage">;
type GateNode = Node<Common & { gate: GateView }, "gate">;
type SiteNode = Node<Common & { site: PlacedSite }, "site">;
type GroupNode = Node<Common & { sites: readonly PlacedSite[]; wave: string | null; folded: boolean }, "sites">; // not "group": the canvas has a look of its own for that
export type FlowNode = StageNode | GateNode | SiteNode | GroupNode;

export interface FlowNodesInput {
  known: Known;
  graph: Graph;
  chosen: string;
  folded: ReadonlySet<string>;
  onChoose(id: string): void;
  onFold(id: string): void;
}

/** The same object for a node as before where it says the same and stands at the same place: nothing of it is rendered again then. */
export function useFlowNodes(input: FlowNodesInput): FlowNode[] {
  const before = useRef(new Map<string, { node: FlowNode; print: string }>());
  const groups = input.graph.nodes.filter((node) => node.kind === "group").length;
  const next = input.graph.nodes.flatMap((place) => {
    const node = flowNode(place, input, groups > 1);
    if (node === null) return [];
    const print = JSON.stringify(node); // functions are left out: they stay the same
    const known = before.current.get(node.id);
    return [known?.print === print ? known : { node, print }];
  });
  before.current = new Map(next.map((one) => [one.node.id, one]));
  return next.map((one) => one.node);
}

function flowNode(place: GraphNode, { known, chosen, folded, onChoose, onFold }: FlowNodesInput, inWaves: boolean): FlowNode | null {
  const { id, x, y, width, height } = place;
  const base = {
    id,
    position: { x, y },
    width,
    height,
    style: { pointerEvents: "all" },
    domAttributes: { "aria-roledescription": undefined },
  } as const;
  const common = { chosen: chosen === id, act: onChoose };
  const [site] = place.sites;
  if (place.kind === "gate") return { ...base, type: "gate", data: { ...common, gate: known.gate } };
  if (place.kind === "site") return site === undefined ? null : { ...base, type: "site", data: { ...common, site } };
  if (place.kind === "group") {
    const wave = inWaves ? place.name : null;
    return { ...base, type: "sites", data: { chosen: false, act: onFold, sites: place.sites, wave, folded: folded.has(id) } };
  }
  const stage = known.view.stages.find((one) => one.stage === id);
  return stage === undefined ? null : { ...base, type: "stage", data: { ...common, stage, createdAt: known.record.createdAt } };
}

const HIDDEN_HANDLE = { visibility: "hidden", minWidth: 0, minHeight: 0, width: 1, height: 1, border: 0 } as const;

function Ends({ children }: { children: ReactNode }) {
  return (
    <>
      <Handle type="target" position={Position.Left} style={HIDDEN_HANDLE} isConnectable={false} />
      {children}
      <Handle type="source" position={Position.Right} style={HIDDEN_HANDLE} isConnectable={false} />
    </>
  );
}

interface BoxButtonProps {
  colour: string;
  chosen: boolean;
  dashed?: boolean;
  onClick(): void;
  children: ReactNode;
  [data: `data-${string}`]: string;
}

function BoxButton({ colour, chosen, dashed = false, children, ...props }: BoxButtonProps) {
  return (
    <Ends>
      <ButtonBase
        {...props}
        data-node=""
        aria-pressed={chosen}
        sx={{
          display: "block",
          width: "100%",
          height: "100%",
          textAlign: "left",
          px: 0.75,
          fontSize: "0.78rem",
          lineHeight: 1.45,
          borderRadius: 1,
          border: `1px ${dashed ? "dashed" : "solid"} ${colour}`,
          bgcolor: "background.paper",
          boxShadow: chosen ? `0 0 0 2px ${colour}` : "none",
          "&.Mui-focusVisible": { outline: "2px solid currentColor", outlineOffset: "3px" },
        }}
      >
        {children}
      </ButtonBase>
    </Ends>
  );
}

const StageBox = memo(function StageBox({ data: { stage, createdAt, chosen, act } }: NodeProps<StageNode>) {
  return (
    <BoxButton
      colour={stage.state === "pending" || stage.state === "skipped" ? "var(--mui-palette-divider)" : colourOf(toneOf(stage.state))}
      dashed={stage.state === "skipped"}
      chosen={chosen}
      onClick={() => act(stage.stage)}
      data-testid="stage"
      data-stage={stage.stage}
      data-state={stage.state}
    >
      <StageFace stage={stage} createdAt={createdAt} />
    </BoxButton>
  );
});

const GateBox = memo(function GateBox({ data: { gate, chosen, act } }: NodeProps<GateNode>) {
  const quiet = gate.state === "pending" || gate.state === "skipped";
  return (
    <BoxButton
      colour={quiet ? "var(--mui-palette-divider)" : colourOf(toneOf(gate.state))}
      dashed={gate.state === "skipped"}
      chosen={chosen}
      onClick={() => act(GATE_ID)}
      data-testid="gate"
      data-state={gate.state}
    >
      <GateFace gate={gate} />
    </BoxButton>
  );
});

const SiteBox = memo(function SiteBox({ id, data: { site, chosen, act } }: NodeProps<SiteNode>) {
  return (
    <BoxButton
      colour="var(--mui-palette-divider)"
      chosen={chosen}
      onClick={() => act(id)}
      data-testid="site-leaf"
      data-site={site.site}
      data-state={site.state}
    >
      <SiteFace site={site.site} state={site.state} />
    </BoxButton>
  );
});

const GroupBox = memo(function GroupBox({ id, data: { sites, wave, folded, act } }: NodeProps<GroupNode>) {
  const { t } = useTranslation(["pipeline", "common"]);
  const summary = useSiteSummary(sites);
  const Icon = folded ? ExpandMore : ExpandLess;
  return (
    <Ends>
      <Box sx={{ height: "100%", border: 1, borderColor: "divider", borderRadius: 1, bgcolor: "background.default" }}>
        <ButtonBase
          data-node=""
          data-testid="site-group"
          aria-expanded={!folded}
          onClick={() => act(id)}
          sx={{
            height: HEAD,
            width: "100%",
            justifyContent: "flex-start",
            px: 1,
            gap: 0.5,
            fontSize: "0.8rem",
            lineHeight: 1.25,
            fontWeight: 600,
            textAlign: "left",
          }}
        >
          <Icon aria-hidden fontSize="small" />
          {wave === null ? summary : `${t("graph.wave", { number: wave })}: ${summary}`}
        </ButtonBase>
      </Box>
    </Ends>
  );
});

/** Made once: another object would make every node anew. */
export const NODE_TYPES = { stage: StageBox, gate: GateBox, site: SiteBox, sites: GroupBox };
