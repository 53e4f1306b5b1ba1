// Where each stage and each site of one intent stands on the canvas, and what leads where. Pure geometry in px: no state, no words, no React.
// The way runs left to right and goes on in the next row where the canvas ends, so that it is never shrunk to be seen whole.
import type { DeploymentSiteState } from "../../protocol/deployment.ts";

export const STAGE = { width: 136, height: 56 };
export const LEAF = { width: 136, height: 42 };
export const GAP = { x: 24, y: 8, row: 40 }; // between columns, between leaves, between rows
export const HEAD = 40; // of a group: its summary
export const PAD = 8; // inside a group
export const MAX_COLUMN = 8; // more sites than this stand in a grid

export type NodeKind = "stage" | "gate" | "group" | "site";

export interface PlacedSite {
  site: string;
  state: DeploymentSiteState;
  wave: number; // from 0
}

export interface GraphNode {
  id: string;
  kind: NodeKind;
  name: string; // the stage, the site, or the number of the wave
  x: number;
  y: number;
  width: number;
  height: number;
  sites: readonly PlacedSite[]; // of a site: itself; of a group: all that it stands for, shown or not
}

export interface GraphEdge {
  id: string;
  from: string;
  to: string;
  turn: number | null; // the height at which it goes back to the left, between two rows; null within a row
}

export interface Graph {
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
  width: number;
  height: number;
}

export interface GraphInput {
  stages: readonly string[]; // in order; the gate stands before `gitops_pushing`, the sites after `edge_deploying`
  sites: readonly PlacedSite[];
  width: number; // of the canvas
  folded: ReadonlySet<string>; // ids of groups that show only what went wrong
}

/** What takes one place in a row: a stage, or sites that belong together. Its nodes stand relative to it. */
interface Block {
  width: number;
  height: number;
  nodes: readonly GraphNode[];
  ends: readonly string[]; // what the lines from before lead to, and those to what comes next come from
}

export const groupId = (wave: number) => `group:${wave}`;
export const siteId = (site: string) => `site:${site}`;
export const GATE_ID = "gate";

export function layoutGraph(input: GraphInput): Graph {
  const blocks = input.stages.flatMap((stage): Block[] => {
    const own = single(stage, "stage", stage);
    if (stage === "gitops_pushing") return [single(GATE_ID, "gate", "approval"), own];
    return stage === "edge_deploying" ? [own, ...siteBlocks(input)] : [own];
  });
  const { nodes, height, turns } = placed(rowsOf(blocks, input.width));
  const width = nodes.reduce((most, node) => Math.max(most, node.x + node.width), 0);
  return { nodes, edges: edgesOf(blocks, turns), width, height };
}

function single(id: string, kind: NodeKind, name: string): Block {
  return { ...STAGE, nodes: [{ id, kind, name, x: 0, y: 0, ...STAGE, sites: [] }], ends: [id] };
}

function siteBlocks({ sites, width, folded }: GraphInput): Block[] {
  if (sites.length === 0) return [];
  const waves = new Map<number, PlacedSite[]>();
  for (const site of sites) waves.set(site.wave, [...(waves.get(site.wave) ?? []), site]);
  if (waves.size === 1 && sites.length <= MAX_COLUMN) return [column(sites)];
  return [...waves].sort(([a], [b]) => a - b).map(([wave, members]) => group(wave, members, { width, folded: folded.has(groupId(wave)) }));
}

function leaf(site: PlacedSite, x: number, y: number): GraphNode {
  return { id: siteId(site.site), kind: "site", name: site.site, x, y, ...LEAF, sites: [site] };
}

function column(sites: readonly PlacedSite[]): Block {
  const nodes = sites.map((site, index) => leaf(site, 0, index * (LEAF.height + GAP.y)));
  return { width: LEAF.width, height: sites.length * (LEAF.height + GAP.y) - GAP.y, nodes, ends: nodes.map((node) => node.id) };
}

/** A box with its summary on top and its sites as a grid below, as many beside each other as the canvas has room for. */
function group(wave: number, sites: readonly PlacedSite[], { width, folded }: { width: number; folded: boolean }): Block {
  const shown = folded ? sites.filter((site) => site.state === "failed") : sites;
  const fit = Math.max(1, Math.floor((width - 2 * PAD + GAP.y) / (LEAF.width + GAP.y)));
  const columns = Math.min(fit, Math.max(2, shown.length));
  const rows = Math.ceil(shown.length / columns);
  const box = {
    width: 2 * PAD + columns * (LEAF.width + GAP.y) - GAP.y,
    height: HEAD + (rows === 0 ? 0 : rows * (LEAF.height + GAP.y)),
  };
  const leaves = shown.map((site, index) =>
    leaf(site, PAD + (index % columns) * (LEAF.width + GAP.y), HEAD + Math.floor(index / columns) * (LEAF.height + GAP.y)),
  );
  const id = groupId(wave);
  return { ...box, nodes: [{ id, kind: "group", name: String(wave + 1), x: 0, y: 0, ...box, sites }, ...leaves], ends: [id] };
}

/** As many blocks in a row as there is room for. Sites that branch off one by one have the stages before and after them beside them. */
function rowsOf(blocks: readonly Block[], width: number): Block[][] {
  const rows: Block[][] = [];
  const fits = (row: readonly Block[]) => row.reduce((sum, block) => sum + block.width + GAP.x, -GAP.x) <= width;
  for (const [index, block] of blocks.entries()) {
    const row = rows.at(-1);
    const after = blocks[index + 2];
    const branches = (blocks[index + 1]?.ends.length ?? 0) > 1;
    const together = branches && after !== undefined && fits([block, blocks[index + 1] ?? block, after]);
    const wanted = together && after !== undefined ? [block, blocks[index + 1] ?? block, after] : [block];
    if (row === undefined || !fits([...row, ...wanted])) rows.push([block]);
    else row.push(block);
  }
  return rows;
}

/** Each row as high as its highest block, which the others stand beside at half its height. `turns`: above each block that begins a row. */
function placed(rows: readonly (readonly Block[])[]): { nodes: GraphNode[]; height: number; turns: ReadonlyMap<Block, number> } {
  const nodes: GraphNode[] = [];
  const turns = new Map<Block, number>();
  let top = 0;
  for (const row of rows) {
    const height = Math.max(...row.map((block) => block.height));
    let left = 0;
    for (const block of row) {
      if (left === 0) turns.set(block, top - GAP.row / 2);
      const y = top + (height - block.height) / 2;
      for (const node of block.nodes) nodes.push({ ...node, x: node.x + left, y: node.y + y });
      left += block.width + GAP.x;
    }
    top += height + GAP.row;
  }
  return { nodes, height: Math.max(0, top - GAP.row), turns };
}

/** From each block to the next; to every site, and from every site on, where they stand alone. */
function edgesOf(blocks: readonly Block[], turns: ReadonlyMap<Block, number>): GraphEdge[] {
  return blocks.slice(1).flatMap((block, index) => {
    const before = blocks[index]?.ends ?? [];
    const turn = turns.get(block) ?? null;
    return before.flatMap((from) => block.ends.map((to) => ({ id: `${from}>${to}`, from, to, turn })));
  });
}

export interface Counts {
  total: number;
  good: number; // verified; or provisioned, where nothing is measured yet
  failed: number;
  reverted: number;
}

export function countsOf(sites: readonly PlacedSite[]): Counts {
  const having = (...states: DeploymentSiteState[]) => sites.filter(({ state }) => states.includes(state)).length;
  return { total: sites.length, good: having("verified"), failed: having("failed"), reverted: having("reverted") };
}
