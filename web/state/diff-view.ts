// A diff as a viewer shows it: files by site, and the lines of a unified patch with their numbers on both sides. Pure, without words or colours.
import type { FileDiff } from "../../protocol/stage.ts";
import { byName } from "./natural.ts";

export interface DiffLine {
  kind: "same" | "added" | "removed" | "hunk" | "note"; // note: what git says of the lines, such as a missing end of line
  before: number | null; // line number on that side
  after: number | null;
  text: string; // without its sign
}

export interface Patch {
  lines: readonly DiffLine[];
  added: number;
  removed: number;
}

const HEADER = /^(--- |\+\+\+ |diff --git |index |Index: |={10,})/;
const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@.*/;

interface Cursor {
  before: number; // the next line on that side
  after: number;
  beforeLeft: number; // lines of the hunk still to come
  afterLeft: number;
}

/**
 * Inside a hunk its own counts say what a line is: a removed "-- x" is no header. Outside of one nothing vanishes: but for the names of the file
 * before the first hunk, what stands there is shown as it is ("Binary files differ", lines beyond the counts).
 */
export function parsePatch(patch: string): Patch {
  const lines: DiffLine[] = [];
  const at: Cursor = { before: 0, after: 0, beforeLeft: 0, afterLeft: 0 };
  let begun = false;
  for (const line of linesOf(patch)) {
    const hunk = inHunk(at) ? null : HUNK.exec(line);
    begun ||= hunk !== null;
    if (line.startsWith("\\")) lines.push(note(line.slice(1).trim()));
    else if (inHunk(at)) lines.push(bodyLine(line, at));
    else if (hunk !== null) lines.push(hunkHead(hunk, at));
    else if (begun || !HEADER.test(line)) lines.push(note(line));
  }
  const count = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  return { lines, added: count("added"), removed: count("removed") };
}

function linesOf(patch: string): string[] {
  if (patch === "") return [];
  return (patch.endsWith("\n") ? patch.slice(0, -1) : patch).split("\n");
}

function note(text: string): DiffLine {
  return { kind: "note", before: null, after: null, text };
}

function inHunk({ beforeLeft, afterLeft }: Cursor): boolean {
  return beforeLeft > 0 || afterLeft > 0;
}

/** Moves the cursor to the hunk. */
function hunkHead([text, before, beforeCount = "1", after, afterCount = "1"]: RegExpExecArray, at: Cursor): DiffLine {
  Object.assign(at, { before: Number(before), after: Number(after), beforeLeft: Number(beforeCount), afterLeft: Number(afterCount) });
  return { kind: "hunk", before: null, after: null, text };
}

/** The line, with the cursor moved behind it. */
function bodyLine(line: string, at: Cursor): DiffLine {
  const kind = line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "same";
  const before = kind === "added" ? null : at.before;
  const after = kind === "removed" ? null : at.after;
  if (before !== null) [at.before, at.beforeLeft] = [at.before + 1, at.beforeLeft - 1];
  if (after !== null) [at.after, at.afterLeft] = [at.after + 1, at.afterLeft - 1];
  return { kind, before, after, text: line.slice(1) };
}

export interface DiffFile extends Patch {
  path: string;
  name: string; // of the path, below its site's folder
  change: FileDiff["change"];
  patch: string;
}

export interface DiffGroup {
  site: string | null; // null: a file of no site
  files: readonly DiffFile[];
  added: number;
  removed: number;
}

const OF_SITE = /^sites\/([^/]+)\/(.+)$/;

/** One group per site, in the order of their names with numbers as numbers (edge2 before edge10); what is of no site comes last. */
export function groupsOf(files: readonly FileDiff[]): DiffGroup[] {
  const bySite = new Map<string | null, DiffFile[]>();
  for (const { path, change, patch } of files) {
    const [, site = null, name = path] = OF_SITE.exec(path) ?? [];
    const known = bySite.get(site) ?? [];
    known.push({ path, name, change, patch, ...parsePatch(patch) });
    bySite.set(site, known);
  }
  return [...bySite]
    .map(([site, own]) => ({ site, files: own, ...totals(own) }))
    .sort((a, b) => {
      if (a.site === null || b.site === null) return Number(a.site === null) - Number(b.site === null);
      return byName(a.site, b.site);
    });
}

export function totals(parts: readonly { added: number; removed: number }[]): { added: number; removed: number } {
  return { added: parts.reduce((sum, part) => sum + part.added, 0), removed: parts.reduce((sum, part) => sum + part.removed, 0) };
}

const OPEN_FILES = 40;
const OPEN_LINES = 3_000;

/** Whether so much is shown at once; beyond it every file is closed at first. */
export function fitsOpen(groups: readonly DiffGroup[]): boolean {
  const files = groups.flatMap((group) => group.files);
  return files.length <= OPEN_FILES && files.reduce((sum, file) => sum + file.lines.length, 0) <= OPEN_LINES;
}

/** What is coloured together: the lines of one side of a hunk, by their places. A text that spans lines keeps its meaning only so. */
export function sidesOf(lines: readonly DiffLine[]): { places: number[]; text: string }[] {
  const sides: { places: number[]; text: string }[] = [];
  for (const hunk of hunksOf(lines)) {
    for (const kind of ["removed", "added"] as const) {
      const places = hunk.filter((place) => lines[place]?.kind === "same" || lines[place]?.kind === kind);
      if (places.length > 0) sides.push({ places, text: places.map((place) => lines[place]?.text ?? "").join("\n") });
    }
  }
  return sides;
}

function hunksOf(lines: readonly DiffLine[]): number[][] {
  const hunks: number[][] = [];
  lines.forEach(({ kind }, place) => {
    if (kind === "hunk") hunks.push([]);
    else if (kind !== "note") hunks.at(-1)?.push(place);
  });
  return hunks;
}
