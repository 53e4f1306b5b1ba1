// Which intents the history shows: the filter as the address carries it, as the server takes it, and as live events are measured by it. Pure.
import type { IntentRecord } from "../../../protocol/api.ts";
import { Action, IntentStatus } from "../../../protocol/intent.ts";
import type { IntentFilter } from "../../api.ts";
import type { IntentEntry } from "../../state/model.ts";
import type { Table } from "../../state/table.ts";

export const FILTERS = ["q", "status", "action", "site"] as const;
export type FilterName = (typeof FILTERS)[number];

export interface HistoryFilter {
  q?: string;
  status?: IntentStatus;
  action?: Action;
  site?: string;
}

const MAX_QUERY = 200; // the server's limits
const MAX_SITE = 64;

/** What in the address is no filter, as in a link that was typed by hand, filters nothing. */
export function filterOf(params: URLSearchParams): HistoryFilter {
  const q = (params.get("q") ?? "").slice(0, MAX_QUERY);
  const status = IntentStatus.safeParse(params.get("status"));
  const action = Action.safeParse(params.get("action"));
  const site = (params.get("site") ?? "").slice(0, MAX_SITE);
  return {
    ...(q.trim() === "" ? {} : { q }),
    ...(status.success ? { status: status.data } : {}),
    ...(action.success ? { action: action.data } : {}),
    ...(site === "" ? {} : { site }),
  };
}

/** The address with one filter changed; an empty value takes it away. Parameters of others stay. */
export function withFilter(params: URLSearchParams, name: FilterName, value: string): URLSearchParams {
  const next = new URLSearchParams(params);
  if (value === "") next.delete(name);
  else next.set(name, value);
  return next;
}

export function withoutFilters(params: URLSearchParams): URLSearchParams {
  return FILTERS.reduce((next, name) => withFilter(next, name, ""), params);
}

export function queryOf({ q, ...rest }: HistoryFilter): IntentFilter {
  return q === undefined ? rest : { ...rest, q: q.trim() };
}

type Shown = Pick<IntentRecord, "text" | "status" | "action" | "sites">;

/** As the server sees it, for what live events changed since it was asked. */
export function matches(record: Shown, { q, status, action, site }: HistoryFilter): boolean {
  if (status !== undefined && record.status !== status) return false;
  if (action !== undefined && record.action !== action) return false;
  if (site !== undefined && !record.sites.includes(site)) return false;
  return q === undefined || record.text.toLowerCase().includes(q.trim().toLowerCase());
}

export interface Loaded {
  oldest: string | null; // the last id of the pages that were loaded; "" is older than any, null is none
  complete: boolean; // nothing is older
}

/**
 * The ids of the history, newest first: of what the page knows, that which the filter lets through, down to where the server was asked.
 * Below that there may be gaps, so what is known from there by chance is not shown.
 */
export function historyIds({ ids, rows }: Table<IntentEntry>, filter: HistoryFilter, { oldest, complete }: Loaded): readonly string[] {
  const all = Object.keys(filter).length === 0;
  if (all && complete) return ids;
  const shown: string[] = [];
  for (let place = 0; place < ids.length; place += 1) {
    const id = ids[place];
    const record = rows[place]?.record;
    if (id === undefined || record === undefined || (!complete && (oldest === null || id < oldest))) break;
    if (all || matches(record, filter)) shown.push(id);
  }
  return shown;
}

/** How many of the ids are newer than the one that was on top when somebody scrolled down. */
export function newerThan(ids: readonly string[], top: string | null): number {
  if (top === null) return 0;
  const place = ids.findIndex((id) => id <= top);
  return place === -1 ? ids.length : place;
}
