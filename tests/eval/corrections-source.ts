// Where corrections come from: a control centre, page by page, or a file with one of its answers. No judgement here.
import * as z from "zod";
import { Correction } from "../../protocol/correction.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import { type BadInput, parseEntries, readJson } from "./corpus.ts";

/** Entries are parsed one by one afterwards, so that a bad one is named. */
const Page = z.object({ corrections: z.array(z.unknown()), nextCursor: z.number().int().nullish() });
type Page = z.infer<typeof Page>;

const PAGE_SIZE = 200; // the most that the route gives
const MAX_PAGES = 100; // newest first; older ones say nothing about the rules of today
const PAGE_TIMEOUT_MS = 10_000;

export interface ControlCentre {
  url: string;
  token: string;
}

async function getPage({ url, token }: ControlCentre, cursor: number | null): Promise<Result<Page, BadInput>> {
  const at = new URL("/api/v1/corrections", url);
  const name = `${at.origin}${at.pathname}`;
  at.searchParams.set("limit", String(PAGE_SIZE));
  if (cursor !== null) at.searchParams.set("cursor", String(cursor));
  try {
    const response = await fetch(at, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(PAGE_TIMEOUT_MS) });
    if (!response.ok) return err([`${name}: answered ${response.status}`]);
    const page = Page.safeParse(await response.json());
    return page.success ? ok(page.data) : err([`${name}: not a page of corrections`]);
  } catch (error) {
    return err([`${name}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

export async function fetchCorrections(source: ControlCentre): Promise<Result<Correction[], BadInput>> {
  const found: unknown[] = [];
  let cursor: number | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const got: Result<Page, BadInput> = await getPage(source, cursor);
    if (!got.ok) return got;
    found.push(...got.value.corrections);
    cursor = got.value.nextCursor ?? null;
    if (cursor === null) break;
  }
  return parseEntries(Correction, found, source.url);
}

/** A file holds a page as the control centre answers it, or the bare list. */
export function readCorrections(file: string): Result<Correction[], BadInput> {
  const json = readJson(file);
  if (!json.ok) return json;
  const page = Page.safeParse(json.value);
  return parseEntries(Correction, page.success ? page.data.corrections : json.value, file);
}
